"""Breaks a name into two lines where one is too short for it. It paints nothing."""

from __future__ import annotations

from collections.abc import Callable


def two_lines(name: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Return the words that fit into the first line, and the rest; the rest may still be too long.

    A word that alone is too long is broken where the line ends.
    """
    words = name.split()
    count = next((count for count in range(len(words), 0, -1) if fits(" ".join(words[:count]))), 0)
    if count:
        return " ".join(words[:count]), " ".join(words[count:])
    length = next((length for length in range(len(name), 0, -1) if fits(name[:length])), 1)
    return name[:length], name[length:]
