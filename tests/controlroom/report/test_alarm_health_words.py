"""Alarm health and advice in words: what an operator reads, and commands that can be run."""

from __future__ import annotations

import shlex

import pytest

from controlroom.alarms.health.advice import Advice, AdviceKind
from controlroom.alarms.health.figures import health_of
from controlroom.alarms.health.monitored import monitored
from controlroom.alarms.health.presented import Shelved
from controlroom.alarms.health.source import Source
from controlroom.alarms.health.targets import Measure, Verdict, judged
from controlroom.engine.backtest_settings import read_settings
from controlroom.report import alarm_health_words as words
from controlroom.report.alarm_advice_words import AdviceWords, Saying, advice_words
from controlroom.report.alarm_health import HealthRead
from controlroom.site.model import Limit
from controlroom.site.view import SiteView
from tests.controlroom.alarms.health.told_log import DAY_S, START_S, burst
from tests.controlroom.report.memory_store import view
from ui.terminal.arguments import build_parser

SLOW = Source("mast-north", "degraded", "rtt_s")
NASTY = "x; rm -rf /\x1b[31m"


def site() -> SiteView:
    """Two endpoints, of which one has a limit on its round trips."""
    seen = view("mast-north", "mast-south", time_zone="UTC")
    north, south = seen.endpoints
    (probe,) = north.probes
    limited = probe.model_copy(update={"limits": (Limit(metric="rtt_s", raise_above=0.2),)})
    return seen.model_copy(update={"endpoints": (north.model_copy(update={"probes": (limited,)}), south)})


def said(advice: Advice, length_s: float = 30 * DAY_S) -> AdviceWords:
    """One piece of advice over a range."""
    return advice_words(advice, Saying(site(), "UTC", length_s))


def test_every_figure_has_words_and_a_target() -> None:
    """The targets as they are published."""
    assert set(words.MEASURES) == set(Measure)
    told = {each: words.target_words(each) for each in Measure}
    assert told[Measure.PER_DAY] == "144, at most 288"
    assert told[Measure.WINDOWS_OVER] == "below 1 %"
    assert told[Measure.MOST_IN_10_MIN] == "at most 10"
    assert told[Measure.FLEETING] == "none"
    assert told[Measure.STALE] == "below 5"
    assert (told[Measure.CRITICAL], told[Measure.LOW]) == ("below 1 %", "about 80 %")
    assert {words.verdict_words(each) for each in Verdict} == {
        *("met", "manageable", "not met", "unknown", "too few")
    }


@pytest.mark.parametrize(
    ("measure", "value", "text"),
    [
        (Measure.PER_HOUR, 4.5, "4.5"),
        (Measure.PER_DAY, 1234.0, "1,234"),
        (Measure.PER_HOUR, None, "–"),
        (Measure.FLOOD_TIME, 0.0042, "0.42 %"),
        (Measure.FLOOD_TIME, 0.0, "0 %"),
        (Measure.TOP_TEN, 1.0, "100 %"),
        (Measure.STALE, 3, "3"),
    ],
)
def test_a_figure_is_written_as_people_do(measure: Measure, value: float | None, text: str) -> None:
    """What is unknown is no zero."""
    assert words.value_words(judged(measure, value)) == text


def test_the_range_says_what_is_in_doubt() -> None:
    """Too short, younger than asked for, not monitored."""
    blind = monitored(START_S, START_S + DAY_S, [(START_S, START_S + 3600.0)])
    read = HealthRead(START_S - DAY_S, health_of([], blind))
    assert words.range_words(read, "UTC").endswith("; monitored for 23 h of it.")
    doubts = words.doubts_of_range(read)
    assert [each.split()[0] for each in doubts] == ["The", "The", "1"]
    nothing = HealthRead(START_S, health_of([], monitored(START_S, START_S, ())))
    assert words.doubts_of_range(nothing) == [
        "Nothing was monitored in this range, so nothing can be said of it."
    ]


