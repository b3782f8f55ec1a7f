"""The arguments of the program: every command, its options, their help, and what is wrong with them.

It only reads what was typed. A mistake is one sentence on stderr and exit 2.
"""

from __future__ import annotations

import argparse
import math
import re
import textwrap
from collections.abc import Callable
from pathlib import Path

from controlroom import __version__
from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.report.export_table import ExportKind
from controlroom.report.range import TimePoint, time_point
from ui.terminal.alarm_arguments import AlarmArguments, add_alarm
from ui.terminal.backtest_arguments import BacktestArguments, add_backtest
from ui.terminal.connection_arguments import add_connections
from ui.terminal.figures_arguments import FiguresArguments, add_figures
from ui.terminal.icmp_arguments import add_icmp_options
from ui.terminal.maintenance_arguments import MaintenanceArguments, add_maintenance
from ui.terminal.parser import Commands, Parser
from ui.terminal.resilience_arguments import ResilienceArguments, add_resilience
from ui.terminal.service_arguments import AskingMeans, add_services
from ui.terminal.snmp_arguments import add_snmp, add_snmp_probe
from ui.terminal.store_arguments import Means, add_store

_EXIT_CODES = "exit codes: 0 all is well, 1 it ran and found trouble, 2 the input is wrong"
_LONGEST_S = 366 * 86400.0
_LONGEST_TIMEOUT_S = 60.0
_LONGEST_SETTLING_S = 60.0


