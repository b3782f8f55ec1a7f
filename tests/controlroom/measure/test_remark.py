"""What an answer did not tell: found in the words of whoever asked, whatever a device puts into them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controlroom.measure.remark import MOST_CHARACTERS, MOST_METRICS, is_absent, parts_of, unknown_of

LACKS = 'rsrp_dbm: unknown (cannot be decoded: "N/A?")'


def test_what_came_and_is_no_number_is_named_with_what_came() -> None:
    """Beside states and the raw answer, which are no remarks."""
    detail = f'Link: up; {LACKS}; 1.3.6.1.4.1.1.0 = "N/A?"'
    assert unknown_of(detail) == {"rsrp_dbm": 'cannot be decoded: "N/A?"'}
    assert unknown_of(f"{LACKS}; load: unknown (outside of what is possible: 700)") == {
        "rsrp_dbm": 'cannot be decoded: "N/A?"',
        "load": "outside of what is possible: 700",
    }


def test_what_is_absent_stands_behind() -> None:
    """Of a device that has little of what its template knows, the strange value is not crowded out."""
    absent = "; ".join(f"value_{place}: unknown (no such object)" for place in range(60))
    found = unknown_of(f"rssi_dbm: unknown (the device says that it has none: 0); {absent}; {LACKS}")
    assert next(iter(found)) == "rsrp_dbm"
    assert len(found) == MOST_METRICS
    assert [is_absent(why) for why in found.values()] == [False] + [True] * (MOST_METRICS - 1)


def test_what_is_written_is_found_again() -> None:
    """Values of one reason share a part, so that there is room for many."""
    unknown = {"load": "no such object", "rsrp_dbm": 'cannot be decoded: "N/A?"', "rsrq_db": "no such object"}
    parts = parts_of(unknown)
    assert parts == [LACKS, "load, rsrq_db: unknown (no such object)"]
    assert unknown_of("; ".join([*parts, "Link: up"])) == unknown
    assert parts_of({}) == []


def test_of_many_reasons_less_is_written() -> None:
    """So that each has some room; a single one has all that is kept of it."""
    (alone,) = parts_of({"load": f"no number: {'x' * 300}"})
    assert unknown_of(alone)["load"] == f"no number: {'x' * (MOST_CHARACTERS - 12)}…"
    many = parts_of({f"value_{place}": f"{place} {'x' * 300}" for place in range(10)})
    assert len("; ".join(many)) < 1000
    assert all(why.startswith(f"{name[6:]} xxx") for name, why in unknown_of("; ".join(many)).items())


def test_an_answer_that_tells_all_has_no_remark() -> None:
    """Nor has one that only speaks of what is unknown."""
    for detail in ("", "Link: up; 1.3.6.1.2.1.1.3.0 = 7", "HTTP 200; the state is: unknown (sic)"):
        assert unknown_of(detail) == {}


def test_a_detail_that_was_cut_tells_what_is_left() -> None:
    """Its end is missing, and the remark stays one."""
    assert unknown_of('rsrp_dbm: unknown (cannot be decoded: "N/…') == {"rsrp_dbm": 'cannot be decoded: "N/…'}


def test_it_is_bounded() -> None:
    """In how many values, and in what is said of each."""
    many = "; ".join(f"metric_{place}: unknown (x{'y' * 300})" for place in range(60))
    found = unknown_of(many)
    assert len(found) == MOST_METRICS
    assert all(len(why) == MOST_CHARACTERS and why.endswith("…") for why in found.values())


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    """What a device says may hold anything, also what looks like the end of a part."""
    found = unknown_of(f"rsrp_dbm: unknown (cannot be decoded: {text})")
    assert all(len(why) <= MOST_CHARACTERS for why in found.values())
    if "); " not in text and "\n" not in text and len(text) < 100:
        assert found["rsrp_dbm"] == f"cannot be decoded: {text}"
