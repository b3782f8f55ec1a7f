"""A site file changed by one endpoint: exactly that changes, and every other line stays as it was."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from controlroom.errors import ControlroomError
from controlroom.site.edit import endpoint_tables, put_endpoint, remove_endpoint, uses_of

ROOM = '''# The room of the north
name = "Room" # the room
[own_connectivity]
anchors = ["a", "b"] # two

# about a
[[endpoints]]
id = "a"   # keep
name = "A"
kind = "cloud"
address = "127.0.0.1"
# how a is asked
[[endpoints.probes]]
type = "icmp"
period_s = 1 # s
[[endpoints.probes.limits]]
metric = "rtt_s"
raise_above = 0.1
clear_below = 0.05

# about b
[[endpoints]]
id = "b"
name = "B"
kind = "cloud"
address = "::1"
what_to_do = """
1. Call.
2. Wait."""
probes = [{type="icmp"}]

# services follow
[[services]]
id = "s"
name = "Voice"
needs = "p"
paths = [{id="p", endpoints=["b"]}]
'''
INLINE = (
    'name = "Room" # inline\nendpoints = [\n  {id = "a", name = "A", probes = [{type = "icmp"}]}, # a\n]\n'
)
NEW: dict[str, Any] = {
    "id": "c",
    "name": "C",
    "kind": "cloud",
    "address": "::1",
    "probes": [{"type": "icmp"}],
}


def endpoint(text: str, place: int) -> dict[str, Any]:
    """A copy of an endpoint of a text, to be changed."""
    return copy.deepcopy(endpoint_tables(text)[place])


def changed_lines(before: str, after: str) -> tuple[set[str], set[str]]:
    """The lines that went and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return {line for line in old if line not in new}, {line for line in new if line not in old}


def test_a_changed_key_changes_its_line_alone() -> None:
    """Comments, order and the layout of all else stay, the comment behind the value too."""
    fresh = endpoint(ROOM, 0)
    fresh["name"] = "Mast"
    fresh["probes"][0]["period_s"] = 2
    gone, came = changed_lines(ROOM, put_endpoint(ROOM, fresh, in_place_of="a"))
    assert gone == {'name = "A"', "period_s = 1 # s"}
    assert came == {'name = "Mast"', "period_s = 2 # s"}


def test_nested_limits_are_changed_in_place() -> None:
    """A limit under its own header keeps its place and its other lines."""
    fresh = endpoint(ROOM, 0)
    fresh["probes"][0]["limits"][0]["raise_above"] = 0.2
    gone, came = changed_lines(ROOM, put_endpoint(ROOM, fresh, in_place_of="a"))
    assert (gone, came) == ({"raise_above = 0.1"}, {"raise_above = 0.2"})


def test_a_probe_is_added_and_taken_out_again() -> None:
    """Taking the added probe out gives the very text from before."""
    fresh = endpoint(ROOM, 0)
    fresh["probes"].append({"type": "host", "period_s": 5.0})
    more = put_endpoint(ROOM, fresh, in_place_of="a")
    assert endpoint_tables(more)[0]["probes"][1] == {"type": "host", "period_s": 5.0}
    assert put_endpoint(more, endpoint(ROOM, 0), in_place_of="a") == ROOM


def test_a_new_endpoint_comes_last_or_after_another_and_goes_again() -> None:
    """Added and removed, the file is as it was, byte for byte."""
    last = put_endpoint(ROOM, NEW)
    assert [each["id"] for each in endpoint_tables(last)] == ["a", "b", "c"]
    assert last.index('id = "c"') < last.index("# services follow")
    after = put_endpoint(ROOM, NEW, after="a")
    assert [each["id"] for each in endpoint_tables(after)] == ["a", "c", "b"]
    assert after.index('id = "c"') < after.index("# about b")
    assert remove_endpoint(after, "c") == ROOM


