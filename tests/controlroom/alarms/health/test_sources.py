"""Top ten, chattering and fleeting sources, and what became of the alarms: by hand."""

from __future__ import annotations

import pytest

from controlroom.alarms.health.source import Source, source_of
from controlroom.alarms.health.targets import Measure, Verdict
from controlroom.logbook.entry import Fact, LogKind
from tests.controlroom.alarms.health.told_log import ToldLog, burst

SLOW: dict[str, Fact] = {"cause": "degraded", "priority": 3}


def test_a_source_is_the_limit_and_not_its_figure() -> None:
    """A link that is down is one source for whatever reason."""
    assert source_of("mast", "degraded", "limit:rtt_s:0.25:warning") == Source("mast", "degraded", "rtt_s")
    assert source_of("mast", "down", "deadline") == source_of("mast", "down", "port_unreachable")
    assert source_of("mast", "down", "deadline") != source_of("mast", "degraded", "limit:loss_ratio")


def test_the_top_ten_and_their_share() -> None:
    """Thirteen sources, of which one has eight of twenty alarms; the middle figure is one that was told."""
    log = burst(12, apart_s=1000.0)
    for place in range(8):
        log.raised(20_000.0 + 1000.0 * place, "loud", reason=f"limit:rtt_s:0.{place + 2}", **SLOW)
    found = log.health()
    assert (found.presented, found.sources, len(found.top)) == (20, 13, 10)
    first = found.top[0]
    assert (first.source.subject, first.source.metric, first.count, first.share) == ("loud", "rtt_s", 8, 0.4)
    assert (first.figure, first.priority) == (0.5, 3)
    assert found.told(Measure.TOP_TEN).value == 17 / 20
    assert found.told(Measure.TOP_TEN).verdict is Verdict.NOT_MET


def test_a_share_of_few_is_not_judged() -> None:
    """Nineteen alarms are too few, twenty are not."""
    assert burst(19, apart_s=1000.0).health().told(Measure.TOP_TEN).verdict is Verdict.TOO_FEW
    assert burst(20, apart_s=1000.0).health().told(Measure.LOW).verdict is Verdict.MET


@pytest.mark.parametrize(("apart_s", "sources"), [(30.0, 1), (30.1, 0)])
def test_three_in_sixty_seconds_chatter(apart_s: float, sources: int) -> None:
    """From one source: three of three endpoints do not."""
    log = ToldLog()
    for place in range(3):
        log.raised(place * apart_s, "loud")
    log.raised(1.0, "other")
    assert log.health().told(Measure.CHATTERING).value == sources


def test_bursts_of_chattering_are_told_apart() -> None:
    """Four in a row are one burst of four; an hour later three are another."""
    log = ToldLog()
    for at_s in (0.0, 20.0, 40.0, 60.0, 3600.0, 3610.0, 3620.0, 7200.0):
        log.raised(at_s, "loud")
    for at_s in (10.0, 30.0, 50.0):
        log.raised(at_s, "also")
    loud, also = log.health().chattering
    assert (loud.source.subject, loud.bursts, loud.count) == ("loud", 2, 7)
    assert (also.source.subject, also.bursts, also.count) == ("also", 1, 3)


def test_fleeting_is_what_was_gone_within_a_minute_untouched() -> None:
    """An acknowledgement before the return makes it none; one after it does not."""
    log = ToldLog()
    gone, long, touched, late = (log.raised(1000.0 * place, f"mast-{place}") for place in range(4))
    log.returned(gone, 60.0)
    log.returned(long, 1060.5)
    log.acknowledged(touched, 2010.0)
    log.returned(touched, 2020.0, ended=True)
    log.returned(late, 3010.0)
    log.acknowledged(late, 3015.0, ended=True)
    found = log.health()
    assert [source.subject for source, _ in found.fleeting] == ["mast-0", "mast-3"]
    assert found.told(Measure.FLEETING).value == 2


def test_how_soon_they_were_acknowledged() -> None:
    """The middle of the times; what was gone before is told apart."""
    log = ToldLog()
    for place, wait_s in enumerate((10.0, 300.0, 40.0)):
        log.acknowledged(log.raised(1000.0 * place, f"mast-{place}"), 1000.0 * place + wait_s)
    gone = log.raised(5000.0, "gone")
    log.returned(gone, 5100.0)
    answered = log.health().answered
    assert (answered.acknowledged, answered.not_acknowledged, answered.returned_first) == (3, 1, 1)
    assert answered.median_s == 40.0
    assert ToldLog().health().answered.median_s is None


def test_the_split_is_judged_from_the_most_urgent_down() -> None:
    """Of 100: 80 low, 15 medium, 5 high is right; a single critical one is no less than 1 %."""
    log = ToldLog()
    for priority, count in ((4, 80), (3, 15), (2, 5)):
        for place in range(count):
            log.raised(1000.0 * priority + place, f"mast-{place}", priority=priority)
    right = log.health()
    split = (Measure.CRITICAL, Measure.HIGH, Measure.MEDIUM, Measure.LOW)
    assert [right.told(each).value for each in split] == [0.0, 0.05, 0.15, 0.8]
    assert {right.told(each).verdict for each in split} == {Verdict.MET}
    for place in range(3):
        log.raised(9000.0 + place, "grave", priority=1)
    off = log.health()
    assert [off.told(each).verdict for each in split] == [Verdict.NOT_MET] * 4


def test_alarms_that_are_told_again_are_counted_as_such() -> None:
    """Raised again is presented again; a change of the reason is not."""
    log = ToldLog()
    number = log.raised(0.0, "mast")
    log.tell(LogKind.ALARM_REASON_CHANGED, number, 10.0, reason="no_route", before="deadline")
    log.returned(number, 100.0)
    log.tell(LogKind.ALARM_RAISED_AGAIN, number, 200.0, occurrences=2)
    log.tell(LogKind.ALARM_EASED, number, 300.0, cause="degraded", reason="limit:rtt_s", priority=4)
    found = log.health()
    assert (found.presented, found.again) == (2, 1)


def test_what_comes_in_from_before_the_range_is_not_counted() -> None:
    """Nor what comes after it; yet its return does not go astray."""
    log = ToldLog()
    early = log.raised(0.0, "mast")
    log.acknowledged(early, 5000.0)
    log.returned(early, 5100.0, ended=True)
    log.raised(9000.0, "late")
    found = log.health(since_s=4000.0, until_s=9000.0)
    assert (found.presented, found.answered.acknowledged) == (0, 0)
