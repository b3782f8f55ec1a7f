"""What the body of an answer must hold, and must not. Pure; the body is untrusted.

1. A pattern is matched by the regular expressions that pydantic brings (Rust's ``regex``): their time grows
   with the body and never explodes, and what would make it explode (look-around, references back) is refused.
2. Counts in braces multiply the size of a pattern: together they are at most ``MOST_COUNTED``.
3. Where a body was not read to its end, what it must hold and what was not found is told as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import SchemaError

MOST_COUNTED: Final = 100

_COUNT: Final = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)\s*\}")

Matches = Callable[[str], bool]


def compile_pattern(pattern: str) -> Matches:
    """Return what tells whether a text holds the pattern; raise ``ValueError`` for none (rules 1, 2)."""
    counted = 1
    for found in _COUNT.finditer(pattern):
        counted *= max(1, *(int(count[:6]) for count in found.groups() if count))
    if counted > MOST_COUNTED:
        raise ValueError(f"the counts in its braces multiply to more than {MOST_COUNTED}")
    try:
        adapter = TypeAdapter(Annotated[str, Field(pattern=pattern)])
    except SchemaError:
        raise ValueError("is no regular expression, or one that needs too much time or room") from None

    def matches(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return matches


@dataclass(frozen=True, slots=True)
class ContentRule:
    """What a body must hold and must not; no rule where all are empty."""

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    pattern: str = ""
    matches: Matches | None = None

    def fault(self, body: bytes, *, whole: bool) -> str:
        """Return what is wrong with a body, ``""`` for nothing."""
        text = body.decode("utf-8", errors="replace")
        read = "" if whole else f" in the {len(body)} bytes that were read"
        for wanted in self.contains:
            if wanted not in text:
                return f"“{wanted}” is not there{read}"
        for unwanted in self.lacks:
            if unwanted in text:
                return f"“{unwanted}” is there"
        if self.matches is not None and not self.matches(text):
            return f"nothing matches “{self.pattern}”{read}"
        return ""
