"""Forms as data: every field with its label, help and limits, taken from the models' own declarations.

Nothing here is written for one probe type: a new type, or a new key of one, gets its form by itself.
It draws nothing and judges no value; the site loader does.
"""

from __future__ import annotations

import enum
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from controlroom.probe import Metric, Offer, ProbeType, ProbeTypes
from controlroom.site.configured import WHEN_EMPTY
from controlroom.site.model import Endpoint, Limit, Probe
from controlroom.site.only_with import OnlyWith
from controlroom.site.profile import NO_PROFILES, Profiles

_AS_WRITTEN: Final = {
    "ttl": "TTL",
    "ip": "IP",
    "dscp": "DSCP",
    "snmp": "SNMP",
    "oid": "OID",
    "id": "ID",
    "udp": "UDP",
    "rtt": "RTT",
    "tls": "TLS",
    "dns": "DNS",
    "ntp": "NTP",
    "sip": "SIP",
    "dnssec": "DNSSEC",
    "dont": "Don’t",
    "ie": "Ie",
    "bpl": "Bpl",
}
_UNITS: Final = {"s": "s", "bytes": "bytes", "dbm": "dBm", "db": "dB", "ratio": "", "percent": "%"}
_LEFT_OPEN: Final = "not set here"
_NOT_IN_FORM: Final = frozenset({"probes", "limits", "parameters", "type"})


class FieldKind(enum.StrEnum):
    """What a field takes, and therefore how it is edited."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    CHOICE = "choice"
    YES_NO = "yes_no"
    SECRET = "secret"  # noqa: S105 - a kind of field, not a password
    NAMES = "names"
    DATE = "date"
    TABLE = "table"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class FormField:
    """One key of the site file as a form shows it.

    ``default`` is a plain TOML value, ``None`` where there is none; a choice without one can be left open, by
    its first one, which is empty. ``least`` and ``most`` are allowed themselves, ``above`` is not. ``fields``
    are those of a nested table. ``choice_titles`` are what people read of the choices, where that is not the
    choice itself; then other values may stand there too. ``when_empty`` says what holds where there is
    neither a value nor a default. ``only_with`` says beside which values of other keys it means anything.
    """

    key: str
    label: str
    help: str
    kind: FieldKind
    required: bool = False
    default: object = None
    least: float | None = None
    above: float | None = None
    most: float | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    unit: str = ""
    when_empty: str = ""
    fields: tuple[FormField, ...] = ()
    most_items: int | None = None
    only_with: tuple[OnlyWith, ...] = ()


@dataclass(frozen=True, slots=True)
class ProbeForm:
    """The form of one probe type: its words, and all keys of such a probe, common ones first.

    ``identifies`` are the keys that follow from what an endpoint turns out to be; none where the type cannot
    find that out.
    """

    type: str
    title: str
    help: str
    fields: tuple[FormField, ...]
    identifies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteForm:
    """Everything that forms need to know: the endpoint's own keys, each probe type's, and a limit's."""

    endpoint: tuple[FormField, ...]
    probes: tuple[ProbeForm, ...]
    limit: tuple[FormField, ...]

    def probe(self, type_name: str) -> ProbeForm | None:
        """Find a probe type's form."""
        return next((form for form in self.probes if form.type == type_name), None)


def site_form(probe_types: ProbeTypes, profiles: Profiles = NO_PROFILES) -> SiteForm:
    """Declare the forms of a site with these probe types and profiles."""
    offers = {"profile": _profile_offers(profiles)}
    return SiteForm(
        endpoint=tuple(_with_offers(each, offers.get(each.key, ())) for each in fields_of(Endpoint)),
        probes=tuple(_probe_form(probe_type) for probe_type in probe_types.values()),
        limit=fields_of(Limit),
    )


