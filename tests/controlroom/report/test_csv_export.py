"""A CSV export is complete, harmless in a spreadsheet, and invents nothing."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.errors import ControlroomError
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, Reason
from controlroom.report.csv_export import export_csv
from controlroom.report.export_table import Exported, ExportKind, ExportRequest
from controlroom.report.range import Span
from controlroom.store.interface import BlindTime
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view


def exported(
    store: MemoryStore, kind: ExportKind, *series: str, span: Span | None = None
) -> tuple[str, Exported]:
    """The text of an export, and what it said of itself."""
    out = io.StringIO(newline="")
    request = ExportRequest(kind, span or Span(), series)
    done = export_csv(store, request, out, now_utc_s=NOON_UTC_S + 3600)
    return out.getvalue(), done


def rows(text: str) -> list[dict[str, str]]:
    """The rows as a reader of CSV sees them."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def alarm(number: int, **more: object) -> Alarm:
    """An alarm of mast-north, raised a minute after noon."""
    facts: dict[str, object] = {
        "subject": "mast-north",
        "cause": Cause.DOWN,
        "reason": "deadline",
        "priority": Priority.HIGH,
        "state": AlarmState.UNACKNOWLEDGED,
        "since_utc_s": NOON_UTC_S + 58,
        "raised_utc_s": NOON_UTC_S + 60,
    }
    return Alarm(number=number, **(facts | more))  # type: ignore[arg-type]  # the facts are typed above


def test_a_loss_is_a_row_without_a_value() -> None:
    """A lost probe has no round-trip time; the cell is empty, not zero."""
    store = MemoryStore(
        view("mast-north"),
        readings=[reading("mast-north", NOON_UTC_S, 0.0125), reading("mast-north", NOON_UTC_S + 1, None)],
    )
    text, done = exported(store, ExportKind.SAMPLES)
    assert text == (
        "at,endpoint,probe,metric,value,unit,outcome,reason,beat\r\n"
        "2027-01-15T08:00:00.000000+00:00,mast-north,icmp,rtt_s,0.0125,s,replied,none,true\r\n"
        "2027-01-15T08:00:01.000000+00:00,mast-north,icmp,rtt_s,,s,no_reply,deadline,true\r\n"
    )
    assert done == Exported(rows=2, blind_spans=0, blind_s=0.0, broken_at=None)


def test_what_was_lost_while_we_were_blind_is_no_loss_of_the_endpoint() -> None:
    """Told as not run, also where silence was seen first, so that who counts losses counts true ones."""
    lost = reading("mast-north", NOON_UTC_S, None)
    blind = [replace(lost, reason=Reason.BLIND), replace(lost, outcome=Outcome.NOT_RUN, reason=Reason.BLIND)]
    store = MemoryStore(view("mast-north"), readings=blind)
    told = rows(exported(store, ExportKind.SAMPLES)[0])
    assert [(row["outcome"], row["reason"]) for row in told] == [("not_run", "blind")] * 2


def test_a_probe_that_never_answered_is_not_left_out() -> None:
    """An endpoint that was down from the start has rows too."""
    store = MemoryStore(view("mast-north"), readings=[reading("mast-north", NOON_UTC_S, None)])
    (row,) = rows(exported(store, ExportKind.SAMPLES)[0])
    assert (row["metric"], row["value"], row["outcome"]) == ("rtt_s", "", "no_reply")


def test_a_long_range_is_read_in_days_without_a_seam() -> None:
    """No reading is lost or doubled where one day of reading meets the next."""
    start = NOON_UTC_S - 3 * 86400
    store = MemoryStore(
        view("mast-north"),
        readings=[reading("mast-north", start + step * 21600, 0.01) for step in range(13)],
    )
    text, done = exported(store, ExportKind.SAMPLES, span=Span(start, NOON_UTC_S))
    assert done.rows == 13
    assert len({row["at"] for row in rows(text)}) == 13


def test_samples_are_those_of_the_last_day_unless_asked() -> None:
    """The default reach is said in the help and kept here."""
    old, new = reading("mast-north", NOON_UTC_S - 90_000, 0.01), reading("mast-north", NOON_UTC_S, 0.01)
    store = MemoryStore(view("mast-north"), readings=[old, new])
    assert exported(store, ExportKind.SAMPLES)[1].rows == 1
    assert exported(store, ExportKind.SAMPLES, span=Span(NOON_UTC_S - 100_000, None))[1].rows == 2


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("mast-north", 1), ("mast-*/icmp", 2), ("*/*/rtt_s", 2), ("mast-north/icmp/rtt_s", 1)],
)
def test_series_are_chosen_by_pattern(pattern: str, count: int) -> None:
    """Fewer parts choose everything below them."""
    store = MemoryStore(
        view("mast-north", "mast-south"),
        readings=[reading("mast-north", NOON_UTC_S, 0.01), reading("mast-south", NOON_UTC_S, 0.01)],
    )
    assert exported(store, ExportKind.SAMPLES, pattern)[1].rows == count


