"""A version of the site file as people read it: when, who, what, and whether it runs. Pure, no widgets."""

from __future__ import annotations

from collections.abc import Mapping

from controlroom.report.escaping import printable
from controlroom.site.keeping import Author, KeptVersions, SiteVersion

_LONGEST = 500


def author_words(by: Author) -> str:
    """Say who wrote a version."""
    operator = f"{by.operator}, {by.role}" if by.operator and by.role else by.operator
    if by.program:
        return "Controlroom itself"
    if not by.outside:
        return operator or "who: not recorded"
    owner = f" (the file belonged to {by.account})" if by.account else ""
    taken = f", taken into use by {operator}" if operator else ""
    return f"edited outside Controlroom{owner}{taken}"


def version_lines(version: SiteVersion, moment: str, mark: str) -> tuple[str, str]:
    """Lay a version out in two lines: its number, when, who and its mark; then what it changed."""
    head = f"{version.number}   {moment}   {author_words(version.by)}{f'   {mark}' if mark else ''}"
    return printable(head, _LONGEST), printable(version.what or "what: not recorded", _LONGEST)


def version_marks(kept: KeptVersions) -> Mapping[int, str]:
    """Mark the version that runs and the one in the file: of equal texts the newest."""
    newest: dict[str, int] = {}
    for version in reversed(kept.versions):
        newest[version.digest] = version.number
    running, file = newest.get(kept.running_digest), newest.get(kept.file_digest)
    marks = {number: "IN THE SITE FILE" for number in [file] if number is not None}
    if running is not None:
        marks[running] = "RUNNING" if running == file else "RUNNING, not in the site file any more"
    return marks
