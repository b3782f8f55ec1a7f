"""Where each key of a TOML text stands. It reads text that ``tomllib`` has accepted, and judges nothing.

``tomllib`` gives values without places, so this scanner walks the same text and notes the line of every
table header, key and list item. It takes each character once, keeps nesting on a list of its own and stops
where nesting passes every bound, so that it neither recurses nor runs long on hostile text.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

KeyPath = tuple[str | int, ...]
"""Keys, and places in a list counted from 0: ``("endpoints", 2, "probes", 0, "period_s")``."""

_DEEPEST: Final = 200

_BLANK: Final = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BLANK_OR_COMMA: Final = re.compile(r"(?:[ \t\r\n,]++|#[^\n]*+)*+")
_SPACE: Final = re.compile(r"[ \t]*+")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]++")
_SCALAR: Final = re.compile(r"[^,\]}#\r\n]++")
_STRINGS: Final = (
    # A multi-line string may end in up to two quotes of its own before the three that close it.
    ('"""', re.compile(r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}', re.DOTALL)),
    ("'''", re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}")),
    ('"', re.compile(r'"(?:[^"\\\n]++|\\.)*+"')),
    ("'", re.compile(r"'[^'\n]*+'")),
)


class _End(Exception):  # noqa: N818 - not an error: the scan is over
    """The text ended, or is not what the grammar promised; what was noted until here stands."""


@dataclass(slots=True)
class _Open:
    """A list (with the place of its next item) or an inline table (``None``) that is not yet closed."""

    path: KeyPath
    next_place: int | None


class Lines:
    """The line of every key of one text."""

    def __init__(self, text: str) -> None:
        """Scan a text that ``tomllib`` has accepted; on any other text, what was found until then stands."""
        self._text = text
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._at = 0
        self._line_of: dict[KeyPath, int] = {(): 1}
        self._items: dict[KeyPath, int] = {}
        self._table: KeyPath = ()
        try:
            while self._statement():
                pass
        except _End:
            pass

    def line_of(self, path: KeyPath) -> int:
        """Return the line of a key, counted from 1; of its nearest parent where the key stands nowhere."""
        while path not in self._line_of:
            path = path[:-1]
        return self._line_of[path]

    def _statement(self) -> bool:
        """Read one header or one ``key = value``; tell whether more may follow."""
        self._skip(_BLANK)
        start = self._at
        if self._text.startswith("[[", start):
            self._at += 2
            self._list_header(self._key(), start)
            self._expect("]]")
        elif self._text.startswith("[", start):
            self._at += 1
            self._table = self._note_along((), self._key(), start)
            self._expect("]")
        elif start < len(self._text):
            path = self._note_along(self._table, self._key(), start)
            self._expect("=")
            self._value(path)
        return self._at > start

    def _list_header(self, key: list[str], start: int) -> None:
        """Open the next table of a list of tables."""
        path: KeyPath = (*self._note_along((), key[:-1], start), key[-1])
        self._note(path, start)
        place = self._items.get(path, 0)
        self._items[path] = place + 1
        self._table = (*path, place)
        self._note(self._table, start)

    def _note_along(self, path: KeyPath, key: list[str], start: int) -> KeyPath:
        """Note each part of a dotted key; within a list of tables the newest table is meant."""
        for part in key:
            path = (*path, part)
            self._note(path, start)
            if path in self._items:
                path = (*path, self._items[path] - 1)
        return path

    def _value(self, path: KeyPath) -> None:
        """Read a value with all that is nested in it, without recursion."""
        opened: list[_Open] = []
        pending: KeyPath | None = path
        while pending is not None:
            if len(opened) > _DEEPEST:
                raise _End
            self._skip(_SPACE)
            mark = self._text[self._at : self._at + 1]
            if mark == "[":
                opened.append(_Open(pending, 0))
                self._at += 1
            elif mark == "{":
                opened.append(_Open(pending, None))
                self._at += 1
            else:
                self._single_value()
            pending = self._next_nested(opened)

    def _next_nested(self, opened: list[_Open]) -> KeyPath | None:
        """Close what ends here and go to the next value inside what is still open."""
        while opened:
            self._skip(_BLANK_OR_COMMA)
            if self._text[self._at : self._at + 1] in ("]", "}"):
                self._at += 1
                opened.pop()
                continue
            top = opened[-1]
            start = self._at
            if top.next_place is None:
                path = self._note_along(top.path, self._key(), start)
                self._expect("=")
                return path
            path = (*top.path, top.next_place)
            top.next_place += 1
            self._note(path, start)
            return path
        return None

    def _single_value(self) -> None:
        """Pass over a string, a number, a truth value or a date."""
        for opening, pattern in _STRINGS:
            if self._text.startswith(opening, self._at):
                self._take(pattern)
                return
        self._take(_SCALAR)

    def _key(self) -> list[str]:
        """Read a key with its dots."""
        parts: list[str] = []
        while len(parts) < _DEEPEST:
            self._skip(_SPACE)
            if self._text.startswith(('"', "'"), self._at):
                quoted = self._take(_STRINGS[2 if self._text[self._at] == '"' else 3][1])
                parts.append(str(tomllib.loads(f"key = {quoted}")["key"]))
            else:
                parts.append(self._take(_BARE_KEY))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1
        raise _End

    def _note(self, path: KeyPath, start: int) -> None:
        self._line_of.setdefault(path, bisect_left(self._ends, start) + 1)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        if match is not None:
            self._at = match.end()

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise _End
        self._at = match.end()
        return match.group()

    def _expect(self, mark: str) -> None:
        self._skip(_SPACE)
        if not self._text.startswith(mark, self._at):
            raise _End
        self._at += len(mark)
