"""The composition root: reads the arguments, builds the parts, starts them, stops them in reverse.

Each command builds only what it needs, and imports it only then: the engine never loads Qt, the desk
never loads a probe library, and ``--help`` loads neither.

- no command: the site file is written if there is none; an engine is started if none runs; the desk
  opens, or the terminal view where there is no display.
- ``engine``: site, store (which takes the lock), engine; ended by a signal, an act or the time.
- the others read the store, or ask once, and print.

An interrupt (Ctrl-C) ends the process at once and without a word, except where a command heeds it. So
only what costs nothing is imported here: while the rest is, nobody could catch an exception.
"""

from __future__ import annotations

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import os
import sys
import time
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ui.terminal.exit_codes import BAD_INPUT, FOUND_TROUBLE
from ui.terminal.interrupts import heed_interrupts, let_interrupts_end_us

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from controlroom.engine.asked_site import AskedSite
    from controlroom.engine.process import EngineProcess
    from controlroom.engine.site_source import SiteSource
    from controlroom.finding import Finding
    from controlroom.site.profile import Profiles
    from controlroom.store.folder import DataFolder
    from controlroom.store.interface import ReadStore
    from ui.desk.parts import DeskParts
    from ui.desk.site_editor.means import SiteEditing
    from ui.terminal.acting import Acting
    from ui.terminal.asking import AskingByHand

_ROOT_NOTICE = "Running as root. The desk needs no such rights: start it from an ordinary account."
_DESK_SETTINGS = "desk.ini"
_PROGRAM = (sys.executable, str(Path(__file__).resolve()))


