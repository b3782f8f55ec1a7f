"""Cross checks of a site: ids, references, addresses, risk groups, anchors and needs."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import ENGINE
from controlroom.site.crosscheck import RESERVED_ENDPOINT_IDS
from controlroom.site.load import load_site
from tests.controlroom.site.declared import ENDPOINT, ROOM, TYPES, codes_of, mistakes_of

PROBE = '[[endpoints.probes]]\ntype = "icmp"\n'
SERVICE = """
[[services]]
id = "talk"
name = "Talk"
paths = [{ id = "a", endpoints = ["mast"] }, { id = "b", endpoints = ["mast"] }]
"""


@pytest.mark.parametrize(
    ("addition", "key_path"),
    [
        (ENDPOINT + PROBE, "endpoints[mast].id"),
        ('[[risk_groups]]\nid="r"\nname="R"\n' * 2, "risk_groups[r].id"),
        (SERVICE + 'needs = "a"\n' + SERVICE + 'needs = "b"\n', "services[talk].id"),
        (SERVICE.replace('"b"', '"a"') + 'needs = "a"\n', "services[talk].paths[a].id"),
    ],
    ids=["endpoint", "risk group", "service", "path"],
)
def test_an_id_stands_once_among_its_kind(addition: str, key_path: str) -> None:
    """The second of two equal ids is a mistake in the second's line."""
    text = ROOM + addition
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.key_path) == ("duplicate-id", key_path)
    assert mistake.line > len(ROOM.splitlines())


@pytest.mark.parametrize(
    ("text", "key_path", "nearest"),
    [
        (ROOM + '[own_connectivity]\nanchors = ["mats"]', "own_connectivity.anchors[#1]", "mast"),
        (
            ROOM.replace("[[endpoints.probes]]", 'risk_groups = ["x"]\n[[endpoints.probes]]'),
            "endpoints[mast].risk_groups[#1]",
            None,
        ),
        (
            ROOM + '[[risk_groups]]\nid="duct"\nname="D"\nmember_of=["duck"]',
            "risk_groups[duct].member_of[#1]",
            "duct",
        ),
        (
            ROOM + SERVICE.replace('["mast"] }]', '["masts"] }]') + 'needs="a"',
            "services[talk].paths[b].endpoints[#1]",
            "mast",
        ),
        (
            ROOM + SERVICE + 'needs = { any = ["a", { all = ["c"] }] }',
            "services[talk].needs.any[#2].all[#1]",
            None,
        ),
    ],
)
def test_a_reference_to_nothing_is_refused_with_the_nearest(
    text: str, key_path: str, nearest: str | None
) -> None:
    """Anchors, risk groups, paths' endpoints and needs name what is there."""
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.key_path, mistake.nearest_key) == ("unknown-reference", key_path, nearest)


def test_nothing_is_named_twice_in_one_list() -> None:
    """A path named twice would count twice, an anchor named twice would not be independent."""
    text = ROOM + '[own_connectivity]\nanchors = ["mast", "mast"]\n' + SERVICE
    text += 'needs = { at_least = 2, of = ["a", "a"] }\n'
    found = [(m.code, m.key_path) for m in mistakes_of(text)]
    assert found == [
        ("duplicate-reference", "own_connectivity.anchors[#2]"),
        ("duplicate-reference", "services[talk].needs.of[#2]"),
    ]


def test_more_needed_than_listed_is_refused() -> None:
    """A service that could never be had is a mistake, however deep."""
    (mistake,) = mistakes_of(ROOM + SERVICE + 'needs = { all = [{ at_least = 3, of = ["a", "b"] }] }\n')
    assert (mistake.code, mistake.key_path) == ("impossible-need", "services[talk].needs.all[#1].at_least")


def test_risk_groups_do_not_contain_themselves() -> None:
    """Every ring is named once; what is no ring passes."""
    group = '[[risk_groups]]\nid = "{}"\nname = "G"\nmember_of = ["{}"]\n'
    rings = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "d"), ("e", "a")]
    found = mistakes_of(ROOM + "".join(group.format(*ring) for ring in rings))
    assert [mistake.code for mistake in found] == ["cycle", "cycle"]
    assert "(d)" in found[1].happened


def test_diamonds_of_risk_groups_are_no_rings() -> None:
    """A group may be reached in two ways."""
    text = ROOM
    for name, parents in (("a", ["b", "c"]), ("b", ["d"]), ("c", ["d"]), ("d", [])):
        text += f'[[risk_groups]]\nid = "{name}"\nname = "G"\nmember_of = {parents}\n'
    assert len(load_site(text, "room.toml", TYPES).risk_groups) == 4


def test_an_endpoint_needs_a_probe() -> None:
    """An endpoint of which nothing would ever be known is a mistake at the endpoint."""
    (mistake,) = mistakes_of('name = "Room"\n' + ENDPOINT)
    assert (mistake.code, mistake.key_path, mistake.line) == ("no-probes", "endpoints[mast]", 3)


def test_the_name_of_the_monitoring_is_reserved() -> None:
    """No endpoint takes the name under which alarms about the engine stand."""
    assert frozenset({ENGINE}) == RESERVED_ENDPOINT_IDS
    assert codes_of(ROOM.replace('id = "mast"', 'id = "engine"')) == ["reserved-id"]


def test_an_anchor_is_measured_by_something_that_reaches_it() -> None:
    """A probe of the very machine proves no connection."""
    text = ROOM.replace('"icmp"', '"host"') + '[own_connectivity]\nanchors = ["mast"]\n'
    assert codes_of(text) == ["bad-anchor"]


@pytest.mark.parametrize(
    ("zone", "nearest"),
    [
        ("Europe/Lodnon", "Europe/London"),
        ("europe/london", "Europe/London"),
        ("../etc/passwd", None),
        ("", None),
    ],
)
def test_a_time_zone_is_one_of_the_database(zone: str, nearest: str | None) -> None:
    """An unknown zone is refused with the nearest name."""
    (mistake,) = mistakes_of(f'time_zone = "{zone}"\n' + ROOM)
    assert (mistake.code, mistake.nearest_key) == ("unknown-time-zone", nearest)


def test_a_known_time_zone_is_taken() -> None:
    """A zone of the database passes."""
    assert load_site('time_zone = "Europe/Dublin"\n' + ROOM, "room.toml", TYPES).time_zone == "Europe/Dublin"


def test_a_bad_address_is_named_at_its_key() -> None:
    """The address's own fault becomes a mistake."""
    (mistake,) = mistakes_of(ROOM.replace("192.0.2.1", "https://mast.example/"))
    assert (mistake.code, mistake.key_path) == ("bad-address", "endpoints[mast].address")


@pytest.mark.parametrize("alone", ["ie", "bpl"])
def test_a_codecs_own_values_are_given_together(alone: str) -> None:
    """In the whole site and at an endpoint; each is named where it stands."""
    voice = f"[voice]\n{alone} = 9\n"
    own = ENDPOINT.replace('"mast"', '"other"') + f"voice = {{ {alone} = 9 }}\n" + PROBE
    for text, key_path in ((ROOM + voice, f"voice.{alone}"), (ROOM + own, f"endpoints[other].voice.{alone}")):
        (mistake,) = mistakes_of(text)
        assert (mistake.code, mistake.key_path) == ("bad-voice", key_path)
    load_site(ROOM + "[voice]\nie = 9\nbpl = 9\n", "room.toml", TYPES)