@pytest.mark.parametrize("kind", [ExportKind.SAMPLES, ExportKind.EVENTS, ExportKind.ALARMS])
def test_a_series_nobody_measured_is_refused(kind: ExportKind) -> None:
    """A misspelt name is a mistake, not an empty export."""
    store = MemoryStore(view("mast-north"), readings=[reading("mast-north", NOON_UTC_S, 0.01)])
    with pytest.raises(ControlroomError) as caught:
        exported(store, kind, "mast-nroth")
    assert caught.value.code == "no-such-series"


def test_events_hold_blind_time_as_what_it_is() -> None:
    """Spans without measurement stand among the events in their place, and are summed up."""
    store = MemoryStore(view("mast-north"), blind=[BlindTime(NOON_UTC_S + 10, NOON_UTC_S + 40, "asleep")])
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "meier", note="first")
    store.tell(LogKind.ALARM_RAISED, "mast-north", NOON_UTC_S + 20, alarm=1)
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + 60, "meier", note="second")
    text, done = exported(store, ExportKind.EVENTS)
    assert [row["kind"] for row in rows(text)] == ["note", "blind_span", "note"]
    assert rows(text)[1]["number"] == ""
    assert rows(text)[1]["until"] == "2027-01-15T08:00:40.000000+00:00"
    assert (done.blind_spans, done.blind_s) == (1, 30.0)


def test_blind_time_counts_only_inside_the_range() -> None:
    """A span that reaches out of the range counts as far as it lies in it."""
    store = MemoryStore(view("mast-north"), blind=[BlindTime(NOON_UTC_S - 100, NOON_UTC_S + 40, "asleep")])
    span = Span(NOON_UTC_S, NOON_UTC_S + 10)
    assert exported(store, ExportKind.EVENTS, span=span)[1].blind_s == 10.0


def test_an_alarm_is_one_row_with_all_its_times() -> None:
    """Times that have not come are empty."""
    seen = alarm(
        2,
        state=AlarmState.NORMAL,
        acknowledged_utc_s=NOON_UTC_S + 90,
        acknowledged_by="meier",
        returned_utc_s=NOON_UTC_S + 120,
        note="Carrier called",
    )
    store = MemoryStore(view("mast-north"), all_alarms=[seen, alarm(1)])
    first, second = rows(exported(store, ExportKind.ALARMS)[0])
    assert (first["number"], first["acknowledged"], first["returned"]) == ("1", "", "")
    assert second["acknowledged"] == "2027-01-15T08:01:30.000000+00:00"
    assert (second["acknowledged_by"], second["note"], second["text"]) == (
        "meier",
        "Carrier called",
        "down, no reply in time",
    )


def test_what_hides_an_alarm_is_in_its_row() -> None:
    """By codes, with who, why and until when; the words of an operator run in no spreadsheet."""
    shelf: dict[str, object] = {
        "shelved_utc_s": NOON_UTC_S + 70,
        "shelved_until_utc_s": NOON_UTC_S + 3670,
        "shelved_by": "meier",
        "shelved_why": "=cmd()\n\x1b[2J",
        "one_shot": True,
    }
    out = {"out_of_service": "operator", "out_of_service_by": "kim", "out_of_service_why": "rebuilt"}
    stored = [
        alarm(1, owner="jo", acknowledged_until_utc_s=NOON_UTC_S + 90, steps_done="1,3"),
        alarm(2, **shelf),
        alarm(3, suppressed_by="behind:mast-south", part_of=1),
        alarm(4, **out, **shelf),
    ]
    told = rows(exported(MemoryStore(view("mast-north"), all_alarms=stored), ExportKind.ALARMS)[0])
    states = ["unacknowledged", "shelved", "suppressed", "out_of_service"]
    assert [row["shown_state"] for row in told] == states
    assert (told[0]["owner"], told[0]["steps_done"]) == ("jo", "1,3")
    assert told[0]["acknowledged_until"] == "2027-01-15T08:01:30.000000+00:00"
    assert (told[1]["shelved_by"], told[1]["one_shot"]) == ("meier", "true")
    assert told[1]["shelved_why"] == "'=cmd()\\n\\x1b[2J"
    assert told[1]["shelved_until"] == "2027-01-15T09:01:10.000000+00:00"
    assert (told[2]["suppressed_by"], told[2]["part_of"]) == ("behind:mast-south", "1")
    assert [told[3][key] for key in out] == ["operator", "kim", "rebuilt"]
    assert told[3]["shelved_by"] == "meier"
    assert (told[0]["shelved"], told[0]["part_of"], told[0]["out_of_service"]) == ("", "", "")


