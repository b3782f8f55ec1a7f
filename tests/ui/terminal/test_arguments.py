"""Arguments are read as a person would mean them, and mistakes are told in a sentence with exit 2."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

import pytest
from pydantic import ValidationError

from probes.dns.parameters import Comparison, RecordType
from probes.icmp.parameters import IcmpParameters
from probes.registry import PROBE_TYPES
from probes.snmp.client import AuthProtocol, PrivacyProtocol
from probes.udp_echo.parameters import UdpEchoParameters
from ui.terminal.arguments import parse
from ui.terminal.icmp_arguments import ICMP_KEYS, PAYLOAD_BYTES
from ui.terminal.probe_arguments import probe_parameters
from ui.terminal.service_arguments import COMPARISONS, RECORD_TYPES
from ui.terminal.snmp_arguments import AUTH_PROTOCOLS, PRIVACY_PROTOCOLS, ObjectArgument

COMMANDS = [
    "engine",
    "check",
    "probe",
    "trace",
    "status",
    "watch",
    "poll",
    "export",
    "stop",
    "store",
    "backtest",
]
STORE = ["store check", "store backup", "store compact", "store stats"]


def test_no_command_is_the_desk() -> None:
    """Nothing else is needed to begin."""
    chosen = parse([])
    assert (chosen.command, chosen.data, chosen.site, chosen.theme) == (None, None, None, None)
    assert parse(["--theme", "light"]).theme == "light"


@pytest.mark.parametrize("command", ["engine", "status", "watch", "poll", "stop"])
def test_the_data_folder_may_stand_before_or_after(command: str) -> None:
    """Both orders mean the same; the later one wins."""
    assert parse(["--data", "/d", command]) == parse([command, "--data", "/d"])
    assert parse(["--data", "/a", command, "--data", "/b"]).data == Path("/b")


def test_the_site_may_stand_before_or_after() -> None:
    """For the commands that start an engine."""
    for command in ("engine", "poll"):
        assert parse(["--site", "s.toml", command]) == parse([command, "--site", "s.toml"])


def test_every_command_of_the_program_is_there() -> None:
    """With what it needs."""
    assert parse(["engine", "--for", "2.5"]).for_s == 2.5
    assert parse(["check", "room.toml"]).file == Path("room.toml")
    assert parse(["status", "--json"]).json
    assert parse(["trace", "192.0.2.1", "--probes", "10"]).probes == 10
    assert parse(["watch", "--worst-first", "--every", "10"]).every_s == 10
    assert parse(["poll"]).for_s is None
    assert parse(["backtest", "--csv", "l.csv", "--json"]).csv == Path("l.csv")
    assert parse(["backtest", "--set", "period_s=2", "--set", "a=b"]).settings == ["period_s=2", "a=b"]
    assert parse(["backtest", "--endpoint", "a", "--endpoint", "b"]).endpoints == ["a", "b"]
    assert parse(["alarm", "health", "--days", "7", "--positions", "2"]).positions == 2
    assert parse(["stop"]).command == "stop"
    assert parse(["store", "check", "--json"]).json
    assert parse(["store", "backup", "--output", "b"]).output == Path("b")
    assert parse(["store", "compact"]).part == "compact"
    assert parse(["store", "stats", "--site", "s.toml"]).site == Path("s.toml")


@pytest.mark.parametrize("part", ["check", "compact", "stats"])
def test_the_data_folder_may_stand_anywhere_beside_the_store(part: str) -> None:
    """Before the command, before its part, or behind."""
    wanted = parse(["store", part, "--data", "/d"])
    assert parse(["--data", "/d", "store", part]) == parse(["store", "--data", "/d", part]) == wanted


def test_probe_icmp() -> None:
    """Count, timeout and payload have units and bounds."""
    chosen = parse(
        ["probe", "icmp", "127.0.0.1", "--count", "5", "--timeout", "0.5", "--payload-bytes", "64"]
    )
    assert (chosen.probe_type, chosen.target) == ("icmp", "127.0.0.1")
    assert (chosen.count, chosen.timeout_s, chosen.payload_bytes, chosen.json) == (5, 0.5, 64, False)


def test_everything_that_can_be_set_for_a_ping_is_an_option() -> None:
    """By the same name, with nothing left out; what was not given stays the probe type's own."""
    assert set(ICMP_KEYS) == set(IcmpParameters.model_fields)
    typed = (
        "probe icmp 10.0.0.1 --payload-bytes 1472 --dont-fragment --dscp EF --ttl 9 --ip-version ipv4"
        " --source-address 10.0.0.2 --interface eth0 --burst-count 5"
    )
    given = probe_parameters(parse(typed.split()))
    assert set(given) == set(ICMP_KEYS)
    assert IcmpParameters.model_validate(given).dscp_number == 46
    assert probe_parameters(parse(["probe", "icmp", "10.0.0.1"])) == {}