def build_parser() -> Parser:
    """Build the parser of the whole program.

    ``command`` is ``None`` for the desk. ``data`` and ``site`` are ``Path | None`` and may stand
    before or after the command.
    """
    parser = Parser(
        prog="controlroom",
        description="Watches whether the control room can still reach its officers, callers and\n"
        "partners. Without a command it opens the desk, or the terminal view where there\nis no display.",
        epilog=f"examples:\n  controlroom\n  controlroom --site room.toml --theme light\n"
        f"  controlroom check room.toml\n  controlroom probe icmp 127.0.0.1\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"controlroom {__version__}")
    parser.add_argument(
        "--theme", choices=("dark", "light"), help="the desk's colours; default: as last chosen"
    )
    _add_data(parser, default=None)
    _add_site(parser, default=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    _add_demo(commands)
    _add_engine(commands)
    _add_check(commands)
    _add_probe(commands)
    add_snmp(commands, _asking_means())
    _add_trace(commands)
    _add_views(commands)
    _add_export(commands)
    _add_stop(commands)
    _add_doctor(commands)
    _add_reload(commands)
    _add_screenshot(commands)
    _add_trial(commands)
    add_backtest(commands, BacktestArguments(_command, _add_data, _add_site, _add_json, _path, _time))
    add_figures(commands, FiguresArguments(_command, _add_data, _add_json, _time))
    add_resilience(commands, ResilienceArguments(_command, _add_data, _add_site, _add_json, _path))
    add_alarm(commands, AlarmArguments(_command, _add_data, _add_json, _time, _whole))
    add_maintenance(commands, MaintenanceArguments(_command, _add_data, _add_json, _whole))
    add_store(commands, Means(_command, _add_data, _add_site, _add_json, _path))
    return parser


def _command(commands: Commands, name: str, summary: str, examples: str, more: str = "") -> Parser:
    return commands.add_parser(
        name,
        help=summary,
        description=textwrap.fill(f"{summary[0].upper()}{summary[1:]}. {more}", 79),
        epilog=f"examples:\n{examples}\n\n{_EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def _add_data(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=_path,
        default=default,
        help="the data folder; default: the platform's folder for this user's data",
    )


def _add_site(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--site",
        metavar="FILE.toml",
        type=_path,
        default=default,
        help="the site file; default: site.toml in the data folder, written on first start",
    )


def _add_engine(commands: Commands) -> None:
    engine = _command(
        commands,
        "engine",
        "run the engine alone: probe, judge, raise alarms, write",
        "  controlroom engine --site room.toml --data /srv/controlroom\n  controlroom engine --for 3600",
        "SIGINT, SIGTERM and `controlroom stop` end it with everything committed.",
    )
    _add_data(engine)
    _add_site(engine)
    _add_for(engine, "end by itself after so many seconds")


def _add_demo(commands: Commands) -> None:
    demo = _command(
        commands,
        "demo",
        "run a simulated control room: nothing in it is real, and all of it is marked SIMULATED",
        "  controlroom demo\n  controlroom demo --fresh --theme light",
        "A story of faults lasts 15 minutes and begins anew; it asks no network. Closing the desk ends it. "
        "It has a data folder of its own and leaves real ones alone.",
    )
    demo.add_argument(
        "--data",
        metavar="DIR",
        type=_path,
        default=argparse.SUPPRESS,
        help="its data folder; default: controlroom-demo beside the real one",
    )
    demo.add_argument(
        "--theme", choices=("dark", "light"), default=argparse.SUPPRESS, help="the desk's colours"
    )
    demo.add_argument(
        "--fresh", action="store_true", help="remove what an earlier demonstration left, and begin anew"
    )


def _add_check(commands: Commands) -> None:
    check = _command(
        commands,
        "check",
        "validate a site file: all mistakes at once, each with its place",
        "  controlroom check room.toml",
    )
    check.add_argument("file", metavar="FILE", type=_path, help="the site file (TOML)")


def _add_probe(commands: Commands) -> None:
    probe = _command(
        commands,
        "probe",
        "test now: ask once and show the raw answer, the outcome and the reason",
        "  controlroom probe icmp 127.0.0.1 --count 5\n"
        "  controlroom probe snmp 127.0.0.1 --community file:/etc/controlroom/community \\\n"
        "      --object 1.3.6.1.2.1.2.1.0=interfaces_count\n"
        "  controlroom probe tcp cad.example --port 443 --tls\n"
        "  controlroom probe http cad.example --path /health\n"
        "  controlroom probe dns 127.0.0.1 dispatch.example.org\n"
        "  controlroom probe host --json",
    )
    types = probe.add_subparsers(dest="probe_type", metavar="TYPE", title="types", required=True)
    _add_icmp(types)
    means = _asking_means()
    add_snmp_probe(types, means)
    add_connections(types, means)
    add_services(types, means)
    host = _command(types, "host", "measure this very machine", "  controlroom probe host --json")
    _add_json(host)


def _asking_means() -> AskingMeans:
    return AskingMeans(_command, _add_target, _add_count, _add_timeout, _add_json, _whole)


def _add_trace(commands: Commands) -> None:
    trace = _command(
        commands,
        "trace",
        "trace now: the routers on the way to a target, each with its loss and time",
        "  controlroom trace 192.0.2.1\n  controlroom trace www.example.org --probes 10 --json",
        "Many routers answer only a few packets a second: loss at one hop alone is no loss on the way.",
    )
    _add_target(trace)
    trace.add_argument(
        "--hops", type=_whole(1, 64), default=30, metavar="N", help="how far to look; default 30"
    )
    trace.add_argument(
        "--probes", type=_whole(1, 10), default=3, metavar="N", help="packets to each hop; default 3"
    )
    _add_json(trace)


def _add_icmp(types: Commands) -> None:
    icmp = _command(
        types,
        "icmp",
        "send echo requests",
        "  controlroom probe icmp 127.0.0.1 --count 5 --timeout 0.5\n"
        "  controlroom probe icmp 10.0.0.1 --dscp EF\n"
        "  controlroom probe icmp 10.0.0.1 --dont-fragment --payload-bytes 1472",
    )
    _add_target(icmp)
    _add_count(icmp, 3)
    _add_timeout(icmp, 1.0)
    add_icmp_options(icmp, _whole)
    _add_json(icmp)


def _add_views(commands: Commands) -> None:
    status = _command(
        commands,
        "status",
        "show every endpoint's condition, once",
        "  controlroom status --data /srv/controlroom\n  controlroom status --json",
        "Exit 1 when anything is not up, an alarm is active, or the engine is not running.",
    )
    _add_data(status)
    _add_json(status)
    watch = _command(
        commands,
        "watch",
        "show every endpoint's condition, live, in the terminal",
        "  controlroom watch --worst-first\n  controlroom watch --for 60 --every 10 | cat",
        "Leaving it with Ctrl-C stops nothing.",
    )
    poll = _command(
        commands,
        "poll",
        "start the engine where none runs, and watch it in the terminal",
        "  controlroom poll\n  controlroom poll --site room.toml",
    )
    _add_site(poll)
    for live in (watch, poll):
        _add_data(live)
        _add_for(live, "leave the view after so many seconds")
        live.add_argument(
            "--every",
            dest="every_s",
            metavar="SECONDS",
            type=_seconds,
            default=5.0,
            help="how often to print where the output is no terminal; default 5",
        )
        live.add_argument(
            "--worst-first", action="store_true", help="sort by trouble instead of keeping places"
        )


def _add_export(commands: Commands) -> None:
    export = _command(
        commands,
        "export",
        "write samples, events, alarms or the log as CSV or JSON",
        "  controlroom export alarms --since 7d --format csv --output alarms.csv\n"
        "  controlroom export samples --since 2026-03-29T00:00Z --series 'mast-north/*/rtt_s'\n"
        "  controlroom export log --format json --output log.json",
        "Samples are those of the last 24 hours unless --since is given. Times in the CSV and the JSON are "
        "UTC with their offset, whereas a --since or --until without an offset is in the site's time zone. "
        "The log is checked while it is "
        "exported; a break of its chain is named and gives exit 1. How to recompute the chain from the JSON: "
        "begin with the previous_hash of the first row (64 zeros at the start of the log); for each row take "
        "its number, at_us, kind, subject, operator and facts as JSON with sorted keys, no blanks and no "
        "escapes beyond the necessary, in UTF-8; hash is the SHA-256 of the previous hash followed by it, "
        "in hexadecimal.",
    )
    export.add_argument(
        "what", metavar="WHAT", choices=[kind.value for kind in ExportKind], help=_one_of_kinds()
    )
    _add_data(export)
    moment = (
        "ISO 8601 (site's time zone where no offset is given) or a span back from now such as 30m, 2h, 7d"
    )
    export.add_argument("--since", metavar="TIME", type=_time, help=f"from when: {moment}")
    export.add_argument(
        "--until", metavar="TIME", type=_time, help="until when, in the same forms; default: now"
    )
    export.add_argument(
        "--series",
        metavar="PATTERN",
        action="append",
        default=[],
        help="only these: ENDPOINT, ENDPOINT/PROBE or ENDPOINT/PROBE/METRIC; * and ? are wildcards; repeat",
    )
    export.add_argument("--format", choices=("csv", "json"), default="csv", help="default csv")
    export.add_argument(
        "--output", metavar="F", type=_path, help="the file to write; default: standard output"
    )


def _add_stop(commands: Commands) -> None:
    stop = _command(
        commands,
        "stop",
        "stop the engine of a data folder, with everything committed",
        "  controlroom stop --data /srv/controlroom",
        "Nothing is monitored until an engine is started again.",
    )
    _add_data(stop)


def _add_doctor(commands: Commands) -> None:
    doctor = _command(
        commands,
        "doctor",
        "look whether this machine can do what is wanted of it, and name the cure where it cannot",
        "  controlroom doctor\n  controlroom doctor --data /srv/controlroom --site room.toml\n"
        "  controlroom doctor --json",
        "It changes nothing, asks nobody on the network and takes at most three seconds. Exit 1 when "
        "anything is in trouble or cannot be told. Run it as the account that the engine runs as.",
    )
    _add_data(doctor)
    _add_site(doctor)
    _add_json(doctor)


def _add_reload(commands: Commands) -> None:
    reload = _command(
        commands,
        "reload",
        "have the running engine load its site file again",
        "  controlroom reload --data /srv/controlroom",
        "What did not change is measured on without a pause. A file with mistakes changes nothing.",
    )
    _add_data(reload)


def _add_screenshot(commands: Commands) -> None:
    shot = _command(
        commands,
        "screenshot",
        "write a picture of the desk, without a screen",
        "  controlroom screenshot desk --data /srv/controlroom --theme light --size 1280x720 --output d.png",
        "The desk is opened to be looked at only: no engine is started and nothing is written into the data "
        "folder. Where no engine runs the picture says that nothing is monitored.",
    )
    shot.add_argument(
        "view", metavar="VIEW", help="desk, form, sign-in, keys, …; any other word lists all views"
    )
    _add_data(shot)
    shot.add_argument("--theme", choices=("dark", "light"), default="dark", help="its colours; default dark")
    shot.add_argument(
        "--size", metavar="WxH", type=_size, default=(1920, 1080), help="pixels; default 1920x1080"
    )
    shot.add_argument("--output", metavar="F.png", type=_path, required=True, help="the file to write")
    shot.add_argument(
        "--select", metavar="ID", default="", help="the endpoint or service shown; default: the worst alarm's"
    )
    shot.add_argument(
        "--settle",
        dest="settle_s",
        metavar="SECONDS",
        type=_settling,
        default=1.0,
        help=f"how long to wait once everything is painted, up to {_LONGEST_SETTLING_S:g}; default 1",
    )


def _add_trial(commands: Commands) -> None:
    trial = _command(
        commands,
        "trial",
        "ask as a form's test does: the request comes in as JSON, each answer goes out as a line of JSON",
        '  echo \'{"probe_type": "icmp", "parameters": {}, "address": "127.0.0.1", "count": 3,'
        ' "timeout_s": 1}\' | controlroom trial',
        "Relative paths of secrets start at the data folder. Nothing is kept.",
    )
    _add_data(trial)


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target", metavar="TARGET", type=_target, help="a host name, or an IPv4 or IPv6 address"
    )


def _add_count(parser: argparse.ArgumentParser, default: int = 1) -> None:
    parser.add_argument(
        "--count",
        type=_whole(1, 1000),
        default=default,
        metavar="N",
        help=f"how many requests, one a second; default {default}",
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_timeout(parser: argparse.ArgumentParser, default_s: float) -> None:
    parser.add_argument(
        "--timeout",
        dest="timeout_s",
        metavar="SECONDS",
        type=_timeout,
        default=default_s,
        help=f"when a reply counts as lost, at most {_LONGEST_TIMEOUT_S:g}; default {default_s:g}",
    )


def _add_for(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--for", dest="for_s", metavar="SECONDS", type=_seconds, help=what)


def _one_of_kinds() -> str:
    return "one of " + ", ".join(kind.value for kind in ExportKind)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a path needs at least one character")
    return Path(text).expanduser()


def _target(text: str) -> str:
    if not 0 < len(text) <= 253 or text.startswith("-") or not text.isprintable() or " " in text:
        raise argparse.ArgumentTypeError(f"“{printable(text, 60)}” is neither a host name nor an address")
    return text


def _seconds(text: str) -> float:
    return _seconds_up_to(_LONGEST_S, "a year", text)


def _timeout(text: str) -> float:
    return _seconds_up_to(_LONGEST_TIMEOUT_S, f"{_LONGEST_TIMEOUT_S:g}", text)


def _seconds_up_to(longest_s: float, named: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= longest_s:
        raise argparse.ArgumentTypeError(
            f"“{printable(text, 60)}” is no number of seconds above 0 and up to {named}"
        )
    return seconds


def _settling(text: str) -> float:
    return 0.0 if text == "0" else _seconds_up_to(_LONGEST_SETTLING_S, f"{_LONGEST_SETTLING_S:g}", text)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([1-9][0-9]{1,3})x([1-9][0-9]{1,3})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"“{printable(text, 60)}” is no size in pixels such as 1920x1080")
    return int(match[1]), int(match[2])


def _whole(least: int, most: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(
                f"“{printable(text, 60)}” is no whole number from {least} to {most}"
            )
        return int(text)

    return whole


def _time(text: str) -> TimePoint:
    try:
        return time_point(text)
    except ControlroomError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Read the arguments given, or those of this process."""
    return build_parser().parse_args(arguments)