def test_what_was_out_of_service_without_a_fault_is_over_once_it_is_back() -> None:
    """It stands in the ranges of its time, not in all that come."""
    back = alarm(1, cause=Cause.NO_FAULT, reason="none", state=AlarmState.NORMAL)
    store = MemoryStore(view("mast-north"), all_alarms=[back])
    assert exported(store, ExportKind.ALARMS, span=Span(NOON_UTC_S, None))[1].rows == 1
    assert exported(store, ExportKind.ALARMS, span=Span(NOON_UTC_S + 100, None))[1].rows == 0


def test_alarms_are_those_that_stood_in_the_range() -> None:
    """One that was over before, or began after, is left out; one that reaches in is kept."""
    over = alarm(1, state=AlarmState.NORMAL, returned_utc_s=NOON_UTC_S + 100)
    still = alarm(2)
    store = MemoryStore(view("mast-north"), all_alarms=[over, still])

    def numbers(span: Span) -> list[str]:
        return [row["number"] for row in rows(exported(store, ExportKind.ALARMS, span=span)[0])]

    assert numbers(Span(NOON_UTC_S + 200, None)) == ["2"]
    assert numbers(Span(NOON_UTC_S + 80, None)) == ["1", "2"]
    assert numbers(Span(None, NOON_UTC_S)) == []


def test_a_note_cannot_run_in_a_spreadsheet() -> None:
    """A formula in an operator's or a device's words is disarmed; a break of line is no break of row."""
    store = MemoryStore(view("mast-north"))
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "=cmd()", note='=HYPERLINK("x")\n+1\x1b[2J')
    (row,) = rows(exported(store, ExportKind.EVENTS)[0])
    assert row["operator"] == "'=cmd()"
    assert row["note"] == '\'=HYPERLINK("x")\\n+1\\x1b[2J'


@given(st.text(max_size=100))
def test_any_note_survives_as_one_row(note: str) -> None:
    """Quotes, commas and line ends neither split a row nor lose a column."""
    store = MemoryStore(view("mast-north"))
    store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S, "meier", note=note.encode("utf-8", "ignore").decode())
    text, done = exported(store, ExportKind.LOG)
    assert done.rows == 1
    assert text.count("\r\n") == 2
    (row,) = rows(text)
    assert row["hash"] == store.log[0].hash
    assert None not in row


def test_a_changed_log_is_exported_and_its_break_is_named() -> None:
    """The evidence leaves the house as it is, with the number of the first entry that does not fit."""
    store = MemoryStore(view("mast-north"))
    for place in range(4):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + place, "meier", note=f"note {place}")
    del store.log[1]
    _, done = exported(store, ExportKind.LOG)
    assert (done.rows, done.broken_at) == (3, 3)


def test_a_part_of_the_log_is_contiguous_and_the_whole_is_checked() -> None:
    """A clock that went back does not tear the exported part, and a break outside it is still named."""
    store = MemoryStore(view("mast-north"))
    for at_s in (0.0, 100.0, 50.0, 120.0, 500.0):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + at_s, note="x")
    text, done = exported(store, ExportKind.LOG, span=Span(NOON_UTC_S + 90, NOON_UTC_S + 130))
    assert [row["number"] for row in rows(text)] == ["2", "3", "4"]
    assert done.broken_at is None
    del store.log[0]
    assert exported(store, ExportKind.LOG, span=Span(NOON_UTC_S + 90, None))[1].broken_at == 2


def test_the_log_is_never_exported_for_some_endpoints_only() -> None:
    """A part chosen by endpoint could not be checked."""
    with pytest.raises(ControlroomError) as caught:
        exported(MemoryStore(view("mast-north")), ExportKind.LOG, "mast-north")
    assert caught.value.code == "log-is-whole"


def test_the_two_times_of_an_entry_agree_to_the_microsecond() -> None:
    """The time for people and the one in the hash are the same moment, whatever the clock gave."""
    store = MemoryStore(view("mast-north"))
    for step in range(200):
        store.tell(LogKind.NOTE, "mast-north", NOON_UTC_S + step / 7 + 1.1e-6, note="x")
    for row in rows(exported(store, ExportKind.LOG)[0]):
        moment = datetime.fromisoformat(row["at"])
        assert (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) == int(row["at_us"])


def test_an_empty_store_gives_an_empty_export() -> None:
    """Before the first engine there is a header and nothing else."""
    for kind in ExportKind:
        text, done = exported(MemoryStore(), kind)
        assert (len(text.splitlines()), done.rows) == (1, 0)