def test_probe_snmp() -> None:
    """Objects are pairs of OID and metric; secrets are references."""
    typed = (
        "probe snmp ::1 --version 3 --user watch --auth-protocol SHA256 --auth file:a"
        " --privacy-protocol AES128 --privacy file:b --port 1161"
        " --object .1.3.6.1.2.1.1.3.0=uptime_ticks --object 1.3.6.1=load_ratio"
    )
    chosen = parse(typed.split())
    assert (chosen.snmp_version, chosen.user, chosen.auth, chosen.port) == ("3", "watch", "file:a", 1161)
    assert chosen.objects == [
        ObjectArgument("1.3.6.1.2.1.1.3.0", "uptime_ticks"),
        ObjectArgument("1.3.6.1", "load_ratio"),
    ]


def test_probe_tcp() -> None:
    """What was not given is left to the probe's own defaults."""
    typed = "probe tcp cad.example --port 443 --tls --no-verify --minimum-tls 1.3"
    chosen = parse(typed.split())
    assert (chosen.probe_type, chosen.target) == ("tcp", "cad.example")
    assert probe_parameters(chosen) == {
        "port": 443,
        "tls": True,
        "verify_certificate": False,
        "minimum_tls": "1.3",
    }


def test_probe_http() -> None:
    """Texts and statuses may be repeated; the secret is a reference."""
    typed = (
        "probe http cad.example --plain --status 200 --status 401 --contains ready --redirects 1"
        " --authorization file:token --path /health"
    )
    chosen = parse(typed.split())
    assert chosen.probe_type == "http"
    assert probe_parameters(chosen) == {
        "tls": False,
        "path": "/health",
        "expected_status": ["200", "401"],
        "body_contains": ["ready"],
        "redirects": 1,
        "authorization": "file:token",
    }


@pytest.mark.parametrize(
    ("typed", "parameters"),
    [
        (
            "dns ::1 example.org --record-type MX --expected a --expected b --comparison among"
            " --require-dnssec --transport tcp --port 54",
            {
                "query_name": "example.org",
                "record_type": "MX",
                "expected": ["a", "b"],
                "comparison": "among",
                "require_dnssec": True,
                "transport": "tcp",
                "port": 54,
            },
        ),
        ("dns ::1 example.org", {"query_name": "example.org"}),
        ("ntp ::1 --port 124", {"port": 124}),
        (
            "sip ::1 --transport tls --user 112 --domain a --from-user b --from-domain c --accept 2xx"
            " --server-name d --any-certificate",
            {
                "transport": "tls",
                "user": "112",
                "domain": "a",
                "from_user": "b",
                "from_domain": "c",
                "accepted_statuses": ["2xx"],
                "server_name": "d",
                "verify_certificate": False,
            },
        ),
        (
            "udp-echo ::1 --mode stamp --packets 5 --payload-bytes 64 --dscp EF",
            {"mode": "stamp", "packets": 5, "payload_bytes": 64, "dscp": "EF"},
        ),
    ],
)
def test_probes_of_services(typed: str, parameters: dict[str, object]) -> None:
    """What was typed are parameters, and what was not is left to the type."""
    chosen = parse(["probe", *typed.split(), "--count", "2", "--timeout", "3"])
    assert probe_parameters(chosen) == parameters
    assert (chosen.target, chosen.count, chosen.timeout_s) == ("::1", 2, 3.0)


def test_choices_and_bounds_of_services_are_the_types_own() -> None:
    """What is refused here is what the probe would refuse."""
    assert set(RECORD_TYPES) == {kind.value for kind in RecordType}
    assert set(COMPARISONS) == {comparison.value for comparison in Comparison}
    for key, bounds in (("packets", (1, 50)), ("payload_bytes", (44, 1400)), ("dscp", (0, 63))):
        for value in bounds:
            UdpEchoParameters.model_validate({key: value})
        for value in (bounds[0] - 1, bounds[1] + 1):
            with pytest.raises(ValidationError):
                UdpEchoParameters.model_validate({key: value})


def test_probe_host_needs_no_target() -> None:
    """It measures the machine it runs on."""
    assert parse(["probe", "host", "--json"]).probe_type == "host"


