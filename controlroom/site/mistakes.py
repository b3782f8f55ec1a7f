"""What is wrong with a site file: one mistake, the list of them in the file's order, the error that holds it.

It finds no mistakes itself, and it never holds a secret or a value of the file beyond what a sentence needs.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.errors import ControlroomError
from controlroom.site.lines import KeyPath
from controlroom.site.place import Place

MOST_MISTAKES: Final = 200
"""More than these are counted, not listed: nobody reads them, and a hostile file must not cost minutes."""

SITE_MISTAKES: Final = "site-mistakes"
"""The code of the error that a file with mistakes is."""

_LONGEST_WORD: Final = 100
_SHORTEST_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a site file.

    ``code`` is stable (``"unknown-key"``), ``line`` counts from 1, ``key_path`` names the place as people
    read it (``endpoints[mast-3].probes[icmp].period_s``; ``[#2]`` is the second where there is no id).
    ``happened`` and ``advice`` are sentences. ``nearest_key`` is the known key or name most like the
    unknown one, or ``None``. Any of them may hold text of the file: escape it before it reaches a screen.
    """

    code: str
    source: str
    line: int
    key_path: str
    happened: str
    nearest_key: str | None
    advice: str

    def __str__(self) -> str:
        """Lay the parts out as compilers do: where, what, and what to do."""
        place = f"{self.source}:{self.line}: " + (f"{self.key_path}: " if self.key_path else "")
        meant = f' Did you mean "{self.nearest_key}"?' if self.nearest_key else ""
        return f"{place}{self.happened}{meant} {self.advice}".rstrip()


class SiteError(ControlroomError):
    """A site file cannot be used. ``mistakes`` holds every mistake found, in the order of the file."""

    def __init__(self, source: str, mistakes: Sequence[Mistake]) -> None:
        """Take at least one mistake."""
        self.mistakes = tuple(mistakes)
        self.source = source
        first = self.mistakes[0]
        count = "a mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        place = f"line {first.line}: " + (f"{first.key_path}: " if first.key_path else "")
        happened = f"The site file {source} has {count}; {place}{first.happened}"
        super().__init__(SITE_MISTAKES, happened, f'"controlroom check {source}" lists all of them.')


def nearest(word: str, known: Collection[str]) -> str | None:
    """Return the known word most like this one, in whatever case, or ``None`` where none is alike."""
    by_lower_case = {one.lower(): one for one in known}
    wanted = word[:_LONGEST_WORD].lower()
    matches = difflib.get_close_matches(wanted, by_lower_case, n=1, cutoff=0.6)
    if not matches and len(wanted) >= _SHORTEST_BEGINNING:
        matches = [one for one in by_lower_case if one.startswith(wanted)]
    return by_lower_case[matches[0]] if matches else None


class MistakeList:
    """Collects the mistakes of one file: none twice, and a bounded number of them."""

    def __init__(self, source: str, tables: Mapping[str, object]) -> None:
        """Collect for the named file; its tables give the ids that name a place."""
        self._source = source
        self._tables = tables
        self._found: dict[tuple[KeyPath, str], Mistake] = {}
        self._unlisted = 0

    def __len__(self) -> int:
        """Count the mistakes found, also those that are not listed."""
        return len(self._found) + self._unlisted

    @property
    def full(self) -> bool:
        """Tell whether any more would only be counted."""
        return len(self._found) >= MOST_MISTAKES

    def paths(self) -> frozenset[KeyPath]:
        """Return where something wrong has been found so far."""
        return frozenset(path for path, _ in self._found)

    def add(
        self,
        code: str,
        path: KeyPath,
        happened: str,
        advice: str = "",
        *,
        word: str = "",
        known: Collection[str] = (),
    ) -> None:
        """Note a mistake. Where ``word`` is not one of ``known``, the nearest of them is looked up."""
        if (path, happened) in self._found:
            return
        if self.full:
            self._unlisted += 1
            return
        name = readable(path, self._tables)
        near = nearest(word, known) if word else None
        self._found[path, happened] = Mistake(code, self._source, 0, name, happened, near, advice)

    def error(self, line_of: Callable[[KeyPath], int]) -> SiteError:
        """Make the error that holds all of them, with the line of each."""
        placed = sorted(
            ((line_of(path), mistake) for (path, _), mistake in self._found.items()),
            key=lambda pair: pair[0],
        )
        mistakes = [
            Mistake(m.code, m.source, line, m.key_path, m.happened, m.nearest_key, m.advice)
            for line, m in placed
        ]
        if self._unlisted:
            more = f"{self._unlisted} more mistakes are not listed."
            mistakes.append(
                Mistake(
                    "too-many-mistakes", self._source, mistakes[-1].line, "", more, None, "Mend these first."
                )
            )
        return SiteError(self._source, mistakes)


def readable(path: KeyPath, tables: Mapping[str, object]) -> str:
    """Write a key path as people read it: list items by their id or name, otherwise by their place from 1."""
    words: list[str] = []
    value: object = tables
    for step in path:
        value = Place(value).step(step)
        if isinstance(step, str):
            words.append(("." if words else "") + step[:_LONGEST_WORD])
        else:
            words.append(f"[{_name(value) or f'#{step + 1}'}]")
    return "".join(words)


def _name(value: object) -> str | None:
    """Take an item's id, or a probe's name or type, if it is short enough to name a place."""
    if not isinstance(value, Mapping):
        return None
    named = (value.get(key) for key in (("id",) if "id" in value else ("name", "type")))
    return next((name for name in named if isinstance(name, str) and 0 < len(name) <= 63), None)
