"""Devices asked by hand through the program itself, over UDP: what they are, all they tell, walks."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from controlroom.site.load import load_site
from probes.registry import PROBE_TYPES
from tests.end_to_end.room import MAIN
from tests.lab.snmp_agent import COMMUNITY, Arcs, RecordedAgent, serving
from tests.lab.snmp_recording import COUNTER32, IDENTIFIER, INTEGER, OCTETS, TICKS, Recorded

INTERFACES = "1.3.6.1.2.1.2.2.1"


def interface(number: int, name: bytes, state: int) -> list[Recorded]:
    """One interface of a made-up switch."""
    return [
        Recorded(f"{INTERFACES}.2.{number}", OCTETS, name),
        Recorded(f"{INTERFACES}.3.{number}", INTEGER, 6),
        Recorded(f"{INTERFACES}.7.{number}", INTEGER, 1),
        Recorded(f"{INTERFACES}.8.{number}", INTEGER, state),
        Recorded(f"{INTERFACES}.10.{number}", COUNTER32, 1000 * number),
        Recorded(f"{INTERFACES}.16.{number}", COUNTER32, 2000 * number),
    ]


NAMELESS = [
    Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"Switch \x1b[2J of the lab"),
    Recorded("1.3.6.1.2.1.1.2.0", IDENTIFIER, "1.3.6.1.4.1.99999.1"),
    Recorded("1.3.6.1.2.1.1.3.0", TICKS, 360_000),
    Recorded("1.3.6.1.2.1.1.5.0", OCTETS, b"switch-4"),
]
SWITCH = [
    *NAMELESS,
    Recorded("1.3.6.1.2.1.2.1.0", INTEGER, 2),
    *interface(1, b"wan", 1),
    *interface(2, b"lan \xc3\xa4", 2),
]


class Slow(RecordedAgent):
    """Takes its time over each message."""

    def _answer(self, datagram: bytes) -> bytes | None:
        time.sleep(0.1)
        return super()._answer(datagram)


class Circling(RecordedAgent):
    """Comes back to its second object after its last."""

    def _next(self, oid: Arcs) -> tuple[Arcs, Recorded | None]:
        found, each = super()._next(oid)
        return (found, each) if each is not None else (self._order[1], self._objects[self._order[1]])


class FallingSilent(RecordedAgent):
    """Answers one message, and then none."""

    def _answer(self, datagram: bytes) -> bytes | None:
        return super()._answer(datagram) if self.asked < 1 else None


@contextmanager
def at_work(kind: type[RecordedAgent], objects: Sequence[Recorded]) -> Iterator[RecordedAgent]:
    """An agent of a kind."""
    agent = kind(objects)
    agent.start()
    try:
        yield agent
    finally:
        agent.stop()


@pytest.fixture
def community(tmp_path: Path) -> str:
    """A reference to the agents' community."""
    return secret(tmp_path, COMMUNITY)


def secret(folder: Path, word: str) -> str:
    """Keep a secret in a file and return the reference."""
    file = folder / f"secret-{word}"
    file.touch(0o600)
    file.write_text(word)
    return f"file:{file}"


