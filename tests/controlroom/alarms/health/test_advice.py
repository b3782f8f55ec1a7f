"""What is advised, by the figures that it goes by."""

from __future__ import annotations

from controlroom.alarms.health.advice import Advice, AdviceKind
from controlroom.alarms.health.figures import AlarmHealth
from tests.controlroom.alarms.health.told_log import DAY_S, ToldLog, burst


def of_kind(found: AlarmHealth, kind: AdviceKind) -> list[Advice]:
    """The advice of one kind."""
    return [each for each in found.advice if each.kind is kind]


def test_a_limit_with_many_alarms_is_to_be_backtested() -> None:
    """With its share and the middle one of its figures; a link that is down has no limit to try."""
    log = burst(20, apart_s=3000.0)
    for place in range(10):
        log.raised(500.0 + 2000.0 * place, "slow", cause="degraded", reason=f"limit:rtt_s:0.{place + 10}")
        log.raised(900.0 + 2000.0 * place, "gone")
    found = log.health()
    (backtest,) = of_kind(found, AdviceKind.BACKTEST)
    assert backtest.source is not None
    assert (backtest.source.subject, backtest.source.metric) == ("slow", "rtt_s")
    assert (backtest.count, backtest.share, backtest.figure) == (10, 0.25, 0.14)
    (link,) = of_kind(found, AdviceKind.LOOK_AT_LINK)
    assert link.source is not None
    assert (link.source.subject, link.figure) == ("gone", None)


def test_few_alarms_call_for_nothing() -> None:
    """One source has all of nineteen, and one more makes it a share."""
    log = ToldLog()
    for place in range(19):
        log.raised(3000.0 * place, "mast", priority=1)
    assert log.health().advice == ()
    log.raised(80_000.0, "mast", priority=1)
    kinds = [each.kind for each in log.health().advice]
    assert kinds == [AdviceKind.LOOK_AT_LINK, AdviceKind.TOO_URGENT]


def test_a_source_that_chatters_needs_a_delay() -> None:
    """And is not told of as fleeting besides."""
    log = burst(20, apart_s=3000.0)
    for place in range(3):
        log.returned(log.raised(100.0 + 20 * place, "loud"), 105.0 + 20 * place)
    log.returned(1, 20.0)
    found = log.health()
    (delay,) = of_kind(found, AdviceKind.DELAY)
    assert delay.source is not None
    assert (delay.source.subject, delay.count) == ("loud", 3)
    (fleeting,) = of_kind(found, AdviceKind.FLEETING)
    assert [(source.subject, count) for source, count in fleeting.sources] == [("mast-0", 1)]


def test_what_fell_together_is_named() -> None:
    """In the worst flood; one source alone falls with nobody."""
    alone = ToldLog()
    for place in range(30):
        alone.raised(place * 10.0, "mast")
    assert of_kind(alone.health(), AdviceKind.FELL_TOGETHER) == []
    (together,) = of_kind(burst(12, apart_s=10.0).health(), AdviceKind.FELL_TOGETHER)
    assert (together.count, len(together.sources), together.more_sources) == (12, 10, 2)


def test_a_stale_alarm_is_told_with_its_age() -> None:
    """One piece of advice each, up to three."""
    log = burst(5, apart_s=0.0)
    told = of_kind(log.health(until_s=3 * DAY_S), AdviceKind.STALE)
    assert [(each.alarm, each.age_s) for each in told] == [(1, 3 * DAY_S), (2, 3 * DAY_S), (3, 3 * DAY_S)]


def test_the_most_urgent_priority_of_which_there_are_too_many_is_named() -> None:
    """With the sources that make it so."""
    log = burst(15, apart_s=3000.0)
    for place in range(5):
        log.raised(100.0 + 1000.0 * place, "grave", priority=2)
    (urgent,) = of_kind(log.health(), AdviceKind.TOO_URGENT)
    assert (urgent.priority, urgent.share) == (2, 0.25)
    assert [(source.subject, count) for source, count in urgent.sources] == [("grave", 5)]