def test_export_times_are_read_at_once() -> None:
    """A time that cannot be read is found before anything is opened."""
    chosen = parse(
        ["export", "samples", "--since", "2h", "--series", "a/*", "--series", "b", "--format", "json"]
    )
    assert chosen.since.back_s == 7200
    assert (chosen.series, chosen.format, chosen.output) == (["a/*", "b"], "json", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "samples", "--since", "yesterday"], "“yesterday” is no time that can be read"),
        (["export", "everything"], "invalid choice"),
        (["engine", "--for", "0"], "no number of seconds above 0"),
        (["engine", "--for", "nan"], "no number of seconds above 0"),
        (["engine", "--for", "inf"], "no number of seconds above 0"),
        (["probe", "icmp", "127.0.0.1", "--count", "0"], "no whole number from 1 to 1000"),
        (["probe", "icmp", "a b"], "neither a host name nor an address"),
        (["probe", "snmp", "127.0.0.1", "--object", "1.3.6"], "OID=METRIC"),
        (["probe", "snmp", "127.0.0.1", "--object", "1.3.6=Load"], "OID=METRIC"),
        (["probe", "snmp", "127.0.0.1", "--port", "65536"], "no whole number from 1 to 65535"),
        (["probe", "icmp", "127.0.0.1", "--payload-bytes", "15"], "no whole number from 16 to 8972"),
        (["probe", "icmp", "127.0.0.1", "--timeout", "61"], "above 0 and up to 60"),
        (["probe", "snmp", "127.0.0.1", "--auth-protocol", "SHA"], "invalid choice: 'SHA'"),
        (["probe"], "required"),
        (["store"], "required"),
        (["store", "backup"], "required"),
        (["store", "check", "--output", "b"], "unrecognized"),
        (["chekc"], "invalid choice"),
        (["status", "--dat", "/d"], "unrecognized arguments"),
        (["probe", "icmp", "\x1b[2J"], "neither a host name nor an address"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_2(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No usage dump, no traceback, nothing that steers the screen; where help is stands beside."""
    with pytest.raises(SystemExit) as caught:
        parse(arguments)
    error = capsys.readouterr().err
    assert caught.value.code == 2
    assert said in error
    assert "--help" in error
    assert "\x1b" not in error
    assert len(error.splitlines()) == 2


PROBES = [f"probe {name}" for name in PROBE_TYPES if name != "simulated"]


@pytest.mark.parametrize("command", ["", *COMMANDS, *STORE, *PROBES])
def test_help_has_examples_and_exit_codes(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself, and fits a terminal of 80 columns."""
    with pytest.raises(SystemExit) as caught:
        parse([*command.split(), "--help"])
    text = capsys.readouterr().out
    assert caught.value.code == 0
    assert "examples:" in text
    assert "exit codes: 0" in text
    examples = text.index("examples:")
    assert max(len(line) for line in text[:examples].splitlines()) <= 80


def test_the_help_of_the_log_tells_how_to_recompute_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Who has the export and the help needs nothing else."""
    with pytest.raises(SystemExit):
        parse(["export", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    for word in ("previous_hash", "64 zeros", "at_us", "sorted keys", "SHA-256"):
        assert word in text


def test_the_bounds_are_the_probe_types_own() -> None:
    """What is refused here is what the probe would refuse, and nothing else."""
    least, most = PAYLOAD_BYTES
    for size in (least, most):
        IcmpParameters(payload_bytes=size)
    for size in (least - 1, most + 1):
        with pytest.raises(ValidationError):
            IcmpParameters(payload_bytes=size)
    assert set(AUTH_PROTOCOLS) == {protocol.value for protocol in AuthProtocol}
    assert set(PRIVACY_PROTOCOLS) == {protocol.value for protocol in PrivacyProtocol}


@pytest.mark.parametrize("command", ["", *COMMANDS, *STORE, *PROBES])
def test_every_example_of_the_help_can_be_typed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its words are taken, and those of a probe make parameters that the probe type takes."""
    with pytest.raises(SystemExit):
        parse([*command.split(), "--help"])
    text = capsys.readouterr().out
    examples = text[text.index("examples:") : text.index("exit codes:")].replace("\\\n", " ")
    lines = [line.split("|")[0] for line in examples.splitlines() if line.startswith("  controlroom")]
    assert lines
    for line in lines:
        chosen = parse(shlex.split(line)[1:])
        if chosen.command == "probe":
            PROBE_TYPES[chosen.probe_type].parameters.model_validate(probe_parameters(chosen))


def test_the_help_of_the_export_names_both_time_zones(capsys: pytest.CaptureFixture[str]) -> None:
    """What is written is UTC; what is typed without an offset is the site's."""
    with pytest.raises(SystemExit):
        parse(["export", "--help"])
    text = " ".join(capsys.readouterr().out.split())
    assert "UTC with their offset" in text
    assert "without an offset is in the site's time zone" in text


def test_the_namespace_is_argparses_own() -> None:
    """So that main.py needs no type of ours."""
    assert isinstance(parse([]), argparse.Namespace)


def test_what_is_walked_may_stand_behind_the_options() -> None:
    """Where people type it, whatever Python's parser thinks of that; a second one is refused."""
    asked = "snmp walk 192.0.2.1 --community file:a"
    assert parse(f"{asked} .1.3.6.1.2".split()).oid == "1.3.6.1.2"
    assert (
        parse(["snmp", "walk", "192.0.2.1", "1.3.6.1.4", "--community", "file:a", "--most", "5"]).oid
        == "1.3.6.1.4"
    )
    assert parse(asked.split()).oid == "1.3.6.1"
    for wrong in (f"{asked} 1.3.6.1.2 1.3.6.1.4", f"{asked} north"):
        with pytest.raises(SystemExit):
            parse(wrong.split())
