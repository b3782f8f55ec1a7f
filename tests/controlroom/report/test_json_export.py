"""A JSON export can be read by anybody, and the log in it can be checked without this program."""

from __future__ import annotations

import hashlib
import io
import json
import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from controlroom.logbook.entry import Fact, LogKind
from controlroom.report.export_table import ExportKind, ExportRequest
from controlroom.report.json_export import export_json
from controlroom.report.range import Span
from controlroom.store.interface import BlindTime
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view


def exported(store: MemoryStore, kind: ExportKind, span: Span | None = None) -> dict[str, Any]:
    """An export, read back."""
    out = io.StringIO()
    done = export_json(store, ExportRequest(kind, span or Span()), out, now_utc_s=NOON_UTC_S + 3600)
    read: dict[str, Any] = json.loads(out.getvalue())
    assert done.rows == len(read["rows"])
    return read


def first_false_row(log: dict[str, Any]) -> int | None:
    """Follow the recipe of the export's own help on nothing but the export."""
    previous = log["rows"][0]["previous_hash"] if log["rows"] else ""
    for row in log["rows"]:
        content = {key: row[key] for key in ("number", "at_us", "kind", "subject", "operator", "facts")}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256((previous + text).encode()).hexdigest()
        if (row["previous_hash"], row["hash"]) != (previous, digest):
            return int(row["number"])
        previous = digest
    return None


FACTS = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=10),
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=30),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.booleans(),
        st.none(),
    ),
    max_size=5,
)


@given(st.lists(st.tuples(st.floats(0, 2e9), FACTS), max_size=6))
def test_the_log_can_be_recomputed_from_the_export_alone(drafts: list[tuple[float, dict[str, Fact]]]) -> None:
    """Whatever the facts, the recipe finds every hash; and a changed word is found."""
    store = MemoryStore(view("mast-north"))
    for at_utc_s, facts in drafts:
        store.tell(LogKind.NOTE, "mast-north", at_utc_s, "Jürgen “J” Meier", **facts)
    log = exported(store, ExportKind.LOG)
    assert log["chain"] == {"intact": True, "broken_at": None}
    assert first_false_row(log) is None
    if log["rows"]:
        log["rows"][-1]["operator"] = "somebody else"
        assert first_false_row(log) == len(log["rows"])


def test_a_part_of_the_log_can_be_recomputed_too() -> None:
    """The first row names the hash before it, so the check begins anywhere."""
    store = MemoryStore(view("mast-north"))
    for place in range(5):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + place, note=f"note {place}")
    log = exported(store, ExportKind.LOG, Span(NOON_UTC_S + 2, NOON_UTC_S + 3))
    assert [row["number"] for row in log["rows"]] == [3, 4]
    assert first_false_row(log) is None


def test_a_break_is_named_in_the_export() -> None:
    """Who reads the export later learns that the log had been changed."""
    store = MemoryStore(view("mast-north"))
    for place in range(3):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + place, note=f"note {place}")
    del store.log[1]
    log = exported(store, ExportKind.LOG)
    assert log["chain"] == {"intact": False, "broken_at": 3}
    assert first_false_row(log) == 3


def test_the_head_states_range_site_and_blind_time() -> None:
    """Nobody has to ask what an export covers, and when nothing could be measured."""
    store = MemoryStore(
        view("mast-north"),
        readings=[reading("mast-north", NOON_UTC_S, 0.0125), reading("mast-north", NOON_UTC_S + 1, None)],
        blind=[BlindTime(NOON_UTC_S + 10, NOON_UTC_S + 40, "asleep")],
    )
    samples = exported(store, ExportKind.SAMPLES, Span(NOON_UTC_S, None))
    assert (samples["kind"], samples["site"]) == ("samples", "Leitstelle")
    assert (samples["since"], samples["until"]) == (
        "2027-01-15T08:00:00.000000+00:00",
        "2027-01-15T09:00:00.000000+00:00",
    )
    assert samples["blind_time"] == [
        {
            "from": "2027-01-15T08:00:10.000000+00:00",
            "until": "2027-01-15T08:00:40.000000+00:00",
            "cause": "asleep",
        }
    ]
    assert [row["value"] for row in samples["rows"]] == [0.0125, None]
    assert [row["outcome"] for row in samples["rows"]] == ["replied", "no_reply"]


def test_an_empty_export_is_still_an_object() -> None:
    """Every kind is valid JSON before the first engine."""
    for kind in ExportKind:
        assert exported(MemoryStore(), kind)["rows"] == []


def test_nothing_in_the_text_steers_a_terminal() -> None:
    """Control characters and direction marks are escaped, and still there when read."""
    store = MemoryStore(view("mast-north"))
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, note="\x1b[2J\x9b2J\u202e ü")
    out = io.StringIO()
    export_json(store, ExportRequest(ExportKind.LOG), out, now_utc_s=NOON_UTC_S)
    assert not {"\x1b", "\x9b", "\u202e"} & set(out.getvalue())
    assert json.loads(out.getvalue())["rows"][0]["facts"]["note"] == "\x1b[2J\x9b2J\u202e ü"


def test_a_figure_that_is_none_is_null() -> None:
    """Infinity is no JSON; it must not make the whole export unreadable."""
    store = MemoryStore(view("mast-north"))
    store.tell(LogKind.CLOCK_STEPPED, "engine", NOON_UTC_S, step_s=math.inf)
    assert exported(store, ExportKind.LOG)["rows"][0]["facts"] == {"step_s": None}
