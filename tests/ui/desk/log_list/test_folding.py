"""What one cause did to many is told as one line, and nothing else is; no entry is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, LogKind
from tests.ui.desk.room import site_view
from ui.desk.log_list.folding import MOST_FOLDED, MOST_PLAIN, Fold, LogInHand
from ui.desk.log_list.lines import LogLines, fold_words
from ui.desk.picture import Picture
from ui.desk.snapshot import Snapshot

BEHIND = "behind:router-a"
PART = "part_of:location:Mast"


class _Log:
    """Writes entries as the engine would."""

    def __init__(self) -> None:
        self._chain = Chain()
        self.entries: list[Entry] = []

    def _add(self, at_s: float, kind: LogKind, subject: str, **facts: str | bool | int) -> None:
        self.entries.append(self._chain.append(Draft(at_s, kind, subject, facts=facts)))

    def unreachable(self, at_s: float, subject: str) -> None:
        facts = {"from": "up", "to": "unreachable", "reason": BEHIND}
        self._add(at_s, LogKind.CONDITION_CHANGED, subject, **facts)
        self.suppressed(at_s + 0.1, subject, BEHIND)

    def suppressed(self, at_s: float, subject: str, code: str) -> None:
        self._add(at_s, LogKind.ALARM_SUPPRESSED, subject, alarm=9, suppressed_by=code)

    def down(self, at_s: float, subject: str) -> None:
        facts = {"from": "up", "to": "down", "reason": "deadline"}
        self._add(at_s, LogKind.CONDITION_CHANGED, subject, **facts)

    def back(self, at_s: float, subject: str) -> None:
        facts = {"from": "unreachable", "to": "up", "reason": "none"}
        self._add(at_s, LogKind.CONDITION_CHANGED, subject, **facts)
        self._add(at_s, LogKind.ALARM_RETURNED, subject, suppressed_by="", ended=True)

    def released(self, at_s: float, subject: str, *, ended: bool) -> None:
        self._add(at_s, LogKind.ALARM_RELEASED, subject, by=BEHIND, ended=ended)

    def raised(self, at_s: float, subject: str) -> None:
        self._add(at_s, LogKind.ALARM_RAISED, subject, alarm=1, cause="down", reason="deadline", priority=1)


def _told(log: _Log) -> list[str]:
    in_hand = LogInHand()
    in_hand.take(log.entries)
    return _words(in_hand.lines())


def _words(lines: Sequence[Entry | Fold]) -> list[str]:
    view = site_view()
    return [fold_words(line, view) if isinstance(line, Fold) else line.kind.value for line in lines]


def test_what_is_behind_one_cause_is_one_line_among_the_others() -> None:
    """It stands where the first of it stands, whatever came meanwhile."""
    log = _Log()
    log.raised(10, "router-a")
    for place in range(312):
        log.unreachable(11 + place / 100, f"e{place}")
        if place == 100:
            log.raised(12, "maps")
    assert _told(log) == [
        "alarm_raised",
        "312 endpoints unreachable behind Core router A.",
        "alarm_raised",
    ]


def test_failures_of_one_incident_join_once_they_are_suppressed() -> None:
    """Also that each of them was down; an older failure of one of them does not."""
    log = _Log()
    log.down(1, "a")
    for subject in "bcd":
        log.down(100, subject)
    for subject in "abcd":
        log.suppressed(102, subject, PART)
    assert _told(log) == ["4 endpoints lost, part of Mast.", "condition_changed"]


def test_what_is_back_is_one_line_and_what_calls_anew_is_its_own() -> None:
    """An alarm that is released and stands calls somebody."""
    log = _Log()
    for subject in "abcd":
        log.unreachable(1, subject)
    for subject in "abc":
        log.back(60, subject)
    log.released(61, "d", ended=False)
    assert _told(log) == [
        "alarm_released",
        "3 endpoints back that were behind Core router A.",
        "4 endpoints unreachable behind Core router A.",
    ]


def test_few_and_those_far_apart_are_told_one_by_one() -> None:
    """Two endpoints are no crowd; what happens an hour later is another loss."""
    log = _Log()
    log.unreachable(1, "a")
    log.unreachable(2, "b")
    assert _told(log) == ["alarm_suppressed", "condition_changed"] * 2
    for subject in "cde":
        log.unreachable(3600, subject)
    assert _told(log)[0] == "3 endpoints unreachable behind Core router A."


def test_a_storm_pushes_nothing_else_out_of_hand() -> None:
    """Ten thousand entries of children later, the note before them is still there; their count is whole."""
    log = _Log()
    log.raised(1, "router-a")
    for place in range(5000):
        log.unreachable(2 + place / 10_000, f"e{place}")
    in_hand = LogInHand()
    in_hand.take(log.entries)
    assert _words(in_hand.lines()) == ["5,000 endpoints unreachable behind Core router A.", "alarm_raised"]
    assert sum(1 for _ in in_hand.every()) <= MOST_FOLDED + MOST_PLAIN


def test_every_entry_of_a_selected_endpoint_is_told() -> None:
    """And the same look twice adds none."""
    log = _Log()
    for subject in "abcd":
        log.unreachable(1, subject)
    in_hand = LogInHand()
    in_hand.take(log.entries)
    in_hand.take(log.entries)
    assert [entry.kind for entry in in_hand.about("c")] == [
        LogKind.ALARM_SUPPRESSED,
        LogKind.CONDITION_CHANGED,
    ]


def test_lines_are_made_once() -> None:
    """A second later the same faces are shown; a fold that grew says so under the same number."""
    log, picture = _Log(), Picture()
    log.raised(1, "router-a")
    for subject in "abc":
        log.unreachable(2, subject)
    picture.fold(Snapshot(0.0, None, site=site_view(), entries=log.entries))
    lines, zone = LogLines(picture), ZoneInfo("UTC")
    before = lines.of(None, 100.0, zone)
    log.unreachable(4, "d")
    picture.fold(Snapshot(1.0, None, entries=log.entries))
    after = lines.of(None, 101.0, zone)
    assert after[1] is before[1]
    assert (before[0].number, before[0].text[:11]) == (after[0].number, "3 endpoints")
    assert after[0].text == "4 endpoints unreachable behind Core router A."
