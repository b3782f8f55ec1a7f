"""When rows are sought, and what is said of those that are not found."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.client import RawValue
from probes.snmp.objects import Objects
from probes.snmp.plan import Row, RowState
from probes.snmp.row_search import FAILED_OFTEN, LOOK_AGAIN_S, SELDOM_S, SOON_S, RowSearch
from probes.snmp.template import Template

NAME, OTHER_NAME, LEVEL = (f"1.3.6.1.4.1.9.{arc}" for arc in (1, 2, 3))
A, B = Row("modem", "A"), Row("modem", "B")


def search(*rows: Row, **table: object) -> RowSearch:
    """The rows of a device with one table, whose rows ``NAME`` names unless told otherwise."""
    template = Template.model_validate(
        {
            "format": 1,
            "id": "kind",
            "title": "Kind",
            "maker": "Nobody",
            "source": "none",
            "tables": {"modem": {"title": "Modem", **(table or {"label": [NAME]})}},
            "values": [{"name": "level_dbm", "title": "Level", "table": "modem", "oid": [LEVEL]}],
        }
    )
    return RowSearch(template, rows)


def sought(rows: RowSearch, said: Mapping[str, RawValue], now_s: float = 0.0, *, whole: bool = True) -> None:
    """Seek once."""
    rows.begun()
    if whole:
        rows.walked(Objects(said), rows.columns_to_walk(now_s))
    rows.ended(now_s, whole=whole)


def test_what_is_not_found_is_sought_soon_and_then_ever_more_seldom() -> None:
    """From seconds to a minute; at once again where a row that was found is lost."""
    rows, now_s, pauses = search(A, B), 0.0, []
    said: dict[str, RawValue] = {f"{NAME}.1": b"A"}
    for _ in range(7):
        sought(rows, said, now_s)
        began_s = now_s
        while not rows.columns_to_walk(now_s):
            now_s += 1
        pauses.append(now_s - began_s)
    assert pauses == [SOON_S, 10, 20, 40, SELDOM_S, SELDOM_S, SELDOM_S]
    assert rows.lost({f"{NAME}.1": b"B"}, {}) == [A]
    assert rows.columns_to_walk(now_s) == [NAME]
    sought(rows, {f"{NAME}.1": b"B"}, now_s)
    assert rows.columns_to_walk(now_s + SOON_S)


def test_a_search_that_fails_says_nothing_and_in_the_end_that_it_fails() -> None:
    """Not of a device that answers nothing: that is no failure of the search, and it is sought again soon."""
    rows = search(A)
    for turn in range(10):
        sought(rows, {}, 100.0 * turn, whole=False)
        assert (rows.state_of(A), rows.is_seeking) == (None, True)
        assert rows.columns_to_walk(100.0 * turn + SOON_S)
    for turn in range(FAILED_OFTEN):
        assert rows.state_of(A) is None
        rows.begun()
        rows.lost({}, {})
        rows.ended(2_000.0 + 100 * turn, whole=False)
    assert (rows.state_of(A), rows.is_seeking) == (RowState.NOT_SOUGHT, False)
    sought(rows, {}, 3_000.0)
    assert rows.state_of(A) is RowState.NOT_THERE


def test_a_search_that_came_too_early_says_nothing_of_a_row_that_was_lost_meanwhile() -> None:
    """The row moved behind its back; the next search, at once, tells."""
    rows = search(A, B)
    sought(rows, {f"{NAME}.1": b"A"})
    rows.begun()
    rows.walked(Objects({}), [NAME])
    assert rows.lost({}, {}) == [A]
    rows.ended(10.0, whole=True)
    assert rows.state_of(A) is None
    assert rows.columns_to_walk(10.0) == [NAME]
    sought(rows, {f"{NAME}.7": b"A"}, 10.0)
    assert (rows.state_of(A), rows.state_of(B)) == (RowState.THERE, RowState.NOT_THERE)
    assert rows.indexes == {A: "7"}


def test_a_row_is_held_to_its_name_wherever_that_stands() -> None:
    """In another table whose index is made otherwise, or by a part of the index; or only by its values."""
    by_index = search(A, label=[NAME], label_index=(r"(\d+)\.0", r"\1"))
    sought(by_index, {f"{NAME}.4.0": b"A", f"{LEVEL}.4": -80})
    assert by_index.check(A) == [f"{NAME}.4.0"]
    by_part = search(A, label_parts={OTHER_NAME: 2})
    sought(by_part, {f"{OTHER_NAME}.4": b"A", f"{LEVEL}.1.4": -80})
    assert by_part.check(A) == [f"{OTHER_NAME}.4"]
    assert by_part.lost({f"{OTHER_NAME}.4": b"C"}, {}) == [A]
    by_place = search(Row("modem", "4"), only={OTHER_NAME: "^1$"})
    sought(by_place, {f"{OTHER_NAME}.4": 1, f"{LEVEL}.4": -80})
    (row,) = by_place.indexes
    assert by_place.check(row) == []
    assert by_place.lost({}, {}) == []
    assert by_place.lost({f"{LEVEL}.4": -80}, {row: [f"{LEVEL}.4"]}) == []
    assert by_place.lost({}, {row: [f"{LEVEL}.4"]}) == [row]


def looked(rows: RowSearch, said: Mapping[str, RawValue] | None, now_s: float) -> list[Row]:
    """Look again at the names, where that is due."""
    assert rows.columns_to_look_at(now_s)
    rows.begun()
    return rows.looked(now_s, None if said is None else Objects(said))


def test_a_name_that_becomes_that_of_several_is_seen_at_the_next_look() -> None:
    """The row is told no more and sought as any other; alone again it is found, wherever it is then."""
    rows, alone = search(A, B), {f"{NAME}.1": b"A", f"{NAME}.2": b"B"}
    sought(rows, alone)
    assert rows.columns_to_look_at(LOOK_AGAIN_S - 1) == []
    assert rows.columns_to_look_at(LOOK_AGAIN_S) == [NAME]
    assert looked(rows, alone, LOOK_AGAIN_S) == []
    assert rows.columns_to_look_at(LOOK_AGAIN_S + 1) == []
    assert looked(rows, {**alone, f"{NAME}.3": b"A"}, 2 * LOOK_AGAIN_S) == [A]
    assert (rows.state_of(A), rows.state_of(B), rows.is_seeking) == (RowState.SEVERAL, RowState.THERE, False)
    assert rows.columns_to_walk(2 * LOOK_AGAIN_S) == [NAME]
    sought(rows, {**alone, f"{NAME}.3": b"A"}, 2 * LOOK_AGAIN_S)
    assert rows.state_of(A) is RowState.SEVERAL
    sought(rows, {f"{NAME}.2": b"B", f"{NAME}.3": b"A"}, 2 * LOOK_AGAIN_S + 60)
    assert (rows.state_of(A), rows.indexes) == (RowState.THERE, {A: "3", B: "2"})


def test_nothing_else_follows_from_a_look() -> None:
    """Neither from one that fails, nor from what it does not show, nor of a row that was lost during it."""
    rows, both = search(A, B), {f"{NAME}.1": b"A", f"{NAME}.2": b"B"}
    sought(rows, both)
    assert looked(rows, None, LOOK_AGAIN_S) == []
    assert looked(rows, {}, 2 * LOOK_AGAIN_S) == []
    assert (rows.state_of(A), rows.state_of(B)) == (RowState.THERE, RowState.THERE)
    assert rows.columns_to_walk(2 * LOOK_AGAIN_S) == []
    rows.begun()
    assert rows.lost({f"{NAME}.2": b"B"}, {}) == [A]
    assert rows.looked(3 * LOOK_AGAIN_S, Objects({f"{NAME}.2": b"B", f"{NAME}.3": b"B"})) == []
    assert (rows.state_of(A), rows.state_of(B)) == (None, RowState.THERE)
    assert rows.columns_to_walk(3 * LOOK_AGAIN_S) == [NAME]


def test_other_rows_that_are_still_sought_are_not_called_missing_by_a_look() -> None:
    """Their search has failed so far: that is all that is known of them."""
    rows = search(A, B)
    sought(rows, {f"{NAME}.1": b"A", f"{NAME}.2": b"B"})
    assert rows.lost({f"{NAME}.1": b"A"}, {}) == [B]
    for turn in range(FAILED_OFTEN):
        assert rows.columns_to_look_at(LOOK_AGAIN_S) == []
        rows.begun()
        rows.lost({f"{NAME}.1": b"A"}, {})
        rows.ended(500.0 + turn, whole=False)
    assert rows.state_of(B) is RowState.NOT_SOUGHT
    assert looked(rows, {f"{NAME}.1": b"A", f"{NAME}.2": b"A"}, LOOK_AGAIN_S) == [A]
    assert (rows.state_of(A), rows.state_of(B)) == (RowState.SEVERAL, RowState.NOT_SOUGHT)


def test_the_only_row_of_a_table_is_told_no_more_when_another_one_comes() -> None:
    """Nobody could say which one is meant; the columns of its values show it where nothing names it."""
    rows = search(Row("modem"), label=[])
    sought(rows, {f"{LEVEL}.1": -80})
    assert rows.columns_to_look_at(LOOK_AGAIN_S) == [LEVEL]
    assert looked(rows, {f"{LEVEL}.1": -80, f"{LEVEL}.2": -90}, LOOK_AGAIN_S) == [Row("modem")]
    assert rows.state_of(Row("modem")) is RowState.SEVERAL


def test_a_row_that_is_called_by_its_place_needs_no_look() -> None:
    """No other row has that place."""
    rows = search(Row("modem", "4"), label=[])
    sought(rows, {f"{LEVEL}.4": -80})
    assert rows.columns_to_look_at(10 * LOOK_AGAIN_S) == []


def test_looks_keep_to_their_own_moments() -> None:
    """So that all devices do not look at once after this machine slept."""
    rows = search(A)
    rows.share = 0.25
    sought(rows, {f"{NAME}.1": b"A"}, 1000.0)
    assert rows.columns_to_look_at(1149.0) == []
    for now_s in (1150.0, 1750.0, 9000.0, 9550.0):
        assert looked(rows, {f"{NAME}.1": b"A"}, now_s) == []
    assert rows.columns_to_look_at(10_149.0) == []
    assert rows.columns_to_look_at(10_150.0) == [NAME]


@given(st.lists(st.dictionaries(st.sampled_from("123"), st.sampled_from([b"A", b"B", b"C"])), max_size=8))
def test_whatever_a_device_names_its_rows_none_is_mixed_up(turns: list[dict[str, bytes]]) -> None:
    """A row that is told to be there has its own name there, at every turn; and one index is one row's."""
    rows = search(A, B)
    for now_s, names in enumerate(turns):
        said: dict[str, RawValue] = {f"{NAME}.{index}": name for index, name in names.items()}
        rows.lost({oid: said[oid] for row in (A, B) for oid in rows.check(row) if oid in said}, {})
        if rows.columns_to_look_at(1000.0 * now_s):
            for row in looked(rows, said, 1000.0 * now_s):
                assert sum(name == row.name.encode() for name in names.values()) > 1
            assert all([*names.values()].count(row.name.encode()) == 1 for row in rows.indexes)
        for row, index in rows.indexes.items():
            assert names.get(index) == row.name.encode()
        if rows.columns_to_walk(1000.0 * now_s):
            sought(rows, said, 1000.0 * now_s)
        assert len(set(rows.indexes.values())) == len(rows.indexes)
        for row in (A, B):
            many = sum(name == row.name.encode() for name in names.values())
            if row not in rows.indexes:
                assert rows.state_of(row) is (RowState.SEVERAL if many > 1 else RowState.NOT_THERE)