def test_counts_and_answers() -> None:
    """In one sentence each."""
    log = burst(3, apart_s=100.0)
    log.acknowledged(1, 30.0)
    log.returned(2, 150.0)
    read = HealthRead(START_S, log.health())
    assert words.count_words(read) == "3 alarms from 3 sources."
    assert words.answered_words(read) == (
        "1 of 3 was acknowledged, half of them within 30.0 s. 1 was over before that, or without it."
    )
    assert words.hiding_words(read) == (
        "Nothing was shelved or taken out of service. Hidden at the end: none."
    )


def test_the_shelf_says_how_long_it_lasts_and_nothing_steers_the_screen() -> None:
    """Of whoever wrote it."""
    shelved = Shelved(7, SLOW, 2, START_S, START_S + 3600.0, "Eva", "crew\x1b[31m")
    told = words.shelved_words(shelved, START_S + 1800.0, site())
    assert told.startswith(
        "Alarm 7, Mast North: round-trip time beyond its limit; shelved by Eva for another"
    )
    assert "for another 30 min" in told
    assert "\x1b" not in told


def test_a_limit_comes_with_the_backtest_that_tries_another() -> None:
    """At the middle of what raised it, as the program reads it."""
    told = said(Advice(AdviceKind.BACKTEST, SLOW, count=34, share=0.34, figure=0.23))
    assert told.sentence.startswith("Mast North: round-trip time beyond its limit: this limit made 34 % of")
    assert "no worse than 230 ms" in told.sentence
    assert told.command == (
        "controlroom backtest --since 7d --endpoint mast-north --set rtt_s.raise_above=0.23"
    )
    chosen = build_parser().parse_args(shlex.split(told.command)[1:])
    assert chosen.endpoints == ["mast-north"]
    assert read_settings(chosen.settings).limits == {"rtt_s": {"raise_above": 0.23}}


def test_no_number_is_proposed_for_a_limit_that_the_site_has_not() -> None:
    """Nobody knows which way it pointed."""
    gone = Source("mast-south", "degraded", "rtt_s")
    told = said(Advice(AdviceKind.BACKTEST, gone, count=34, share=0.34, figure=0.23), 5 * 3600.0)
    assert told.command == "controlroom backtest --since 5h --endpoint mast-south"


@pytest.mark.parametrize(
    ("source", "setting"),
    [(SLOW, "rtt_s.off_delay_s=300"), (Source("mast-south", "down"), "return_attempts=20")],
)
def test_what_chatters_is_given_a_delay(source: Source, setting: str) -> None:
    """By a setting that the program knows."""
    told = said(Advice(AdviceKind.DELAY, source, count=9))
    chosen = build_parser().parse_args(shlex.split(told.command)[1:])
    assert chosen.settings == [setting]
    read_settings(chosen.settings)


@pytest.mark.parametrize("kind", list(AdviceKind))
def test_every_advice_has_a_sentence_and_none_can_steer_a_screen_or_a_shell(kind: AdviceKind) -> None:
    """Whatever the log says the subject is called."""
    source = Source(NASTY, "down", NASTY)
    advice = Advice(kind, source, ((source, 3),), 2, 3, 0.5, 0.1, 1, 7, 90_000.0, START_S)
    told = said(advice)
    assert told.sentence
    assert "\x1b" not in told.sentence + told.command
    if told.command:
        words_of_shell = shlex.split(told.command)
        assert words_of_shell[:2] == ["controlroom", "backtest"]
        assert words_of_shell[5].startswith("x; rm -rf /")


def test_what_is_no_endpoint_has_no_backtest() -> None:
    """A common cause is not measured by itself."""
    for kind in (AdviceKind.LOOK_AT_LINK, AdviceKind.DELAY):
        for subject in ("engine", "group:duct-7"):
            assert said(Advice(kind, Source(subject, "down"), count=5, share=0.5)).command == ""
