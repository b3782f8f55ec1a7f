"""What to do about alarms, a sentence a piece of advice, and the command that helps. It decides nothing.

Rules:
1. A limit is tried at the middle of the figures that raised it: half of its alarms were no worse. Which way
   it points the site says; where the site has no such limit any more, or it judges a state, no number is
   proposed.
2. A backtest replays single readings, which are kept for some days: it begins a week back at most.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.alarms.health.advice import Advice, AdviceKind
from controlroom.alarms.health.source import Source
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT, LOSS_RATIO
from controlroom.report import wording
from controlroom.report.alarm_health_words import share_text, source_words
from controlroom.report.escaping import printable
from controlroom.report.figures import duration_text, local_text, unit_of, value_text
from controlroom.site.model import Limit
from controlroom.site.view import SeenMetric, SiteView

_LONGEST_DAYS: Final = 7
_HOUR_S, _DAY_S = 3600.0, 86_400.0
_DELAY_S: Final = 300
_RETURN_ATTEMPTS: Final = 20
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """One sentence or two, and a command where one helps."""

    sentence: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What the words need beside the advice."""

    view: SiteView | None
    zone_name: str
    length_s: float
    """How long the range is that the advice goes by."""


def advice_words(advice: Advice, saying: Saying) -> AdviceWords:
    """Say what to do."""
    return _TELLERS[advice.kind](advice, saying)


def _backtest(advice: Advice, saying: Saying) -> AdviceWords:
    source, share = advice.source or Source("", ""), share_text(advice.share or 0.0)
    made = f"{source_words(source, saying.view)}: this limit made {share} of all alarms ({advice.count:,})."
    setting, shown = _setting(source, advice.figure, saying.view)
    if not setting:
        return AdviceWords(f"{made} Backtest it.", _command(source, saying))
    told = f"{made} Half of them were no worse than {shown}. Backtest what a limit of that would have said."
    return AdviceWords(told, _command(source, saying, setting))


def _look_at_link(advice: Advice, saying: Saying) -> AdviceWords:
    source, share = advice.source or Source("", ""), share_text(advice.share or 0.0)
    made = f"{source_words(source, saying.view)}: {share} of all alarms ({advice.count:,})."
    if not _is_endpoint(source):
        return AdviceWords(f"{made} Repair what is behind it first.")
    return AdviceWords(f"{made} Repair it, or backtest how it is judged.", _command(source, saying))


def _delay(advice: Advice, saying: Saying) -> AdviceWords:
    source = advice.source or Source("", "")
    told = f"{source_words(source, saying.view)}: it chatters ({advice.count:,} alarms in bursts)."
    if not _is_endpoint(source):
        return AdviceWords(f"{told} Find out what switches back and forth.")
    if source.metric:
        setting = shlex.quote(f"{printable(source.metric, 63)}.off_delay_s={_DELAY_S}")
        wait = duration_text(_DELAY_S)
        told = (
            f"{told} Let it stay good for {wait} before its alarm is over, or widen the gap to its clearing."
        )
        return AdviceWords(told, _command(source, saying, setting))
    setting = f"return_attempts={_RETURN_ATTEMPTS}"
    sooner = "let fewer falls make it unstable (falls in [alarms.flapping])"
    told = f"{told} Ask for more answers before it counts as back, or {sooner}."
    return AdviceWords(told, _command(source, saying, setting))


def _fleeting(advice: Advice, saying: Saying) -> AdviceWords:
    named = _named(advice, saying)
    told = f"{_alarms(advice.count)} over within a minute, before anybody could act: {named}."
    return AdviceWords(f"{told} A delay before the alarm, or no alarm at all, serves the operators better.")


def _stale(advice: Advice, saying: Saying) -> AdviceWords:
    source, age = advice.source or Source("", ""), duration_text(advice.age_s or 0.0)
    which = "" if advice.alarm is None else f" (alarm {advice.alarm})"
    told = f"{source_words(source, saying.view)}{which} has stood for {age}."
    return AdviceWords(f"{told} Repair it, shelve it with a reason, or make it an event if nobody need act.")


def _too_urgent(advice: Advice, saying: Saying) -> AdviceWords:
    priority = advice.priority or 0
    share, words = share_text(advice.share or 0.0), wording.priority_words(priority)
    subjects = _subjects(advice, saying)
    told = (
        f"Too many alarms are urgent: {share} have priority {priority} ({words}), most of them of {subjects}."
    )
    return AdviceWords(f"{told} Look whether so much hangs on them: their criticality gives the priority.")


