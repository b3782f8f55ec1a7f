"""Whose time it is: an endpoint's own, a shared risk's, or nobody's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.availability import Spent, TimeSpan
from controlroom.resilience.component_history import ComponentHistory, component_histories
from controlroom.site.view import SeenRiskGroup, SiteView
from tests.controlroom.report.memory_store import view

HOUR_S = 3600.0


def room(
    *names: str, groups: dict[str, tuple[str, ...]] | None = None, **behind: tuple[str, ...]
) -> SiteView:
    """A site of these endpoints; ``behind`` says what some of them stand behind."""
    plain = view(*names)
    endpoints = tuple(each.model_copy(update={"behind": behind.get(each.id, ())}) for each in plain.endpoints)
    listed = tuple(
        SeenRiskGroup(id=name, name=name, members=members) for name, members in (groups or {}).items()
    )
    return plain.model_copy(update={"endpoints": endpoints, "risk_groups": listed})


def spans(told: str) -> list[TimeSpan]:
    """An hour a letter: u up, g degraded, d down, b blind, ? unknown, m maintenance, a blank no span."""
    letters = {
        "u": Spent.UP,
        "g": Spent.DEGRADED,
        "d": Spent.DOWN,
        "b": Spent.BLIND,
        "?": Spent.UNKNOWN,
        "m": Spent.MAINTENANCE,
    }
    return [
        TimeSpan(letters[letter], place * HOUR_S, (place + 1) * HOUR_S)
        for place, letter in enumerate(told)
        if letter != " "
    ]


def test_an_endpoint_by_itself_has_all_its_measured_time() -> None:
    """Blind, unknown and maintenance are neither watched nor failed, and end no outage."""
    found = component_histories(room("a"), {"a": spans("uudbdugd?u m")})
    assert found["a"] == ComponentHistory("a", 5 * HOUR_S, 3 * HOUR_S, failures=2, repairs=2)


def test_what_was_down_from_the_first_was_not_seen_to_fail() -> None:
    """Its repair was seen; what is down at the end was seen to fail and not to be repaired."""
    found = component_histories(room("a"), {"a": spans("duud")})
    assert found["a"] == ComponentHistory("a", 2 * HOUR_S, 2 * HOUR_S, failures=1, repairs=1)


def test_while_all_of_a_group_are_down_the_time_is_the_groups() -> None:
    """One of its members went first: that hour is its own; so is what it failed by itself later."""
    told = component_histories(
        room("a", "b", groups={"duct": ("a", "b")}), {"a": spans("uddudu"), "b": spans("uuduuu")}
    )
    assert told["group:duct"] == ComponentHistory("group:duct", 5 * HOUR_S, HOUR_S, 1, 1)
    assert told["a"] == ComponentHistory("a", 3 * HOUR_S, 2 * HOUR_S, failures=2, repairs=2)
    assert told["b"] == ComponentHistory("b", 5 * HOUR_S, 0.0)


def test_a_single_watched_member_says_nothing_of_its_group() -> None:
    """The other is blind: the failure is taken for its own, and the group was not watched."""
    told = component_histories(
        room("a", "b", groups={"duct": ("a", "b")}), {"a": spans("udu"), "b": spans("ubu")}
    )
    assert told["a"].failures == 1
    assert told["group:duct"] == ComponentHistory("group:duct", 2 * HOUR_S)


def test_the_largest_group_that_is_lost_has_the_time_and_smaller_ones_have_none() -> None:
    """A carrier within a duct: while a third member of the duct is down as well it is the duct."""
    both = room("a", "b", "c", groups={"carrier": ("a", "b"), "duct": ("a", "b", "c")})
    told = component_histories(both, {"a": spans("uddu"), "b": spans("uddu"), "c": spans("uduu")})
    assert (told["group:duct"].down_s, told["group:carrier"].down_s) == (HOUR_S, HOUR_S)
    assert [told[name].down_s for name in "abc"] == [0.0, 0.0, 0.0]
    assert told["group:carrier"].up_s == 2 * HOUR_S


def test_groups_that_overlap_are_each_charged_with_what_only_they_explain() -> None:
    """Four are down: the first three are the larger group's, the fourth is the other's."""
    both = room("a", "b", "c", "d", groups={"big": ("a", "b", "c"), "small": ("c", "d")})
    told = component_histories(both, {name: spans("udu") for name in "abcd"})
    assert told["group:big"].down_s == HOUR_S
    assert told["group:small"].down_s == HOUR_S
    assert told["d"].down_s == 0.0


def test_behind_what_is_down_an_endpoints_time_is_nobodys() -> None:
    """However it reads meanwhile; also behind what stands behind it."""
    told = component_histories(
        room("router", "switch", "mast", switch=("router",), mast=("switch",)),
        {"router": spans("uddu"), "switch": spans("u?du"), "mast": spans("uudu")},
    )
    assert told["router"].down_s == 2 * HOUR_S
    assert told["switch"] == ComponentHistory("switch", 2 * HOUR_S)
    assert told["mast"] == ComponentHistory("mast", 2 * HOUR_S)


def test_behind_two_uplinks_one_is_enough() -> None:
    """Only while both are down is its time nobody's."""
    told = component_histories(
        room("one", "two", "mast", mast=("one | two",)),
        {"one": spans("uddu"), "two": spans("uudu"), "mast": spans("uddu")},
    )
    assert told["mast"] == ComponentHistory("mast", 2 * HOUR_S, HOUR_S, failures=1, repairs=1)


