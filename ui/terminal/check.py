"""The command ``check``: says in a terminal whether a site file is right. It starts and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final, TextIO

from controlroom.probe import ProbeTypes
from controlroom.report.escaping import printable
from controlroom.site.load import LARGEST_FILE_BYTES, load_site
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.model import Site

RIGHT: Final = 0
WRONG: Final = 2


def run_check(path: Path, probe_types: ProbeTypes, out: TextIO, err: TextIO) -> int:
    """Check a site file; write a summary to ``out`` and return 0, or all mistakes to ``err`` and return 2."""
    try:
        site = load_site(_text_of(path), str(path), probe_types)
    except SiteError as error:
        for mistake in error.mistakes:
            err.write(f"{printable(str(mistake))}\n")
        return WRONG
    out.write(f"{printable(str(path))}: no mistakes; {_summary(site)}.\n")
    return RIGHT


def _text_of(path: Path) -> str:
    """Read no more than a site file may have; raise ``SiteError`` where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        advice = "Check its name, and that you may read it."
        raise _unreadable(path, 1, f"The file cannot be read: {reason}.", advice) from error
    except ValueError as error:
        raise _unreadable(path, 1, "This is no usable file name.", "Check its name.") from error
    try:
        # The end of a file that is too large may be half a character: the size alone is complained of.
        return content.decode("utf-8", "strict" if len(content) <= LARGEST_FILE_BYTES else "replace")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, line, "The file is not UTF-8 text.", "Save it as UTF-8.") from error


def _unreadable(path: Path, line: int, happened: str, advice: str) -> SiteError:
    return SiteError(str(path), [Mistake("site-unreadable", str(path), line, "", happened, None, advice)])


def _summary(site: Site) -> str:
    probes = sum(len(endpoint.probes) for endpoint in site.endpoints)
    counts = ((len(site.endpoints), "endpoint"), (probes, "probe"), (len(site.services), "service"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts)
