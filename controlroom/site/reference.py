"""The reference of the site file's keys as Markdown tables, made from the model itself. It writes no file.

Each table has a key, its type, its default and its meaning, as the model and the probe types declare them,
so that the reference cannot say anything else than what the loader does.
"""

from __future__ import annotations

import enum
import types
from datetime import date
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from controlroom.probe import ProbeTypes
from controlroom.site.configured import IDENTIFIER_PATTERN, WHEN_EMPTY, Identifier
from controlroom.site.keys import HEADERS, file_keys, models_of
from controlroom.site.model import Probe
from controlroom.site.only_with import OnlyWith
from controlroom.site.service import AllOf, AnyOf, AtLeast
from controlroom.site.usual import usual_words

_NEEDS: Final[tuple[tuple[str, type[BaseModel]], ...]] = (
    ("A need: all of a list", AllOf),
    ("A need: any of a list", AnyOf),
    ("A need: at least so many of a list", AtLeast),
)

_FROM_THE_TYPE: Final = {
    "name": "the type",
    "period_s": "the type's",
    "timeout_s": "the type's, or the period",
}
_NAMES: Final[dict[Any, str]] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
}
_BOUNDS: Final = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def reference(probe_types: ProbeTypes) -> str:
    """Write the tables of all keys, then those of each probe type's own keys."""
    parts = [_table(f"### `{header}`" if header else "### Top level", model) for header, model in HEADERS]
    parts.extend(_table(f"#### {title}", model) for title, model in _NEEDS)
    for probe_type in probe_types.values():
        timing = f"{probe_type.default_period_s:g} s, timeout {probe_type.default_timeout_s:g} s"
        title = f"### Probe type `{probe_type.name}`: {probe_type.title}"
        head = f"{title}\n\n{probe_type.help}\n\nDefault period {timing}."
        if probe_type.usual_limits:
            limits = "; ".join(usual_words(limit) for limit in probe_type.usual_limits)
            head += f"\n\nDegraded, where no limit of the site is on that figure: {limits}."
        parts.append(_table(head, probe_type.parameters))
        for name, field in probe_type.parameters.model_fields.items():
            heading = f"#### `[[endpoints.probes.{name}]]`"
            parts.extend(_table(heading, inner) for inner in models_of(field.annotation))
    return "\n".join(parts)


def _table(heading: str, model: type[BaseModel]) -> str:
    rows = [
        f"| `{name}` | {_type(field)} | {_default(model, name, field)} | {_meaning(field)} |"
        for name, field in file_keys(model).items()
        if name != "parameters"
    ]
    head = ["| key | type | default | meaning |", "|---|---|---|---|"] if rows else ["No keys of its own."]
    return "\n".join([heading, "", *head, *rows, ""])


def _meaning(field: FieldInfo) -> str:
    told = [
        _cell(field.description or ""),
        *(_when(each) for each in field.metadata if isinstance(each, OnlyWith)),
    ]
    return " ".join(told)


def _when(condition: OnlyWith) -> str:
    values = " or ".join(_value(each) for each in condition.values)
    if condition.otherwise and condition.values == ("",):
        return f"Only with `{condition.key}`."
    return f"Only with `{condition.key}` {'other than' if condition.otherwise else '='} {values}."


def _type(field: FieldInfo) -> str:
    words = _words(field.annotation, tuple(field.metadata))
    bounds = [
        f"{word} {_number(getattr(entry, name))}"
        for name, word in _BOUNDS.items()
        for entry in field.metadata
        if getattr(entry, name, None) is not None
    ]
    return ", ".join([words, *bounds])


def _words(annotation: object, metadata: tuple[object, ...] = ()) -> str:
    """Name a type in the words of a site file."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(annotation, arguments)
    if annotation is str and any(_is_identifier(entry) for entry in metadata):
        return "id"
    if annotation is str and any(_is_secret(entry) for entry in metadata):
        return "secret reference"
    if origin is tuple:
        return f"list of {_words(arguments[0])}"
    if origin is Literal:
        return " \\| ".join(_value(one) for one in arguments)
    if origin in (Union, types.UnionType):
        named = [one for one in arguments if one is not type(None)]
        if AllOf in (inner for one in named for inner in models_of(one)):
            return "need"
        return " or ".join(_words(one) for one in named)
    return _plain(annotation)


def _annotated(annotation: object, arguments: tuple[Any, ...]) -> str:
    if annotation == Identifier:
        return "id"
    if any(_is_secret(entry) for entry in arguments[1:]):
        return "secret reference"
    return _words(arguments[0], arguments[1:])


def _plain(annotation: object) -> str:
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return " \\| ".join(_value(one.value) for one in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    return _NAMES.get(annotation, "value")


def _is_identifier(entry: object) -> bool:
    return getattr(entry, "pattern", None) == IDENTIFIER_PATTERN


def _is_secret(entry: object) -> bool:
    extra = getattr(entry, "json_schema_extra", None)
    return isinstance(extra, dict) and extra.get("format") == "secret-reference"


def _default(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    if model is Probe and name in _FROM_THE_TYPE:
        return _FROM_THE_TYPE[name]
    if field.is_required():
        return "required"
    extra = field.json_schema_extra
    if isinstance(extra, dict) and WHEN_EMPTY in extra:
        return str(extra[WHEN_EMPTY])
    default = field.get_default(call_default_factory=True)
    if isinstance(default, BaseModel) or default in (None, "", ()):
        return "none"
    if isinstance(default, tuple):
        return "see meaning"
    return _value(default)


def _value(value: object) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f'`"{value}"`' if isinstance(value, str) else f"`{_number(value)}`"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
