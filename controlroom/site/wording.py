"""From pydantic's errors to mistakes in plain words, at the key path that the file has. It validates nothing.

1. A value of the file is repeated only where it must be one of a few words or a number within bounds; never
   where it is of the wrong type or under an unknown key, since it may be a secret in the wrong place.
2. pydantic's location may hold steps that the file does not have (the shape of a need): those are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from controlroom.site.configured import IDENTIFIER_PATTERN
from controlroom.site.datecheck import DATE_ADVICE
from controlroom.site.keys import HEADERS, known_keys, meaning
from controlroom.site.lines import KeyPath
from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.secret import LITERAL_SECRET

_EXPECTED: Final = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "dict_type": "a table",
    "date_type": "a date",
}
_BOUNDS: Final = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


def note_errors(
    mistakes: MistakeList,
    error: ValidationError,
    model: type[BaseModel],
    tables: object,
    base: KeyPath = (),
    beside: Collection[str] = (),
) -> None:
    """Note every error of a validation of ``tables`` by ``model``, which stand at ``base`` in the file.

    ``beside`` are known keys of the outermost table that another validation has judged.
    """
    judged_before = mistakes.paths()
    for detail in error.errors(include_url=False):
        path = _path_in_file(detail["loc"], tables, detail["type"])
        if (*base, *path) in judged_before:
            continue
        if mistakes.full:
            mistakes.add("not-listed", path, "")
        elif detail["type"] == "extra_forbidden":
            here = known_keys(model, path[:-1]) | (frozenset(beside) if len(path) == 1 else frozenset())
            _unknown_key(mistakes, (*base, *path), here)
        elif detail["type"] == "value_error":
            for key, happened in _by_key(
                str(detail.get("ctx", {}).get("error", "")), known_keys(model, path)
            ):
                mistakes.add("bad-value", (*base, *path, *key), happened, meaning(model, (*path, *key)))
        elif not _follows_from_another(detail):
            code, happened, advice, known = _worded(detail, meaning(model, path))
            word = detail["input"] if known and isinstance(detail["input"], str) else ""
            mistakes.add(code, (*base, *path), happened, advice, word=word, known=known)


def _by_key(sentences: str, keys: Collection[str]) -> Iterator[tuple[KeyPath, str]]:
    """Take apart what a model says of its own rules, such as ``"auth: needs this; user: needs that"``."""
    for sentence in sentences.split("; "):
        key, colon, rest = sentence.partition(": ")
        happened = f"{rest if colon and key in keys else sentence}.".replace("..", ".")
        yield ((key,) if colon and key in keys else ()), happened


def _path_in_file(location: tuple[int | str, ...], tables: object, error_type: str) -> KeyPath:
    """Leave out the steps that the file does not have; a missing key is the last step all the same."""
    path: list[str | int] = []
    value: object = tables
    for place, step in enumerate(location):
        inner = Place(value).step(step)
        if inner is None and not (error_type == "missing" and place == len(location) - 1):
            continue
        value = inner
        path.append(step)
    return tuple(path)


def _follows_from_another(detail: ErrorDetails) -> bool:
    """Tell of a list that counts as too short only because its items are wrong."""
    return detail["type"] == "too_short" and bool(detail["input"])


def _unknown_key(mistakes: MistakeList, path: KeyPath, known: Collection[str]) -> None:
    key = str(path[-1])
    homes = [header or "the top level" for header, table in HEADERS if key in known_keys(table)]
    if homes:
        advice = f"This key belongs to {' or '.join(homes)}: move it there, above any header that follows."
        mistakes.add("unknown-key", path, "is not a key of this table.", advice)
        return
    advice = f"Known here: {', '.join(sorted(known))}."
    mistakes.add("unknown-key", path, "is not a known key.", advice, word=key, known=known)


def _worded(detail: ErrorDetails, purpose: str) -> tuple[str, str, str, tuple[str, ...]]:
    """Word one error: its code, what happened, what to do, and the words that were possible."""
    kind, context, value = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "missing":
        return "missing-key", "is missing.", f"Add it: {purpose}" if purpose else "Add it.", ()
    if kind in _EXPECTED:
        return _wrong_type(kind, value)
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return "out-of-range", f"is {value}; it must be {words} {context[name]}.", "", ()
    if kind in ("enum", "literal_error"):
        return _not_one_of(value, str(context["expected"]))
    if kind == "union_tag_not_found":
        advice = "Write a path's id, { all = [...] }, { any = [...] } or { at_least = 2, of = [...] }."
        return "wrong-type", "is no need.", advice, ()
    if kind == LITERAL_SECRET:
        advice = "Write file:PATH or keyring:SERVICE/USER, and keep the secret there."
        return "secret-literal", f"{detail['msg']}.", advice, ()
    return _text_or_other(kind, context, detail["msg"], purpose)


def _wrong_type(kind: str, value: object) -> tuple[str, str, str, tuple[str, ...]]:
    expected = _EXPECTED[kind]
    advice = ""
    if expected == "a list" and isinstance(value, dict):
        advice = "Write its header in double brackets: [[...]]."
    if expected == "a date":
        advice = DATE_ADVICE
    return "wrong-type", f"must be {expected}, not {_kind_of(value)}.", advice, ()


def _kind_of(value: object) -> str:
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a whole number"),
        (float, "a number with a fraction"),
        (str, "text"),
        (list, "a list"),
        (dict, "a table"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "this")


def _not_one_of(value: object, expected: str) -> tuple[str, str, str, tuple[str, ...]]:
    allowed = tuple(re.findall(r"'([^']*)'", expected))
    words = ", ".join(allowed) or expected
    if isinstance(value, str):
        shown = value if len(value) <= 60 else f"{value[:60]}…"
        return "not-allowed", f'"{shown}" is not allowed here.', f"Allowed: {words}.", allowed
    if allowed:
        return "wrong-type", f"must be text in quotes, not {_kind_of(value)}.", f"Allowed: {words}.", ()
    return "not-allowed", f"{value} is not allowed here.", f"Allowed: {words}.", ()


def _text_or_other(
    kind: str, context: Mapping[str, Any], message: str, purpose: str
) -> tuple[str, str, str, tuple[str, ...]]:
    if kind == "string_pattern_mismatch" and context["pattern"] == IDENTIFIER_PATTERN:
        advice = "Use lower-case letters, digits and hyphens; at most 63, the first no hyphen."
        return "bad-text", "is not usable as an id.", advice, ()
    if kind == "string_pattern_mismatch":
        advice = f"{purpose} Control characters are never allowed."
        return "bad-text", "is not written as this key takes it.", advice.strip(), ()
    if kind == "string_too_long":
        return "bad-text", f"is longer than {context['max_length']} characters.", "Shorten it.", ()
    if kind in ("too_short", "string_too_short"):
        return "too-few", "is empty.", purpose, ()
    if kind == "too_long":
        return "too-many", f"has more than {context['max_length']} items.", "Take some out.", ()
    return "bad-value", f"is not usable: {message}.", purpose, ()
