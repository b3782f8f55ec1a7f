"""What is said of a site file that somebody changed outside, and of each mistake in it. Pure, no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from controlroom.report.escaping import printable
from controlroom.site.mistakes import Mistake

GOES_ON: Final = "The engine goes on with the last good site; nothing of this file is in use."
_LONGEST: Final = 500


def mistake_words(mistake: Mistake) -> str:
    """Say where a mistake is, what it is, and what mends it."""
    place = f"Line {mistake.line} of {mistake.source}"
    key = f", {mistake.key_path}" if mistake.key_path else ""
    meant = f" Did you mean “{mistake.nearest_key}”?" if mistake.nearest_key else ""
    return printable(f"{place}{key}: {mistake.happened}{meant} {mistake.advice}".rstrip(), _LONGEST)


def outside_words(mistakes: Sequence[Mistake]) -> tuple[str, str]:
    """Say that the file was changed outside: the headline, and the first mistake, if there is any."""
    if not mistakes:
        return "The site file was changed outside Controlroom and is not in use. F4 shows what changed.", ""
    if mistakes[0].code == "site-unreadable":
        headline = "The site file cannot be read; the engine goes on with the last good one"
    else:
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        headline = (
            f"The site file was changed outside Controlroom and has {count}; the engine goes on with the last"
            " good one"
        )
    return headline, f"{mistake_words(mistakes[0])} F4 shows it and can put back what runs."
