"""The limits that a probe is judged by where the site is silent. It judges nothing.

1. A limit of the site on a figure takes the place of all usual ones on that figure.
2. Only what the probe yields is limited; a star in a usual limit stands for whatever the site names. A figure
   that not everyone has is limited where it is there.
"""

from __future__ import annotations

from dataclasses import asdict
from fnmatch import fnmatchcase

from controlroom.probe import ProbeParameters, ProbeType, UsualLimit
from controlroom.site.model import Limit, LimitWherePresent


def with_usual_limits(
    own: tuple[Limit, ...], probe_type: ProbeType, parameters: ProbeParameters
) -> tuple[Limit, ...]:
    """Return the site's limits of a probe, and behind them the usual ones of its type that apply."""
    limited = {limit.metric for limit in own}
    judged = [metric.name for metric in probe_type.metrics(parameters) if metric.name not in limited]
    brought = probe_type.own_limits(parameters) if probe_type.own_limits is not None else ()
    usual = (
        _limit_of(each, name)
        for each in (*probe_type.usual_limits, *brought)
        for name in judged
        if fnmatchcase(name, each.metric)
    )
    return (*own, *usual)


def _limit_of(usual: UsualLimit, metric: str) -> Limit:
    values = asdict(usual) | {"metric": metric}
    if values.pop("where_present"):
        return LimitWherePresent.model_validate(values)
    del values["told_by"]
    return Limit.model_validate(values)


def usual_words(limit: UsualLimit) -> str:
    """Say a limit as the reference does."""
    way, back = ("above", "below") if limit.raise_above is not None else ("below", "above")
    beyond = limit.raise_above if limit.raise_above is not None else limit.raise_below
    again = limit.clear_below if limit.raise_above is not None else limit.clear_above
    return f"`{limit.metric}` {way} {beyond:g} (good again {back} {again:g})"