def test_members_behind_a_router_of_their_group_leave_it_the_only_one_watched() -> None:
    """Its own failure explains all of it, so the group has none."""
    told = component_histories(
        room("router", "a", "b", groups={"site": ("router", "a", "b")}, a=("router",), b=("router",)),
        {"router": spans("udu"), "a": spans("udu"), "b": spans("udu")},
    )
    assert (told["router"].failures, told["group:site"].failures) == (1, 0)


def test_what_was_never_watched_is_there_and_empty() -> None:
    """Nobody is left out silently."""
    told = component_histories(room("a", "b", groups={"duct": ("a", "b")}), {})
    assert set(told) == {"a", "b", "group:duct"}
    assert all(each.watched_s == 0 for each in told.values())


GROUPS = {"one": ("a", "b"), "two": ("b", "c", "d"), "all": ("a", "b", "c", "d", "e")}
BEHIND = {"c": ("a",), "d": ("a | b",), "e": ("d",)}


def charged_by_hand(letters: dict[str, str]) -> dict[str, str]:
    """Whose one hour is, by the rules as they are written: a letter a component, a blank for nobody's."""

    def down(name: str) -> bool:
        return letters[name] == "d" or blocked(name)

    def blocked(name: str) -> bool:
        return any(all(map(down, entry.split(" | "))) for entry in BEHIND.get(name, ()))

    seen = {name: " " if blocked(name) or letter in "b?" else letter for name, letter in letters.items()}
    watched = {
        group: [seen[each] for each in members if seen[each] != " "] for group, members in GROUPS.items()
    }
    lost = [group for group, told in watched.items() if len(told) > 1 and set(told) == {"d"}]
    best = {
        name: max(
            (group for group in lost if name in GROUPS[group]),
            key=lambda group: (len(watched[group]), len(GROUPS[group]), -list(GROUPS).index(group)),
            default="",
        )
        for name in letters
        if seen[name] == "d"
    }
    told = {name: " " if best.get(name) else letter for name, letter in seen.items()}
    for group, members in watched.items():
        works = "u" if "u" in members else "d" if group in best.values() else " "
        told[f"group:{group}"] = works if len(members) > 1 else " "
    return told


@given(st.lists(st.lists(st.sampled_from("uud?b"), min_size=5, max_size=5), min_size=1, max_size=6))
def test_changes_one_by_one_tell_the_same_as_looking_at_each_hour(hours: list[list[str]]) -> None:
    """Whatever overlaps: only what changes is looked at, and nothing is missed."""
    letters = [dict(zip("abcde", hour, strict=True)) for hour in hours]
    told = component_histories(
        room(*"abcde", groups=GROUPS, **BEHIND),
        {name: spans("".join(hour[name] for hour in letters)) for name in "abcde"},
    )
    by_hand = [charged_by_hand(hour) for hour in letters]
    for name, found in told.items():
        assert found.up_s == HOUR_S * sum(hour[name] == "u" for hour in by_hand)
        assert found.down_s == HOUR_S * sum(hour[name] == "d" for hour in by_hand)
