"""Loading a site: a right file gives the typed site, a wrong one all of its mistakes at once."""

from __future__ import annotations

import pytest

from controlroom.site.load import DEEPEST_NESTING, LARGEST_FILE_BYTES, MOST_OF_A_KIND, MOST_RULES, load_site
from controlroom.site.mistakes import MOST_MISTAKES, Mistake
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.service import AllOf, AnyOf, AtLeast
from tests.controlroom.site.declared import (
    ENDPOINT,
    ROOM,
    TYPES,
    DeviceParameters,
    EchoParameters,
    codes_of,
    mistakes_of,
)


def test_a_small_site_gets_its_defaults_from_the_probe_type() -> None:
    """Name, period and timeout of a probe come from its type where the file is silent."""
    site = load_site(ROOM, "room.toml", TYPES)
    endpoint = site.endpoints[0]
    probe = endpoint.probes[0]
    assert (site.name, site.time_zone, endpoint.kind) == ("Room", "UTC", EndpointKind.RADIO_GATEWAY)
    assert (probe.name, probe.period_s, probe.timeout_s, probe.confirm_attempts) == ("icmp", 1, 1, None)
    assert probe.parameters == EchoParameters(payload_bytes=56)
    assert endpoint.criticality is Criticality.MEDIUM


def test_a_types_own_keys_stand_beside_the_common_ones() -> None:
    """Flat keys are divided between the probe and its type's parameters."""
    text = ROOM + 'name = "fast"\npayload_bytes = 100\nperiod_s = 0.5\n'
    probe = load_site(text, "room.toml", TYPES).endpoints[0].probes[0]
    assert probe.name == "fast"
    assert probe.parameters == EchoParameters(payload_bytes=100)


def test_a_default_timeout_is_never_longer_than_the_period() -> None:
    """A shorter period shortens the timeout that the file does not give."""
    probe = load_site(ROOM + "period_s = 0.5\n", "room.toml", TYPES).endpoints[0].probes[0]
    assert probe.timeout_s == 0.5


def test_each_probe_keeps_its_own_parameters() -> None:
    """Parameters reach the probe they stand at, in sites of several endpoints and types."""
    device = '[[endpoints.probes]]\ntype = "device"\nitems = [{ metric = "a_b", scale = 2 }]\n'
    second = ENDPOINT.replace("mast", "hill")
    text = ROOM + device + second + device + '[[endpoints.probes]]\ntype="icmp"\npayload_bytes=20\n'
    first, other = load_site(text, "room.toml", TYPES).endpoints
    assert [probe.type for probe in first.probes] == ["icmp", "device"]
    assert isinstance(first.probes[1].parameters, DeviceParameters)
    assert first.probes[1].parameters.items[0].scale == 2
    assert other.probes[1].parameters == EchoParameters(payload_bytes=20)


def test_needs_take_every_shape() -> None:
    """A need is a path's id, all, any, or at least k, nested."""
    service = """
[[services]]
id = "talk"
name = "Talk"
paths = [{ id = "a", endpoints = ["mast"] }, { id = "b", endpoints = ["mast"] }]
needs = { any = ["a", { all = ["a", "b"] }, { at_least = 1, of = ["a", "b"] }] }
"""
    needs = load_site(ROOM + service, "room.toml", TYPES).services[0].needs
    assert needs == AnyOf(any=("a", AllOf(all=("a", "b")), AtLeast(at_least=1, of=("a", "b"))))