def test_a_new_name_follows_into_what_refers_to_it() -> None:
    """Anchors and service paths name the endpoint as it is called now."""
    fresh = endpoint(ROOM, 1)
    fresh["id"] = "bee"
    tables = tomllib.loads(put_endpoint(ROOM, fresh, in_place_of="b"))
    assert tables["own_connectivity"]["anchors"] == ["a", "bee"]
    assert tables["services"][0]["paths"][0]["endpoints"] == ["bee"]


def test_a_new_name_follows_into_what_stands_behind_it() -> None:
    """Of an entry with several only that name changes."""
    behind = put_endpoint(ROOM, {**endpoint(ROOM, 0), "behind": ["b", "x | b"]}, in_place_of="a")
    fresh = endpoint(behind, 1)
    fresh["id"] = "bee"
    tables = tomllib.loads(put_endpoint(behind, fresh, in_place_of="b"))
    assert tables["endpoints"][0]["behind"] == ["bee", "x | bee"]


def test_what_another_stands_behind_is_not_removed() -> None:
    """The refusal names who stands behind it."""
    behind = put_endpoint(ROOM, {**endpoint(ROOM, 1), "behind": ["a"]}, in_place_of="b")
    with pytest.raises(ControlroomError, match="stands behind it") as raised:
        remove_endpoint(behind, "a")
    assert raised.value.code == "endpoint-in-use"


def test_removing_takes_its_comment_and_its_anchor() -> None:
    """Nothing of it is left; the comments of others stay."""
    left = remove_endpoint(ROOM, "a")
    assert "about a" not in left
    assert "how a is asked" not in left
    assert "# about b" in left
    assert tomllib.loads(left)["own_connectivity"]["anchors"] == ["b"]


def test_what_a_service_needs_is_not_removed() -> None:
    """The refusal names the service and its path."""
    assert uses_of(ROOM, "b") == (
        "Service Voice, path p",
        "Anchors, which are asked first, to find out whether our own connection works",
    )
    with pytest.raises(ControlroomError, match="Voice") as raised:
        remove_endpoint(ROOM, "b")
    assert raised.value.code == "endpoint-in-use"


RULES = """
[[alarm_rules]]
id = "both"
endpoints = ["a", "x"] # a and x

[[alarm_rules]]
id = "one"
endpoints = ["x"]
"""


def test_a_new_name_follows_into_alarm_rules() -> None:
    """A rule stays for the same endpoint."""
    fresh = endpoint(ROOM, 0)
    fresh["id"] = "aye"
    tables = tomllib.loads(put_endpoint(ROOM + RULES, fresh, in_place_of="a"))
    assert [rule["endpoints"] for rule in tables["alarm_rules"]] == [["aye", "x"], ["x"]]


def test_an_endpoint_leaves_the_alarm_rules_of_others_and_stays_while_one_is_for_it_alone() -> None:
    """An empty list would make the rule one for all."""
    left = remove_endpoint(ROOM + RULES, "a")
    assert [rule["endpoints"] for rule in tomllib.loads(left)["alarm_rules"]] == [["x"], ["x"]]
    alone = ROOM + RULES.replace('"x"]\n', '"a"]\n')
    with pytest.raises(ControlroomError, match="Alarm rule one") as raised:
        remove_endpoint(alone, "a")
    assert raised.value.code == "endpoint-in-use"


@pytest.mark.parametrize("text", ["", 'name = "Room"', 'name = "Room"\n[own_connectivity]\nanchors = []\n'])
def test_the_first_endpoint_goes_into_any_file(text: str) -> None:
    """An empty file, one without a line end, one with tables."""
    assert endpoint_tables(put_endpoint(text, NEW)) == (NEW,)


def test_inline_tables_are_edited_too() -> None:
    """A file written as a list of inline tables keeps its comments."""
    fresh = endpoint(INLINE, 0)
    fresh["name"] = "Mast"
    done = put_endpoint(INLINE, fresh, in_place_of="a")
    assert endpoint_tables(done)[0]["name"] == "Mast"
    assert "# inline" in done
    assert "# a" in done
    assert [each["id"] for each in endpoint_tables(put_endpoint(INLINE, NEW))] == ["a", "c"]