def metrics_of(
    probe_types: ProbeTypes, type_name: str, parameters: Mapping[str, object]
) -> tuple[Metric, ...]:
    """Return what a probe would yield; nothing while its parameters are wrong."""
    probe_type = probe_types.get(type_name)
    if probe_type is None:
        return ()
    try:
        read = probe_type.parameters.model_validate(dict(parameters))
    except ValueError:
        return ()
    return tuple(probe_type.metrics(read))


def fields_of(model: type[BaseModel]) -> tuple[FormField, ...]:
    """Declare a field for each key of a model, in its order."""
    return tuple(_field(key, info) for key, info in model.model_fields.items() if key not in _NOT_IN_FORM)


def applying_keys(fields: tuple[FormField, ...], values: Mapping[str, object]) -> frozenset[str]:
    """Return the keys that mean something beside these values."""
    # 1. A key without a mark always applies.
    # 2. A key that is not set has its default.
    # 3. What hangs on a key that does not apply does not apply either.
    known = {each.key: each for each in fields}

    def held(key: str) -> object:
        value = values.get(key)
        return known[key].default if value is None else value

    def applies(key: str) -> bool:
        return all(each.holds(held(each.key)) and applies(each.key) for each in known[key].only_with)

    return frozenset(key for key in known if applies(key))


def choice_words(choice: str) -> str:
    """Write a choice as people read it, where it has no title of its own."""
    return choice.replace("-", " ").replace("_", " ")


def _probe_form(probe_type: ProbeType) -> ProbeForm:
    defaults: dict[str, object] = {
        "name": probe_type.name,
        "period_s": probe_type.default_period_s,
        "timeout_s": probe_type.default_timeout_s,
    }
    common = tuple(
        _with_default(each, defaults[each.key]) if each.key in defaults else each for each in fields_of(Probe)
    )
    offers = probe_type.offers() if probe_type.offers is not None else {}
    own = tuple(_with_offers(each, offers.get(each.key, ())) for each in fields_of(probe_type.parameters))
    identifies = probe_type.identifier.settings if probe_type.identifier is not None else ()
    return ProbeForm(probe_type.name, probe_type.title, probe_type.help, (*common, *own), identifies)


def _profile_offers(profiles: Profiles) -> tuple[Offer, ...]:
    """Offer none first, and then each by its title."""
    known = [Offer(profile.id, f"{profile.title}  ({profile.id})") for profile in profiles.values()]
    return (Offer("", "none"), *known) if known else ()


def _with_offers(field: FormField, offers: tuple[Offer, ...]) -> FormField:
    if not offers:
        return field
    values, titles = tuple(each.value for each in offers), tuple(each.title for each in offers)
    return replace(field, kind=FieldKind.CHOICE, choices=values, choice_titles=titles)


def _with_default(field: FormField, default: object) -> FormField:
    return replace(field, default=default, required=False)


def _field(key: str, info: FieldInfo) -> FormField:
    annotation, metadata = _unwrapped(info.annotation, list(info.metadata))
    schema_extra = info.json_schema_extra
    formats = [schema_extra] if isinstance(schema_extra, dict) else []
    formats += [
        extra for each in metadata if isinstance(extra := getattr(each, "json_schema_extra", None), dict)
    ]
    secret = any(extra.get("format") == "secret-reference" for extra in formats)
    label, unit = _label(key)
    bounds = _bounds(metadata)
    kind, choices, nested = _kind(annotation, secret, _takes_lines(metadata))
    left_open = kind is FieldKind.CHOICE and info.default is None
    listed = kind in (FieldKind.NAMES, FieldKind.TABLES)
    return FormField(
        key=key,
        label=label,
        help=info.description or "",
        kind=kind,
        required=info.is_required(),
        default=_plain(info.default),
        least=bounds.get("ge"),
        above=bounds.get("gt"),
        most=bounds.get("le"),
        longest=None if listed else _whole(bounds.get("max_length")),
        choices=("", *choices) if left_open else choices,
        choice_titles=(_LEFT_OPEN, *map(choice_words, choices)) if left_open else (),
        unit=unit,
        when_empty=str(next((extra[WHEN_EMPTY] for extra in formats if WHEN_EMPTY in extra), "")),
        fields=nested,
        most_items=_whole(bounds.get("max_length")) if listed else None,
        only_with=tuple(each for each in metadata if isinstance(each, OnlyWith)),
    )