def test_a_wrong_need_is_one_clear_mistake() -> None:
    """A need of no known shape is complained of once, and a wrong key in one with its neighbours."""
    service = '\n[[services]]\nid="s"\nname="S"\npaths=[{id="a",endpoints=["mast"]}]\n'
    (number,) = mistakes_of(ROOM + service + "needs = 3\n")
    assert (number.code, number.key_path) == ("wrong-type", "services[s].needs")
    (empty,) = mistakes_of(ROOM + service + "needs = { any = [{}] }\n")
    assert empty.key_path == "services[s].needs.any[#1]"
    (extra,) = mistakes_of(ROOM + service + 'needs = { at_least = 1, of = ["a"], off = [] }\n')
    assert (extra.code, extra.key_path, extra.nearest_key) == ("unknown-key", "services[s].needs.off", "of")
    (missing,) = mistakes_of(ROOM + service + "needs = { at_least = 1 }\n")
    assert (missing.code, missing.key_path) == ("missing-key", "services[s].needs.of")


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    """Types, keys, parameters and references of one file are judged together."""
    text = """nme = "Room"
name = "Room"
[own_connectivity]
anchors = ["most"]
[[endpoints]]
id = "mast"
name = 5
kind = "radio"
address = "192.0.2.1"
[[endpoints.probes]]
type = "icmp"
perod_s = 1
payload_bytes = 5
"""
    found = [(m.line, m.code, m.key_path, m.nearest_key) for m in mistakes_of(text)]
    assert found == [
        (1, "unknown-key", "nme", "name"),
        (4, "unknown-reference", "own_connectivity.anchors[#1]", "mast"),
        (7, "wrong-type", "endpoints[mast].name", None),
        (8, "not-allowed", "endpoints[mast].kind", "radio-gateway"),
        (12, "unknown-key", "endpoints[mast].probes[icmp].perod_s", "period_s"),
        (13, "out-of-range", "endpoints[mast].probes[icmp].payload_bytes", None),
    ]


def test_a_key_of_another_table_is_sent_home() -> None:
    """A key written below the wrong header names the header it belongs to."""
    (mistake,) = mistakes_of(ROOM + 'location = "Hill"\n')
    assert mistake.code == "unknown-key"
    assert "belongs to [[endpoints]]" in mistake.advice


def test_own_keys_of_a_type_are_refused_with_the_nearest() -> None:
    """Unknown keys deep in a type's parameters are refused with the known keys of that level."""
    text = ROOM + '[[endpoints.probes]]\ntype = "device"\nitems = [\n{ metric = "a_b",\n skale = 1 }]\n'
    (mistake,) = mistakes_of(text.replace(",\n skale", ", skale"))
    assert (mistake.key_path, mistake.nearest_key) == (
        "endpoints[mast].probes[device].items[#1].skale",
        "scale",
    )


def test_what_a_type_says_of_its_own_rules_stands_at_the_key() -> None:
    """A sentence that begins with a key is placed at that key, and several are kept apart."""
    found = mistakes_of(ROOM + '[[endpoints.probes]]\ntype = "device"\nuser = "u"\n')
    assert [(m.key_path, m.happened) for m in found] == [
        ("endpoints[mast].probes[device].secret", "a user needs one."),
        ("endpoints[mast].probes[device]", "these two come together."),
    ]


def test_a_literal_secret_is_refused_and_never_shown() -> None:
    """Neither the mistake nor the error nor its chain repeats what may be the secret."""
    text = ROOM + '[[endpoints.probes]]\ntype = "device"\nsecret = "hunter2"\nsecre = "hunter2"\n'
    found = mistakes_of(text)
    assert [mistake.code for mistake in found] == ["secret-literal", "unknown-key"]
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ('"1"', "wrong-type"),
        ("true", "wrong-type"),
        ("nan", "out-of-range"),
        ("inf", "out-of-range"),
        ("0.1", "out-of-range"),
        ("1e9", "out-of-range"),
        ("2024-01-01", "wrong-type"),
        ("[1]", "wrong-type"),
        ("9" * 400, "out-of-range"),
    ],
)
def test_a_period_is_a_finite_number_within_bounds(value: str, code: str) -> None:
    """Types are not stretched: text, truth values, dates and endless numbers are no periods."""
    (mistake,) = mistakes_of(ROOM + f"period_s = {value}\n")
    assert (mistake.code, mistake.key_path) == (code, "endpoints[mast].probes[icmp].period_s")