def test_line_ends_stay_as_they_are() -> None:
    """A file of Windows' line ends has no other kind afterwards."""
    room = ROOM.replace("\n", "\r\n")
    fresh = endpoint(room, 0)
    fresh["location"] = "Hill"
    for done in (put_endpoint(room, fresh, in_place_of="a"), put_endpoint(room, NEW, after="a")):
        assert "\n" not in done.replace("\r\n", "")


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    """Somebody else took it out meanwhile."""
    with pytest.raises(ControlroomError) as raised:
        put_endpoint(ROOM, NEW, in_place_of="z")
    assert raised.value.code == "no-such-endpoint"


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30)
VALUES = (
    TEXTS | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda key: key not in ("id", "probes"))
INNER = st.dictionaries(KEYS, VALUES | st.lists(TEXTS, max_size=3), max_size=4)
PROBES = st.lists(INNER, min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    INNER,
    PROBES,
    st.sampled_from(["a", "b", None]),
    st.sampled_from([ROOM, INLINE, ROOM.replace("\n", "\r\n")]),
)
@example(own={}, probes=[{"a": "\n"}], target="a", text=ROOM)
@example(own={"a": "\n\nb\n"}, probes=[{}], target="b", text=ROOM)
def test_whatever_is_put_is_what_stands_there(
    own: dict[str, Any], probes: list[dict[str, Any]], target: str | None, text: str
) -> None:
    """Any plain values, in the place of any endpoint: they come back, and other lines are untouched."""
    ids = [each["id"] for each in endpoint_tables(text)]
    target = target if target in ids else None
    fresh = {"id": target or "c", **own, "probes": probes}
    done = put_endpoint(text, fresh, in_place_of=target)
    assert fresh in endpoint_tables(done)
    others = [each for each in endpoint_tables(text) if each["id"] != target]
    assert [each for each in endpoint_tables(done) if each["id"] != fresh["id"]] == others
    assert text.splitlines()[0] in done


def test_a_hostile_file_ends_in_an_error_not_in_a_changed_meaning() -> None:
    """A probe's header in the middle of a text is not taken for one."""
    tricky = ROOM.replace("1. Call.", "[[endpoints]]\n[[endpoints.probes]]\n# no header")
    fresh = endpoint(tricky, 1)
    fresh["name"] = "Bee"
    assert endpoint_tables(put_endpoint(tricky, fresh, in_place_of="b"))[1] == fresh


VOICE = """name = "Room"
[[endpoints]]
id = "a"
name = "A"
kind = "cloud"
address = "192.0.2.1"
[endpoints.voice]
codec = "other" # ours
ie = 3 # told by the maker
bpl = 4
[[endpoints.probes]]
type = "icmp"
"""


@pytest.mark.parametrize(
    "text", [VOICE, VOICE.replace("[[endpoints.probes]]\ntype", "[[endpoints.probes]]\n# p\ntype")]
)
def test_a_nested_table_is_changed_key_by_key(text: str) -> None:
    """The keys that stay keep their comments; a table can go, and come."""
    (endpoint,) = endpoint_tables(text)
    changed = put_endpoint(
        text, {**endpoint, "voice": {"codec": "other", "ie": 5, "bpl": 4}}, in_place_of="a"
    )
    assert 'codec = "other" # ours\n' in changed
    assert "ie = 5" in changed
    gone = put_endpoint(text, {key: one for key, one in endpoint.items() if key != "voice"}, in_place_of="a")
    assert "voice" not in gone
    back = put_endpoint(gone, endpoint, in_place_of="a")
    assert endpoint_tables(back) == (endpoint,)
    moved = put_endpoint(text, {**endpoint, "location": "Hill"}, in_place_of="a")
    assert "ie = 3 # told by the maker" in moved
    assert endpoint_tables(moved) == ({**endpoint, "location": "Hill"},)
