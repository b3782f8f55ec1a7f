"""The keys of the site file as the model declares them: where each stands and what it is for. No values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from controlroom.site.alarm_rule import AlarmRule
from controlroom.site.alarm_settings import AlarmSettings, FlappingSettings, IncidentSettings
from controlroom.site.duty import Contact, Escalation, EscalationStep, QuietHours, Shift
from controlroom.site.lines import KeyPath
from controlroom.site.model import (
    Changes,
    Endpoint,
    History,
    Limit,
    OwnConnectivity,
    Probe,
    Routes,
    Site,
    Voice,
)
from controlroom.site.profile_override import ProfileOverride
from controlroom.site.risk_group import RiskGroup
from controlroom.site.service import Path, Service

COMMON_PROBE_KEYS: Final = frozenset(Probe.model_fields) - {"parameters"}
"""The keys that every probe has; a type's own keys stand beside them."""

HEADERS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("", Site),
    ("[own_connectivity]", OwnConnectivity),
    ("[history]", History),
    ("[routes]", Routes),
    ("[changes]", Changes),
    ("[voice]", Voice),
    ("[alarms]", AlarmSettings),
    ("[alarms.flapping]", FlappingSettings),
    ("[alarms.incidents]", IncidentSettings),
    ("[[alarm_rules]]", AlarmRule),
    ("[[contacts]]", Contact),
    ("[[shifts]]", Shift),
    ("[[escalations]]", Escalation),
    ("[[escalations.steps]]", EscalationStep),
    ("[[quiet_hours]]", QuietHours),
    ("[[risk_groups]]", RiskGroup),
    ("[[endpoints]]", Endpoint),
    ("[[endpoints.profile_limits]]", ProfileOverride),
    ("[endpoints.voice]", Voice),
    ("[[endpoints.probes]]", Probe),
    ("[[endpoints.probes.limits]]", Limit),
    ("[[services]]", Service),
    ("[[services.paths]]", Path),
)
"""Each table of the file by its header; the top level has none."""


def file_keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by the keys that a file has; some are no names that Python allows."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def known_keys(model: type[BaseModel], path: Iterable[str | int] = ()) -> frozenset[str]:
    """Name the keys of the table at a path below a model; of each shape where it may have several."""
    models = _models_at(model, path)
    names = frozenset(name for one in models for name in file_keys(one))
    return names - {"parameters"} if Probe in models else names


def meaning(model: type[BaseModel], path: KeyPath) -> str:
    """Say what the key at a path is for, in the words of its declaration; empty where it has none."""
    keys = [step for step in path if isinstance(step, str)]
    if not keys:
        return ""
    fields = [file_keys(one).get(keys[-1]) for one in _models_at(model, keys[:-1])]
    return next((field.description for field in fields if field is not None and field.description), "")


def models_of(annotation: object) -> Iterator[type[BaseModel]]:
    """Go through the models that stand in an annotation."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    for argument in get_args(annotation):
        yield from models_of(argument)


def _models_at(model: type[BaseModel], path: Iterable[str | int]) -> set[type[BaseModel]]:
    """Follow a path; a step that is no key (the place in a list) changes nothing."""
    models = {model}
    for step in path:
        found = [fields[step] for fields in map(file_keys, models) if step in fields]
        if found:
            models = {inner for field in found for inner in models_of(field.annotation)}
    return models
