"""Settings that hold for one replay in the place of the site's, as typed: ``key=value``. It writes nothing.

Rules:
1. The keys are those of the site file: of a probe, ``false_call_days``, and of a limit behind its metric
   (``rtt_s.raise_above``). Each is a number.
2. They hold for every probe that reaches its endpoint, a limit's for every probe that yields its metric, and
   are judged as the site file is.
3. Where a probe has no limit on a metric yet, one is made; on ``loss_ratio`` from the one that holds by
   default.
4. Of a recorded series a reply may take longer than the period, for nothing is asked any more.
5. A profile takes the place of the site's, with the site's own numbers in it gone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from controlroom.errors import ControlroomError
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT, LOSS_RATIO
from controlroom.probe import ProbeTypes
from controlroom.report.escaping import printable
from controlroom.site.mistakes import Mistake, MistakeList, nearest
from controlroom.site.model import Changes, Endpoint, Limit, LimitWherePresent, Probe, Site
from controlroom.site.place import Place
from controlroom.site.probecheck import check_probe
from controlroom.site.profile import Profiles
from controlroom.site.wording import note_errors

BAD_SETTING: Final = "bad-setting"
NO_SUCH_PROFILE: Final = "no-such-profile"

FALSE_CALL_DAYS: Final = "false_call_days"
PROBE_KEYS: Final = ("period_s", "timeout_s", "confirm_attempts", "return_attempts")
LIMIT_KEYS: Final = tuple(key for key in Limit.model_fields if key != "metric")
_KEYS: Final = (*PROBE_KEYS, FALSE_CALL_DAYS)
_IN_LIMITS: Final = re.compile(r"limits\[#(\d+)\](?:\.(\w+))?")
_LONGEST: Final = 60

Number = int | float


@dataclass(frozen=True, slots=True)
class Settings:
    """What was typed: keys of a probe, keys of limits by their metric, and the rest."""

    probe: Mapping[str, Number] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)
    false_call_days: Number | None = None

    @property
    def deadline_s(self) -> float | None:
        """The deadline that was typed, if one was."""
        return self.probe.get("timeout_s")


NO_SETTINGS: Final = Settings()


def read_settings(texts: Iterable[str]) -> Settings:
    """Read settings as typed (rule 1); raise ``ControlroomError`` with the code ``bad-setting``."""
    probe: dict[str, Number] = {}
    limits: dict[str, dict[str, Number]] = {}
    days: Number | None = None
    for text in texts:
        key, equals, typed = (part.strip() for part in text.partition("="))
        if not equals:
            raise _refused(f"“{_shown(text)}” is not of the form key=value, such as rtt_s.raise_above=0.2.")
        metric, dot, of_limit = key.rpartition(".")
        if dot and of_limit in LIMIT_KEYS:
            limits.setdefault(metric, {})[of_limit] = _number(key, typed)
        elif key in PROBE_KEYS:
            probe[key] = _number(key, typed)
        elif key == FALSE_CALL_DAYS:
            days = _number(key, typed)
        else:
            known = [f"{metric}.{each}" for each in LIMIT_KEYS] if dot else _KEYS
            raise _unknown(key, known)
    return Settings(probe, limits, days)


def with_settings(
    site: Site,
    endpoint_ids: Collection[str],
    settings: Settings,
    probe_types: ProbeTypes,
    *,
    recorded: bool = False,
) -> Site:
    """Return a site in which the settings hold for some endpoints (rules 2 to 4).

    Raise ``ControlroomError`` (``bad-setting``) with what the site's own rules say of them.
    """
    if settings.false_call_days is not None:
        days = _judged_changes(settings.false_call_days)
        site = site.model_copy(update={"changes": days})
    chosen = [each for each in site.endpoints if each.id in endpoint_ids]
    _refuse_unmeasured(chosen, settings, probe_types)
    endpoints = tuple(
        _endpoint_with(each, settings, probe_types, recorded) if each.id in endpoint_ids else each
        for each in site.endpoints
    )
    return site.model_copy(update={"endpoints": endpoints})


def with_profile(site: Site, endpoint_ids: Collection[str], profile: str, profiles: Profiles) -> Site:
    """Return a site in which some endpoints have a profile (rule 5); raise where there is no such one."""
    if profile not in profiles:
        meant = nearest(profile, profiles)
        happened = f"There is no profile “{_shown(profile)}”."
        advice = f"Did you mean {meant}? " if meant else ""
        raise ControlroomError(NO_SUCH_PROFILE, happened, f"{advice}Known: {', '.join(sorted(profiles))}.")
    change = {"profile": profile, "profile_limits": ()}
    endpoints = tuple(
        each.model_copy(update=change) if each.id in endpoint_ids else each for each in site.endpoints
    )
    return site.model_copy(update={"endpoints": endpoints})


def metrics_of(probe: Probe, probe_types: ProbeTypes) -> tuple[str, ...]:
    """Name what can be limited of a probe."""
    yielded = tuple(metric.name for metric in probe_types[probe.type].metrics(probe.parameters))
    return (*yielded, LOSS_RATIO) if probe_types[probe.type].reaches else yielded


def _judged_changes(days: Number) -> Changes:
    table = {FALSE_CALL_DAYS: days}
    mistakes = MistakeList("", table)
    try:
        return Changes.model_validate_json(json.dumps(table), strict=True)
    except ValidationError as error:
        note_errors(mistakes, error, Changes, table)
    raise _all_of(mistakes, [])


def _refuse_unmeasured(endpoints: Sequence[Endpoint], settings: Settings, probe_types: ProbeTypes) -> None:
    """Refuse a limit on what nobody measures: it would be passed over without a word."""
    known = {name for each in endpoints for probe in each.probes for name in metrics_of(probe, probe_types)}
    for metric, keys in settings.limits.items():
        if metric not in known:
            key = next(iter(keys))
            raise _unknown(f"{metric}.{key}", [f"{name}.{key}" for name in sorted(known)])


def _endpoint_with(
    endpoint: Endpoint, settings: Settings, probe_types: ProbeTypes, recorded: bool
) -> Endpoint:
    probes = tuple(_probe_with(probe, settings, probe_types, recorded) for probe in endpoint.probes)
    return endpoint.model_copy(update={"probes": probes})


def _probe_with(probe: Probe, settings: Settings, probe_types: ProbeTypes, recorded: bool) -> Probe:
    own = settings.probe if probe_types[probe.type].reaches else {}
    metrics = set(metrics_of(probe, probe_types)) & settings.limits.keys()
    if not own and not metrics:
        return probe
    kept = [each for each in probe.limits if each.metric not in metrics]
    before = [each for metric in sorted(metrics) for each in _limits_on(probe, metric)]
    changed = [_table_of(each) | dict(settings.limits[each.metric]) for each in before]
    table = probe.model_dump(mode="json", exclude={"parameters", "limits"}, exclude_none=True) | dict(own)
    judged = _judged(table | {"limits": changed}, probe, probe_types, recorded)
    limits = (*map(_of_kind, before, judged.limits), *kept)
    return judged.model_copy(update={"parameters": probe.parameters, "limits": limits})


def _limits_on(probe: Probe, metric: str) -> list[Limit]:
    """Return the limits of a probe on a metric, or the one that is made (rule 3)."""
    before: list[Limit] = [each for each in probe.limits if each.metric == metric]
    return before or [
        DEFAULT_LOSS_LIMIT if metric == LOSS_RATIO else Limit.model_validate({"metric": metric})
    ]


def _table_of(limit: Limit) -> dict[str, Any]:
    return limit.model_dump(exclude_none=True, exclude_defaults=True, exclude={"told_by"})


def _of_kind(before: Limit, limit: Limit) -> Limit:
    """Let a usual limit on what not everyone has stay one."""
    if not isinstance(before, LimitWherePresent):
        return limit
    return LimitWherePresent.model_validate(limit.model_dump() | {"told_by": before.told_by})


def _judged(table: dict[str, Any], probe: Probe, probe_types: ProbeTypes, recorded: bool) -> Probe:
    """Judge a probe as one of a site file is."""
    mistakes = MistakeList("", table)
    judged: Probe | None = None
    try:
        judged = Probe.model_validate_json(json.dumps(table | {"parameters": {}}), strict=True)
    except ValidationError as error:
        note_errors(mistakes, error, Probe, table)
    check_probe(mistakes, Place(table), probe_types, probe.parameters, recorded=recorded)
    if judged is None or mistakes:
        raise _all_of(mistakes, table["limits"])
    return judged


def _all_of(mistakes: MistakeList, limits: Sequence[Mapping[str, object]]) -> ControlroomError:
    """Tell all mistakes in the words of the site file, under the keys that were typed."""
    told = [_told(each, limits) for each in mistakes.error(lambda path: 0).mistakes]
    return _refused(" ".join(dict.fromkeys(told)))


def _told(mistake: Mistake, limits: Sequence[Mapping[str, object]]) -> str:
    key = mistake.key_path
    match = _IN_LIMITS.fullmatch(key)
    if match is not None:
        key = ".".join(filter(None, (str(limits[int(match[1]) - 1].get("metric")), match[2])))
    return printable(f"--set {key} {mistake.happened} {mistake.advice}".strip())


def _number(key: str, typed: str) -> Number:
    try:
        value = int(typed) if re.fullmatch(r"[+-]?\d{1,15}", typed, re.ASCII) else float(typed)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _refused(f"--set {_shown(key)} needs a number, not “{_shown(typed)}”.")
    return value


def _unknown(key: str, known: Collection[str]) -> ControlroomError:
    meant = nearest(key, known)
    hint = f"Did you mean {printable(meant)}? " if meant else ""
    happened = f"--set knows no “{_shown(key)}” here."
    return _refused(
        happened, f"{hint}Known: {', '.join(_KEYS)}, and limits as METRIC.{'|'.join(LIMIT_KEYS)}."
    )


def _refused(happened: str, advice: str = "") -> ControlroomError:
    return ControlroomError(BAD_SETTING, happened, advice)


def _shown(text: str) -> str:
    return printable(text, _LONGEST)
