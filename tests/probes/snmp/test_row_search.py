"""When rows are sought, and what is said of those that are not found."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.client import RawValue
from probes.snmp.objects import Objects
from probes.snmp.plan import Row, RowState
from probes.snmp.row_search import FAILED_OFTEN, SELDOM_S, SOON_S, RowSearch
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


@given(st.lists(st.dictionaries(st.sampled_from("123"), st.sampled_from([b"A", b"B", b"C"])), max_size=8))
def test_whatever_a_device_names_its_rows_none_is_mixed_up(turns: list[dict[str, bytes]]) -> None:
    """A row that is told to be there has its own name there, at every turn; and one index is one row's."""
    rows = search(A, B)
    for now_s, names in enumerate(turns):
        said: dict[str, RawValue] = {f"{NAME}.{index}": name for index, name in names.items()}
        rows.lost({oid: said[oid] for row in (A, B) for oid in rows.check(row) if oid in said}, {})
        for row, index in rows.indexes.items():
            assert names.get(index) == row.name.encode()
        if rows.columns_to_walk(1000.0 * now_s):
            sought(rows, said, 1000.0 * now_s)
        assert len(set(rows.indexes.values())) == len(rows.indexes)
        for row in (A, B):
            many = sum(name == row.name.encode() for name in names.values())
            if row not in rows.indexes:
                assert rows.state_of(row) is (RowState.SEVERAL if many > 1 else RowState.NOT_THERE)