def _unwrapped(annotation: object, metadata: list[Any]) -> tuple[object, list[Any]]:
    """Take off what stands around a type: ``Annotated`` (keeping its rules) and ``| None``."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            inner, *rules = get_args(annotation)
            annotation, metadata = inner, [*metadata, *rules]
        elif origin in (Union, types.UnionType) and type(None) in get_args(annotation):
            kept = [each for each in get_args(annotation) if each is not type(None)]
            if len(kept) != 1:
                return annotation, metadata
            annotation = kept[0]
        else:
            return annotation, metadata


def _bounds(metadata: list[Any]) -> dict[str, float]:
    found: dict[str, float] = {}
    for rule in metadata:
        rules = rule.metadata if isinstance(rule, FieldInfo) else [rule]
        for each in rules:
            for name, kind in _RULES:
                if isinstance(each, kind):
                    found[name] = float(getattr(each, name))
    return found


_RULES: Final = (
    ("ge", annotated_types.Ge),
    ("gt", annotated_types.Gt),
    ("le", annotated_types.Le),
    ("max_length", annotated_types.MaxLen),
)


def _kind(
    annotation: object, secret: bool, several_lines: bool
) -> tuple[FieldKind, tuple[str, ...], tuple[FormField, ...]]:
    if secret:
        return FieldKind.SECRET, (), ()
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return FieldKind.CHOICE, tuple(str(member.value) for member in annotation), ()
    if get_origin(annotation) is Literal:
        return FieldKind.CHOICE, tuple(str(each) for each in get_args(annotation)), ()
    if get_origin(annotation) is tuple:
        inner, _ = _unwrapped(get_args(annotation)[0], [])
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return FieldKind.TABLES, (), fields_of(inner)
        return FieldKind.NAMES, (), ()
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return FieldKind.TABLE, (), fields_of(annotation)
    plain = next((kind for simple, kind in _PLAIN_KINDS if annotation is simple), None)
    if plain is not None:
        return plain, (), ()
    return (FieldKind.TEXT if several_lines else FieldKind.LINE), (), ()


_PLAIN_KINDS: Final = (
    (bool, FieldKind.YES_NO),
    (int, FieldKind.WHOLE),
    (float, FieldKind.NUMBER),
    (date, FieldKind.DATE),
)


def _takes_lines(metadata: list[Any]) -> bool:
    """Whether a text may hold line ends, by its own pattern."""
    patterns = [pattern for rule in metadata if isinstance(pattern := getattr(rule, "pattern", None), str)]
    return bool(patterns) and all(re.search(pattern, "one\ntwo") for pattern in patterns)


def _label(key: str) -> tuple[str, str]:
    """Make words of a key, and split its unit off: ``time_to_respond_s`` is *Time to respond* in s."""
    words = key.split("_")
    unit = ""
    if len(words) > 1 and words[-1] in _UNITS:
        unit = _UNITS[words[-1]]
        words = words[:-1]
    said = [_AS_WRITTEN.get(word, word) for word in words]
    first = said[0] if said[0] in _AS_WRITTEN.values() else said[0].capitalize()
    return " ".join([first, *said[1:]]), unit


def _plain(default: object) -> object:
    """Write a default as TOML would hold it; ``None`` where there is none."""
    if default is PydanticUndefined or default is None:
        return None
    if isinstance(default, enum.Enum):
        return str(default.value)
    if isinstance(default, BaseModel):
        return default.model_dump(mode="json", exclude_defaults=True)
    if isinstance(default, tuple):
        return [_plain(each) for each in default]
    return default if isinstance(default, bool | int | float | str) else None


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