def test_a_single_bracket_is_recognised() -> None:
    """The commonest slip with lists of tables is answered with the right brackets."""
    (mistake,) = mistakes_of('name = "Room"\n[endpoints]\nid = "mast"\n')
    assert (mistake.line, mistake.key_path) == (2, "endpoints")
    assert "[[" in mistake.advice


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name = \n", 1),
        ('name = "x"\nname = "y"\n', 2),
        ('a = 1\n\nb = "', 3),
        ("a = 1\nb = 2020-13-01\n", 2),
    ],
)
def test_a_mistake_of_syntax_has_its_line(text: str, line: int) -> None:
    """What is no TOML is refused with the place that the parser names."""
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.line) == ("syntax", line)


def test_a_number_of_thousands_of_digits_is_named_with_its_line() -> None:
    """A number that Python itself refuses to read is a mistake like any other."""
    (mistake,) = mistakes_of('name = "x"\nformat = ' + "9" * 5000)
    assert (mistake.code, mistake.line) == ("syntax", 2)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#" * (LARGEST_FILE_BYTES + 1), "too-large"),
        ("#" + "é" * (LARGEST_FILE_BYTES // 2), "too-large"),
        ("a = " + "[" * 100_000 + "]" * 100_000, "too-deep"),
        ("a = " + "[" * 100 + "]" * 100, "too-deep"),
        ("a" + ".a" * 1_000_000 + " = 1", "too-deep"),
        ('"a"' + '."a"' * 500_000 + " = 1", "too-deep"),
        ("[[endpoints]]\n" * (MOST_OF_A_KIND + 1), "too-many"),
        ("[[alarm_rules]]\n" * (MOST_RULES + 1), "too-many"),
    ],
    ids=["bytes", "characters", "recursion", "nesting", "dots", "quoted dots", "endpoints", "rules"],
)
def test_excess_is_refused_alone(text: str, code: str) -> None:
    """What is too much to judge is one mistake, found quickly, and never a crash."""
    assert codes_of(text) == [code]


def test_needs_nested_to_the_limit_are_read_and_beyond_it_refused() -> None:
    """Deep needs load as far as they are allowed and are a mistake beyond."""
    service = '\n[[services]]\nid="s"\nname="S"\npaths=[{id="a",endpoints=["mast"]}]\nneeds = '
    levels = (DEEPEST_NESTING - 4) // 2
    load_site(ROOM + service + "{ any = [" * levels + '"a"' + "] }" * levels, "room.toml", TYPES)
    (mistake,) = mistakes_of(ROOM + service + "{ any = [" * 40 + '"a"' + "] }" * 40)
    assert mistake.code == "too-deep"


def test_mistakes_beyond_the_bound_are_counted() -> None:
    """A file of thousands of mistakes gives a readable list and the number of the rest."""
    found = mistakes_of('name = "Room"\n' + "\n".join(f"k{number} = 1" for number in range(2000)))
    assert len(found) == MOST_MISTAKES + 1
    assert f"{2000 - MOST_MISTAKES} more" in found[-1].happened


def test_a_byte_order_mark_is_passed_over() -> None:
    """Editors that begin a file with a mark do no harm."""
    assert load_site("\ufeff" + ROOM, "room.toml", TYPES).name == "Room"


def test_a_format_of_another_program_is_refused() -> None:
    """Only the format that this program knows is read."""
    assert codes_of("format = 2\n" + ROOM) == ["not-allowed"]


@pytest.mark.parametrize(
    "text", ["endpoints = 3", "endpoints = [3]", "services = [[], {}]", "own_connectivity = []"]
)
def test_wrong_shapes_are_mistakes_and_no_crash(text: str) -> None:
    """Values of any type in any place end in mistakes with a place."""
    for mistake in mistakes_of(f'name = "Room"\n{text}\n'):
        assert isinstance(mistake, Mistake)
        assert mistake.line == 2
