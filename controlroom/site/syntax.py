"""What mends a mistake in the syntax of a TOML text, by the parser's word for it. Pure; it parses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_CURES: Final[Sequence[tuple[str, str]]] = (
    ("cannot overwrite", "A key or table stands there a second time: take one of the two away."),
    ("cannot declare", "A table stands there a second time: take one of the two away."),
    ("duplicate inline table key", "A key stands there a second time: take one of the two away."),
    ("illegal character", "A text must end with a quotation mark in the line in which it began."),
    ("unterminated string", "A text must end with a quotation mark in the line in which it began."),
    ("unescaped", "In a text between \" each \\ is written twice; between ' it is written once."),
    ("invalid value", 'Put a text into quotation marks ("…"); write numbers plainly, true and false small.'),
    ("expected '='", 'A line is key = value; a heading stands in brackets; a comment begins with "#".'),
    ("invalid statement", 'A line is key = value; a heading stands in brackets; a comment begins with "#".'),
    ("expected newline", "Only one key = value stands in a line: is a quotation mark or a comma missing?"),
    ("expected ']", "Close the heading with as many brackets as it was opened with."),
    ("unclosed array", "Close the list with ], and put a comma between its items."),
    ("unclosed inline table", "Close the table with }, in the same line, and put a comma between its keys."),
    ("invalid initial character", "A key is made of letters, digits, - and _, or stands in quotation marks."),
)
_UNCLOSED: Final = "Something further up was opened and not closed: a quotation mark, a bracket or a brace."


def syntax_cure(fault: str, column: int | None, *, at_the_end: bool) -> str:
    """Say what to do about a fault in the parser's words; empty where only it can tell."""
    lower = fault.lower()
    known = next((cure for begin, cure in _CURES if begin in lower), "")
    if at_the_end:
        return _UNCLOSED
    place = f"Look at column {column}." if column else ""
    return f"{place} {known}".strip()