def program(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    command = [*MAIN, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_identify_says_all_and_what_to_write(community: str) -> None:
    """The device's own words escaped, each value under its row, and a table that a site takes as it is."""
    with serving(SWITCH) as agent:
        done = program("snmp", "identify", "127.0.0.1", "--port", agent.port, "--community", community)
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout
    assert "\x1b" not in said
    assert "Switch \\x1b[2J of the lab" in said
    assert "Network interfaces (if-mib)" in said
    assert "\ninterface/wan\n" in said
    assert "\ninterface/lan ä\n" in said
    assert "WARNING" not in said
    table = said[said.index("[[endpoints.probes]]") :]
    endpoint = (
        '[[endpoints]]\nid = "switch"\nname = "Switch"\nkind = "infrastructure"\naddress = "127.0.0.1"\n'
    )
    site = load_site(f'format = 1\nname = "Room"\n{endpoint}{table}', "site.toml", PROBE_TYPES)
    (probe,) = site.endpoints[0].probes
    assert (probe.type, probe.parameters.model_dump()["template"]) == ("snmp", "if-mib")
    assert tomllib.loads(table)["endpoints"]["probes"][0]["rows"] == ["interface/wan"]
    assert "add them only if they matter: interface/lan ä." in said
    assert "1. Where a link is down that should be up" in said


def test_identify_says_what_to_do_where_no_template_fits(community: str) -> None:
    """General ones are offered, and what it tells can be looked at."""
    with serving(NAMELESS) as agent:
        done = program("snmp", "identify", "127.0.0.1", "--port", agent.port, "--community", community)
        chosen = program(
            *("snmp", "identify", "127.0.0.1", "--port", agent.port, "--community", community),
            *("--template", "custom-oid"),
        )
    assert done.returncode == 1
    assert "No template fits" in done.stdout
    assert "--template if-mib              Network interfaces" in done.stdout
    assert "--template custom-oid" in done.stdout
    assert "controlroom snmp walk" in done.stdout
    assert "[[endpoints.probes]]" not in done.stdout
    assert chosen.returncode == 0
    assert "does not fit what the device says of itself" in chosen.stdout
    assert 'template = "custom-oid"' in chosen.stdout


def test_identify_says_what_silence_may_mean(tmp_path: Path) -> None:
    """A wrong community looks like nobody there; one that everybody knows is warned of, and never shown."""
    reference = secret(tmp_path, "public")
    with serving(SWITCH) as agent:
        done = program(
            *("snmp", "identify", "127.0.0.1", "--port", agent.port, "--timeout", 0.2),
            *("--community", reference, "--version", 1),
        )
    assert done.returncode == 1
    assert "127.0.0.1 gave no answer." in done.stdout
    assert "An agent does not answer strangers" in done.stdout
    assert "WARNING: The community is one that devices are delivered with" in done.stdout
    assert "WARNING: SNMP version 1 is asked" in done.stdout


def test_probe_warns_of_a_community_that_everybody_knows(tmp_path: Path) -> None:
    """Whatever is read; and says what silence may mean, which for version 3 is another privacy password."""
    reference = secret(tmp_path, "public")
    asked = ("probe", "snmp", "127.0.0.1")
    sealed = ("--version", 3, "--user", "u", "--auth-protocol", "SHA1", "--privacy-protocol", "AES256")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        plain = program(*asked, "--port", port, "--community", reference)
        long = secret(tmp_path, "public-public")
        third = program(*asked, "--port", port, *sealed, "--auth", long, "--privacy", long)
    assert plain.returncode == third.returncode == 1
    assert "WARNING: The community is one that devices are delivered with" in plain.stdout
    assert "look at community, version and port" in plain.stdout
    assert "no reply, no reply in time" in third.stdout
    assert "look at the privacy password" in third.stdout
    assert "WARNING" not in third.stdout


def test_probe_finds_the_template_and_tells_all_rows(community: str) -> None:
    """Every value with all of it; rows that are named are told alone, and one that is not there is told."""
    asked = ("probe", "snmp", "127.0.0.1", "--community", community, "--template", "auto")
    with serving(SWITCH) as agent:
        whole = program(*asked, "--port", agent.port, "--json")
        named = program(*asked, "--port", agent.port, "--rows", "interface/wan", "interface/none")
    assert whole.returncode == 0
    found = json.loads(whole.stdout)
    assert (found["outcome"], found["chosen"]["id"]) == ("replied", "if-mib")
    assert found["rows"] == ["interface/wan", "interface/lan ä"]
    states = {
        each["row"]: each for each in found["values"] if each["source"].startswith("1.3.6.1.2.1.2.2.1.8.")
    }
    assert {row: each["number"] for row, each in states.items()} == {"interface/wan": 1, "interface/lan ä": 2}
    down = states["interface/lan ä"]
    assert down["severity"] == "fault"
    assert (down["meaning"], down["raw"], down["lack"]) == ("down", "2", "")
    assert named.returncode == 1
    assert "interface/wan" in named.stdout
    assert "interface/lan" not in named.stdout
    assert "Not there: interface/none." in named.stdout


def test_rows_without_a_template_are_refused(community: str) -> None:
    """A mistake in what was typed is exit 2, and nobody is asked."""
    done = program("probe", "snmp", "127.0.0.1", "--community", community, "--rows", "interface/wan")
    assert done.returncode == 2
    assert "rows: belong to a template" in done.stderr


def test_walk_shows_objects_and_ends_where_it_is_told_to(community: str) -> None:
    """In numbers, a line each, escaped; one object alone too; at most so many, and then says so."""
    asked = ("snmp", "walk", "127.0.0.1", "--community", community)
    with serving(SWITCH) as agent:
        whole = program(*asked[:3], "1.3.6.1.2.1.1", *asked[3:], "--port", agent.port)
        one = program(*asked, "--port", agent.port, ".1.3.6.1.2.1.1.5.0")
        some = program(*asked, "--most", 3, "--port", agent.port)
        as_json = program(*asked, "--json", "--port", agent.port)
    assert whole.returncode == 0
    assert whole.stdout.splitlines()[1:] == [
        ".1.3.6.1.2.1.1.2.0 = 1.3.6.1.4.1.99999.1",
        ".1.3.6.1.2.1.1.3.0 = 360000",
        '.1.3.6.1.2.1.1.5.0 = "switch-4"',
    ]
    assert "\x1b" not in whole.stdout
    assert whole.stderr == "4 objects.\n"
    assert one.stdout == '.1.3.6.1.2.1.1.5.0 = "switch-4"\n'
    assert (some.returncode, len(some.stdout.splitlines())) == (0, 3)
    assert "it may have more" in some.stderr
    found = json.loads(as_json.stdout)
    assert (found["ended"], len(found["objects"])) == ("whole", len(SWITCH))


def test_walk_warns_of_how_it_asks_as_the_others_do(tmp_path: Path) -> None:
    """Beside the objects, which stay alone; in JSON as well."""
    asked = ("snmp", "walk", "127.0.0.1", "--community", secret(tmp_path, "public"), "--timeout", 0.2)
    with serving(SWITCH) as agent:
        done = program(*asked, "--version", 1, "--port", agent.port)
        as_json = program(*asked, "--json", "--port", agent.port)
    assert "WARNING: The community is one that devices are delivered with" in done.stderr
    assert "WARNING: SNMP version 1 is asked" in done.stderr
    assert "WARNING: SNMP version 1 is asked" not in as_json.stderr
    assert "WARNING: The community" in as_json.stderr
    assert "WARNING" not in done.stdout + as_json.stdout


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Circling, "do not grow"), (FallingSilent, "127.0.0.1 stopped answering midway, after 25 objects")],
)
def test_a_walk_that_cannot_end_is_broken_off(kind: type[RecordedAgent], words: str, community: str) -> None:
    """What came is shown, why there is no more is said, and it is exit 1."""
    many = [Recorded(f"1.3.6.1.4.1.99999.5.{number}", INTEGER, number) for number in range(60)]
    with at_work(kind, many) as agent:
        done = program(
            *("snmp", "walk", "127.0.0.1", "--community", community, "--port", agent.port),
            *("--timeout", 0.2),
        )
    assert done.returncode == 1
    assert ".1.3.6.1.4.1.99999.5.0 = 0\n" in done.stdout
    assert words in done.stderr


def test_a_walk_ends_by_hand_in_good_order(community: str) -> None:
    """What came stands there in whole lines, and no traceback below."""
    many = [Recorded(f"1.3.6.1.4.1.99999.5.{number}", INTEGER, number) for number in range(5000)]
    with at_work(Slow, many) as agent:
        command = [*MAIN, "snmp", "walk", "127.0.0.1", "--community", community, "--port", str(agent.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as walk:
            assert walk.stdout is not None
            assert walk.stderr is not None
            first = walk.stdout.readline()
            walk.send_signal(signal.SIGINT)
            out, err = walk.stdout.read(), walk.stderr.read()
    assert first == ".1.3.6.1.4.1.99999.5.0 = 0\n"
    assert walk.returncode == 1
    assert err.startswith("Ended by hand after ")
    assert "Traceback" not in err
    assert out.endswith("\n")