def command_line(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0, 1 (found trouble) or 2 (bad input)."""
    let_interrupts_end_us()
    from ui.terminal.command_line import run_command

    return run_command(arguments, _COMMANDS)


def _profiles() -> Profiles:
    import resources
    from controlroom.engine.profile_files import read_profiles

    return read_profiles(resources.path("profiles"))


def _folder(chosen: argparse.Namespace, *, to_read: bool = False) -> DataFolder:
    from ui.terminal.data_folder import folder_of, folder_to_read

    return folder_to_read(chosen) if to_read else folder_of(chosen)


def _opened(folder: DataFolder, *, filled: bool = False) -> closing[ReadStore]:
    """Open a folder's store to be read and closed; ``filled`` refuses one on which no engine has run yet."""
    from controlroom.store.sqlite import open_read_store
    from ui.terminal.data_folder import refuse_empty

    if filled:
        refuse_empty(folder)
    return closing(open_read_store(folder))


def _site_source(chosen: argparse.Namespace, folder: DataFolder) -> SiteSource:
    """Return where the site is taken from; the file in the data folder is written when it is missing."""
    from controlroom.engine.site_source import SiteSource
    from probes.machine import machine_facts
    from probes.registry import PROBE_TYPES

    named = None if chosen.site is None else Path(chosen.site)
    source = SiteSource(folder, named, PROBE_TYPES, _profiles())
    if source.write_starter(machine_facts):
        sys.stderr.write(f"A starter site of this very machine was written to {source.path}.\n")
    return source


def _engine_process(chosen: argparse.Namespace, folder: DataFolder) -> EngineProcess:
    from controlroom.engine.process import EngineProcess

    site = _site_source(chosen, folder).path.resolve()
    return EngineProcess(folder, [*_PROGRAM, "engine", "--site", str(site), "--data", str(folder.path)])


def _desk(chosen: argparse.Namespace) -> int:
    if not _has_window():
        return _poll(chosen)
    from controlroom.engine.lent_secrets import LentSecrets
    from ui.desk.application import run_desk
    from ui.desk.ending import Ending

    with Ending() as ending:
        folder = _folder(chosen)
        folder.prepare()
        if lent := LentSecrets(folder.path).wipe_left_over().words():
            sys.stderr.write(f"{lent}\n")
        return run_desk(_desk_parts(chosen, folder, _engine_process(chosen, folder)), ending)


def _has_window() -> bool:
    """Whether a desk can be opened; why not is said."""
    from controlroom.engine.account import is_root, raised_to_root
    from ui.terminal.display import why_no_window

    raised = is_root() and raised_to_root(os.environ)
    sys.stderr.write(why_not := why_no_window(os.environ, sys.platform, raised_to_root=raised))
    return not why_not


def _demo(chosen: argparse.Namespace) -> int:
    """Run the simulated room through the same engine and desk; its engine ends with the desk."""
    import platformdirs

    import resources
    from controlroom.engine.demo_folder import prepare_demo
    from probes.registry import PROBE_TYPES
    from ui.desk.ending import Ending

    folder, real = _folder(chosen), platformdirs.user_data_path("controlroom", appauthor=False)
    prepare_demo(
        folder, real, resources.path("demo/site.toml"), PROBE_TYPES, fresh=chosen.fresh, profiles=_profiles()
    )
    chosen.data, chosen.site = folder.path, folder.site_file
    engine = _engine_process(chosen, folder)
    with Ending() as ending:
        try:
            if _has_window():
                from ui.desk.application import run_desk

                return run_desk(_desk_parts(chosen, folder, engine), ending)
            ending.interrupt()
            return _show_live(folder, engine, chosen)
        except KeyboardInterrupt:
            return 0
        finally:
            engine.end()
            sys.stderr.write("The demonstration has ended.\n")


def _desk_parts(chosen: argparse.Namespace, folder: DataFolder, engine: EngineProcess) -> DeskParts:
    import uuid

    from controlroom.engine.account import is_root, operator_name
    from controlroom.engine.roster_file import RosterFile
    from controlroom.report.whole_log import write_whole_log
    from controlroom.site.simulation import is_simulated
    from controlroom.store.inbox import DeskInbox
    from controlroom.store.sqlite import open_read_store
    from probes.registry import PROBE_TYPES
    from ui.desk.parts import DeskParts
    from ui.desk.sound.system import system_sound

    source = _site_source(chosen, folder)
    simulated = is_simulated(source.read().site, PROBE_TYPES)
    return DeskParts(
        open_store=lambda: open_read_store(folder),
        open_inbox=lambda: DeskInbox(folder, f"desk-{uuid.uuid4().hex}"),
        engine=engine,
        export_log=lambda path: write_whole_log(lambda: open_read_store(folder), path, time.time()),
        operator=operator_name(),
        utc_s=time.time,
        monotonic_s=time.monotonic,
        settings_file=folder.path / _DESK_SETTINGS,
        theme=chosen.theme,
        site_editing=_site_editing(source.path.absolute(), folder, simulated),
        roster=RosterFile(folder.path),
        sound=system_sound(folder.path),
        notice=_ROOT_NOTICE if is_root() else "",
        asks_before_closing=chosen.command != "demo",
        offers_tour=True,
    )


def _site_editing(site: Path, folder: DataFolder, simulated: bool) -> SiteEditing:
    from controlroom.engine.site_keeper import FileSiteKeeper
    from controlroom.engine.trial import TrialProcess
    from controlroom.site.form import metrics_of, site_form
    from controlroom.site.simulation import types_of_kind
    from probes.registry import PROBE_TYPES
    from ui.desk.site_editor.means import SiteEditing

    profiles = _profiles()
    return SiteEditing(
        keeper=FileSiteKeeper(site, folder.path, PROBE_TYPES, time.time, profiles),
        form=site_form(types_of_kind(PROBE_TYPES, simulated=simulated), profiles),
        trials=TrialProcess([*_PROGRAM, "trial", "--data", str(folder.path)]),
        metrics_of=partial(metrics_of, PROBE_TYPES),
    )


def _engine(chosen: argparse.Namespace) -> int:
    import logging

    from controlroom import __version__
    from controlroom.engine.foreground import log_to_stderr, run_engine, system_clocks
    from controlroom.engine.lent_secrets import LentSecrets
    from controlroom.engine.parts import EngineParts
    from controlroom.engine.secrets import SecretResolver
    from controlroom.store.sqlite import open_engine_store
    from probes.machine import own_addresses, ways_out
    from probes.name_life import time_to_live
    from probes.registry import PROBE_TYPES
    from probes.trace import trace
    from ui.terminal.check import summary_of

    heed_interrupts()
    folder = _folder(chosen)
    folder.prepare()
    source = _site_source(chosen, folder)
    loaded = source.read()
    log_to_stderr(folder.log_file)
    log = logging.getLogger("controlroom")
    if lent := LentSecrets(folder.path).wipe_left_over().words():
        log.warning("%s", lent)
    parts = EngineParts(
        site=loaded.site,
        read_site=lambda: source.given(source.read()),
        site_digest=loaded.digest,
        probe_types=PROBE_TYPES,
        profiles=_profiles(),
        store=open_engine_store(folder),
        resolve_secret=SecretResolver(folder.path),
        data_folder=str(folder.path),
        own_addresses=own_addresses,
        ways_out=ways_out,
        clocks=system_clocks,
        version=__version__,
        tracer=trace,
        time_to_live=time_to_live,
    )
    source.given(loaded)
    log.info("watching %s, process %d", summary_of(loaded.site), os.getpid())
    if run_engine(parts, chosen.for_s):
        log.info("ended with everything committed; nothing is monitored now")
        return 0
    log.error("ended, and not everything could be committed; nothing is monitored now")
    return FOUND_TROUBLE


def _check(chosen: argparse.Namespace) -> int:
    from controlroom.doctor.asking import by_files
    from controlroom.engine.site_file import read_site
    from probes.registry import PROBE_TYPES
    from ui.terminal.check import run_check

    read = partial(read_site, probe_types=PROBE_TYPES, profiles=_profiles())
    # A site file mostly lies in its data folder, where relative paths of secrets start.
    doubts = partial(by_files, probe_types=PROBE_TYPES, base=chosen.file.absolute().parent)
    return run_check(chosen.file, lambda path: read(path).site, doubts, sys.stdout, sys.stderr)


def _status(chosen: argparse.Namespace) -> int:
    from ui.terminal.status import run_status

    with _opened(_folder(chosen, to_read=True)) as store:
        return run_status(store, utc_s=time.time(), json=chosen.json, out=sys.stdout)


def _export(chosen: argparse.Namespace) -> int:
    from ui.terminal.export import export_options, run_export

    heed_interrupts()
    with _opened(_folder(chosen, to_read=True), filled=True) as store:
        return run_export(store, **export_options(chosen), utc_s=time.time(), out=sys.stdout, err=sys.stderr)


def _backtest(chosen: argparse.Namespace) -> int:
    from controlroom.engine.backtest_settings import read_settings
    from controlroom.engine.backtests import Backtests, Tried
    from controlroom.engine.running_site import site_of
    from controlroom.engine.site_file import read_site
    from controlroom.store.sqlite import open_read_store
    from probes.registry import PROBE_TYPES
    from ui.terminal.backtest import BacktestMeans, refuse_contradiction, run_backtest
    from ui.terminal.data_folder import refuse_empty

    refuse_contradiction(chosen)
    heed_interrupts()
    settings = read_settings(chosen.settings)
    tried = Tried(settings, chosen.profile, chosen.endpoints, chosen.since, chosen.until)
    profiles = _profiles()
    backtests = Backtests(PROBE_TYPES, profiles, time.time())
    print_it = partial(run_backtest, as_json=chosen.json, out=sys.stdout, err=sys.stderr)
    if chosen.csv is not None:
        means = BacktestMeans(partial(backtests.of_csv, chosen.csv, tried), time.monotonic)
        return print_it(means, named=False)
    folder = _folder(chosen, to_read=True)
    refuse_empty(folder)
    site = read_site(chosen.site or site_of(folder), PROBE_TYPES, profiles).site
    with closing(open_read_store(folder, leave_no_trace=True)) as store:
        replay = partial(backtests.of_history, store, site, tried)
        return print_it(BacktestMeans(replay, time.monotonic, store.passed_over), named=True)


def _figures(chosen: argparse.Namespace) -> int:
    from ui.terminal.figures import run_figures

    with _opened(_folder(chosen, to_read=True), filled=True) as store:
        return run_figures(store, chosen, _profiles(), utc_s=time.time(), out=sys.stdout, err=sys.stderr)


def _resilience(chosen: argparse.Namespace) -> int:
    from ui.terminal.resilience import run_resilience

    with _asked_site(chosen) as (asked, store):
        return run_resilience(asked.view, store, chosen, utc_s=time.time(), out=sys.stdout, err=sys.stderr)


def _audit(chosen: argparse.Namespace) -> int:
    from controlroom.doctor.asking import by_files
    from controlroom.report.audit.audit import Asking
    from probes.registry import PROBE_TYPES
    from probes.snmp.in_clear import asked_in_clear
    from ui.terminal.audit import run_audit

    with _asked_site(chosen) as (asked, store):
        asking = Asking([*by_files(asked.site, PROBE_TYPES, asked.base)], asked_in_clear(asked.site))
        return run_audit(asked.view, store, asking, chosen, utc_s=time.time(), out=sys.stdout, err=sys.stderr)


@contextmanager
def _asked_site(chosen: argparse.Namespace) -> Iterator[tuple[AskedSite, ReadStore | None]]:
    """Yield the site that was named, or a folder's own, and the folder's store where one was named."""
    from controlroom.engine.asked_site import asked_site
    from probes.registry import PROBE_TYPES

    folder = None if chosen.data is None else _folder(chosen, to_read=True)
    asked = asked_site(chosen.site, folder, PROBE_TYPES, _profiles())
    heed_interrupts()
    if folder is None:
        yield asked, None
        return
    with _opened(folder, filled=True) as store:
        yield asked, store


def _alarm(chosen: argparse.Namespace) -> int:
    from ui.terminal.alarm import run_alarm

    folder = _folder(chosen, to_read=True)
    with _opened(folder, filled=True) as store:
        return run_alarm(chosen, _acting(folder, store), sys.stdout)


def _watch(chosen: argparse.Namespace) -> int:
    return _show_live(_folder(chosen, to_read=True), None, chosen)


def _poll(chosen: argparse.Namespace) -> int:
    folder = _folder(chosen)
    folder.prepare()
    _site_source(chosen, folder).read()
    return _show_live(folder, _engine_process(chosen, folder), chosen)


def _show_live(folder: DataFolder, engine: EngineProcess | None, chosen: argparse.Namespace) -> int:
    from controlroom.store.sqlite import open_read_store
    from ui.terminal.clocks import Clocks
    from ui.terminal.watch import run_watch, watch_settings

    settings = watch_settings(chosen, ends_engine=chosen.command == "demo")
    clocks = Clocks(time.time, time.monotonic, time.sleep)
    heed_interrupts()
    return run_watch(
        lambda: open_read_store(folder), engine, settings=settings, clocks=clocks, out=sys.stdout
    )


def _probe(chosen: argparse.Namespace) -> int:
    from ui.terminal.probe import probe_by_hand

    return probe_by_hand(chosen, _asking(), sys.stdout, sys.stderr)


def _snmp(chosen: argparse.Namespace) -> int:
    import asyncio

    from controlroom.engine.ask_now import resolve
    from controlroom.engine.secrets import SecretResolver
    from probes.snmp.values import shown
    from probes.snmp.walk_now import walk_now
    from ui.terminal.asking import WalkingByHand
    from ui.terminal.snmp import snmp_by_hand

    secrets = SecretResolver(Path.cwd())
    walking = WalkingByHand(
        lambda how, target, *what: asyncio.run(walk_now(how, partial(resolve, target), secrets, *what)), shown
    )
    return snmp_by_hand(chosen, _asking(), walking, sys.stdout, sys.stderr)


def _asking() -> AskingByHand:
    from controlroom.engine.ask_now import read_parameters, refuse_bad_target
    from controlroom.engine.by_hand import ByHand
    from controlroom.engine.secrets import SecretResolver
    from probes.registry import PROBE_TYPES
    from ui.terminal.asking import AskingByHand

    by = ByHand(SecretResolver(Path.cwd()))
    return AskingByHand(PROBE_TYPES, read_parameters, refuse_bad_target, by.ask, by.identify, by.doubts)


def _trace(chosen: argparse.Namespace) -> int:
    import asyncio

    from controlroom.engine.trace_now import trace_now
    from probes.trace import trace
    from ui.terminal.trace import print_trace

    found = asyncio.run(trace_now(trace, chosen.target, chosen.hops, chosen.probes))
    return print_trace(chosen.target, found, as_json=chosen.json, out=sys.stdout)


def _doctor(chosen: argparse.Namespace) -> int:
    from controlroom.doctor.checks import DoctorParts, all_checks
    from controlroom.doctor.examine import examine
    from controlroom.store.sqlite import open_read_store
    from probes.registry import PROBE_TYPES
    from ui.terminal.doctor import run_doctor

    folder = _folder(chosen)
    parts = DoctorParts(
        folder=folder,
        site_file=chosen.site,
        probe_types=PROBE_TYPES,
        profiles=_profiles(),
        open_store=partial(open_read_store, leave_no_trace=True),
        check_sound=_examine_sound,
    )
    return run_doctor(lambda: examine(all_checks(parts), time.monotonic), as_json=chosen.json, out=sys.stdout)


def _examine_sound() -> Sequence[Finding]:
    import tempfile

    from controlroom.doctor.sound import check_sound
    from ui.desk.sound.examine import examine_sound
    from ui.desk.sound.system import system_sound

    with tempfile.TemporaryDirectory(prefix="controlroom-") as place:
        return examine_sound(system_sound(Path(place)), check_sound())


def _reload(chosen: argparse.Namespace) -> int:
    from ui.terminal.reload import run_reload

    folder = _folder(chosen, to_read=True)
    with _opened(folder) as store:
        return run_reload(_acting(folder, store), sys.stdout)


def _acting(folder: DataFolder, store: ReadStore) -> Acting:
    """Return how a command puts its acts before the engine: in an inbox of its own."""
    import uuid

    from controlroom.engine.account import operator_name
    from controlroom.engine.process import EngineProcess
    from controlroom.store.inbox import DeskInbox
    from ui.terminal.acting import Acting
    from ui.terminal.clocks import Clocks

    return Acting(
        store=store,
        open_inbox=lambda: DeskInbox(folder, f"terminal-{uuid.uuid4().hex}"),
        engine_pid=EngineProcess(folder, []).pid,
        operator=operator_name(),
        place=str(folder.path),
        clocks=Clocks(time.time, time.monotonic, time.sleep),
    )


def _maintenance(chosen: argparse.Namespace) -> int:
    from ui.terminal.maintenance import run_maintenance

    folder = _folder(chosen, to_read=True)
    with _opened(folder) as store:
        return run_maintenance(chosen, _acting(folder, store), sys.stdout)


def _screenshot(chosen: argparse.Namespace) -> int:
    import tempfile

    from controlroom.engine.account import operator_name
    from controlroom.engine.copied_folder import copy_for_looking
    from controlroom.engine.folder_kind import holds_simulated, site_kept
    from controlroom.engine.roster_file import RosterFile
    from controlroom.store.sqlite import open_read_store
    from ui.desk.parts import DeskParts
    from ui.desk.screenshot import run_screenshot, shot_of
    from ui.desk.sound.system import system_sound
    from ui.desk.still import NoEngine, NoInbox, no_export
    from ui.terminal.data_folder import refuse_nothing_to_show

    folder = _folder(chosen, to_read=True)
    refuse_nothing_to_show(folder)
    with tempfile.TemporaryDirectory(prefix="controlroom-") as place:
        kept = copy_for_looking(folder, Path(place))
        parts = DeskParts(
            open_store=partial(open_read_store, folder, leave_no_trace=True),
            open_inbox=NoInbox,
            engine=NoEngine(),
            export_log=no_export,
            operator=operator_name(),
            utc_s=time.time,
            monotonic_s=time.monotonic,
            settings_file=Path(place) / "desk.ini",
            theme=chosen.theme,
            site_editing=_site_editing(kept.site_file, kept, bool(holds_simulated(site_kept(folder)))),
            roster=RosterFile(kept.path),
            sound=system_sound(kept.path),
        )
        run_screenshot(parts, shot_of(chosen), sys.stderr)
    return 0


def _trial(chosen: argparse.Namespace) -> int:
    from controlroom.engine.secrets import SecretResolver
    from controlroom.engine.trial import serve_trial
    from probes.registry import PROBE_TYPES

    done = serve_trial(PROBE_TYPES, SecretResolver(_folder(chosen).path), sys.stdin, sys.stdout)
    return 0 if done else BAD_INPUT


def _stop(chosen: argparse.Namespace) -> int:
    from controlroom.engine.process import EngineProcess
    from ui.terminal.stop import say_stopped

    folder = _folder(chosen, to_read=True)
    process = EngineProcess(folder, [])
    if (pid := process.pid()) is None:
        sys.stdout.write(f"No engine runs on {folder.path}.\n")
        return 0
    return say_stopped(pid, process.stop(), sys.stdout)


def _store(chosen: argparse.Namespace) -> int:
    from controlroom.engine.folder_care import FolderCare
    from probes.registry import PROBE_TYPES
    from ui.terminal.store import StoreMeans, run_store

    folder = _folder(chosen, to_read=True)
    heed_interrupts()
    care = FolderCare(folder, (_DESK_SETTINGS,))
    means = StoreMeans(
        folder=folder,
        check=care.check,
        backup=care.backup,
        compact=care.compact,
        stats=care.stats,
        kept=lambda: care.kept(chosen.site, PROBE_TYPES, _profiles()),
        simulated=care.simulated,
        monotonic_s=time.monotonic,
    )
    return run_store(chosen, means, sys.stdout, sys.stderr)


_RUNNING = (_demo, _engine, _watch, _poll, _stop, _reload, _trial, _screenshot, _store)
_ASKING = (_check, _probe, _snmp, _trace, _doctor, _alarm, _maintenance)
_TELLING = (_status, _export, _backtest, _figures, _resilience, _audit)
_COMMANDS: Mapping[str | None, Callable[[argparse.Namespace], int]] = {
    None: _desk,
    **{each.__name__.removeprefix("_"): each for each in (*_RUNNING, *_ASKING, *_TELLING)},
}
"""Each is a function of its name."""


if __name__ == "__main__":
    sys.exit(command_line())