def _fell_together(advice: Advice, saying: Saying) -> AdviceWords:
    at = "" if advice.at_utc_s is None else local_text(advice.at_utc_s, saying.zone_name, with_zone=False)
    told = f"{_alarms(advice.count)} in the flood of {at}, of {_subjects(advice, saying)}."
    hint = "What falls together may hang on one thing: tell the site what they stand behind (behind), or"
    return AdviceWords(f"{told} {hint} which risk group they share. Then it is one alarm.")


def _unauthorised(advice: Advice, saying: Saying) -> AdviceWords:
    times = "once" if advice.count == 1 else f"{advice.count:,} times"
    which = "" if advice.alarm is None else f", last alarm {advice.alarm}"
    told = f"Alarms were hidden without authority {times}{which}."
    return AdviceWords(f"{told} Ask who it was, and let nobody work at a desk without signing in.")


_TELLERS: Final[dict[AdviceKind, Callable[[Advice, Saying], AdviceWords]]] = {
    AdviceKind.BACKTEST: _backtest,
    AdviceKind.LOOK_AT_LINK: _look_at_link,
    AdviceKind.DELAY: _delay,
    AdviceKind.FLEETING: _fleeting,
    AdviceKind.STALE: _stale,
    AdviceKind.TOO_URGENT: _too_urgent,
    AdviceKind.FELL_TOGETHER: _fell_together,
    AdviceKind.UNAUTHORISED: _unauthorised,
}


def _command(source: Source, saying: Saying, setting: str = "") -> str:
    """Write a backtest of one endpoint (rule 2)."""
    days = min(int(saying.length_s // _DAY_S), _LONGEST_DAYS)
    since = f"{days}d" if days else f"{max(1, int(saying.length_s // _HOUR_S))}h"
    tried = f" --set {setting}" if setting else ""
    endpoint = shlex.quote(printable(source.subject, 63))
    return f"controlroom backtest --since {since} --endpoint {endpoint}{tried}"


def _setting(source: Source, figure: float | None, view: SiteView | None) -> tuple[str, str]:
    """Return the setting to try and its figure in words, both empty where none is proposed (rule 1)."""
    limit, metric = _limit_of(source, view), _metric_of(source, view)
    if figure is None or limit is None or (metric is not None and metric.meanings):
        return "", ""
    key = "raise_above" if limit.raise_above is not None else "raise_below"
    unit = unit_of(source.metric) if metric is None else metric.unit
    return f"{limit.metric}.{key}={figure:.4g}", value_text(figure, unit)


def _limit_of(source: Source, view: SiteView | None) -> Limit | None:
    seen = wording.seen_endpoint(source.subject, view)
    if seen is None:
        return None
    limits = (limit for probe in seen.probes for limit in probe.limits)
    own = next((limit for limit in limits if limit.metric == source.metric), None)
    return DEFAULT_LOSS_LIMIT if own is None and source.metric == LOSS_RATIO else own


def _metric_of(source: Source, view: SiteView | None) -> SeenMetric | None:
    seen = wording.seen_endpoint(source.subject, view)
    metrics = (metric for probe in (seen.probes if seen is not None else ()) for metric in probe.metrics)
    return next((metric for metric in metrics if metric.name == source.metric), None)


def _is_endpoint(source: Source) -> bool:
    """Whether a source is an endpoint, and neither the monitoring nor what several have in common."""
    return source.subject != ENGINE and ":" not in source.subject


def _named(advice: Advice, saying: Saying) -> str:
    told = [f"{source_words(source, saying.view)} ({count:,})" for source, count in advice.sources]
    return _few(told, advice.more_sources)


def _subjects(advice: Advice, saying: Saying) -> str:
    names = dict.fromkeys(wording.subject_words(source.subject, saying.view) for source, _ in advice.sources)
    return _few(list(names), advice.more_sources)


def _few(names: Sequence[str], more: int) -> str:
    left = max(0, len(names) - _MOST_NAMED) + more
    return f"{'; '.join(names[:_MOST_NAMED])}{f' and {left:,} more' if left else ''}"


def _alarms(count: int) -> str:
    return f"{count:,} {'alarm was' if count == 1 else 'alarms were'}"
