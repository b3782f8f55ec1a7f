"""The command ``doctor``: prints what was found and how to cure it. It looks at nothing itself.

For people: troubles first, then what cannot be told, then what is well; one line each, and under it the
cure, a line for each command or sentence, so that a command can be copied.

The JSON is a list whose keys stay: ``name``, ``title``, ``health`` (``ok``, ``trouble``, ``unknown``),
``code``, ``found``, ``cure`` (lines; empty where nothing is to be done).
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, TextIO

from controlroom.finding import Finding, Health
from controlroom.report.escaping import printable

_ORDER: Final = (Health.TROUBLE, Health.UNKNOWN, Health.OK)
_WORDS: Final = {Health.TROUBLE: "TROUBLE", Health.UNKNOWN: "unknown", Health.OK: "ok"}
_LONGEST: Final = 600
_NARROWEST: Final = 24


def run_doctor(look: Callable[[], Sequence[Finding]], *, as_json: bool, out: TextIO) -> int:
    """Look, print, and return 0 when all is well, 1 when anything is in trouble or cannot be told."""
    findings = look()
    if as_json:
        out.write(json.dumps([_as_json(finding) for finding in findings], indent=1) + "\n")
    else:
        out.write("".join(f"{line}\n" for line in lines_of(findings)))
    return 0 if all(finding.health is Health.OK for finding in findings) else 1


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "title": finding.title,
        "health": finding.health.value,
        "code": finding.code,
        "found": finding.found,
        "cure": finding.cure.splitlines(),
    }


def lines_of(findings: Sequence[Finding], width: int | None = None) -> list[str]:
    """Lay findings out for people, with a summary as the last line; what was found is wrapped to a width."""
    wide = max((len(_WORDS[each]) for each in Health), default=0)
    title = max((len(printable(finding.title, 40)) for finding in findings), default=0)
    lines: list[str] = []
    for finding in sorted(findings, key=lambda each: _ORDER.index(each.health)):
        shown = printable(finding.title, 40)
        found = printable(finding.found, _LONGEST)
        beside = wide + title + 4
        first, *more = textwrap.wrap(found, max(width - beside, _NARROWEST)) if width else [found]
        lines.append(f"{_WORDS[finding.health]:{wide}}  {shown:{title}}  {first}")
        lines.extend(f"{'':{beside}}{line}" for line in more)
        lines.extend(f"{'':{wide}}  {'':{title}}  > {printable(line, _LONGEST)}" for line in _cure(finding))
    return [*lines, _summary(findings)]


def _cure(finding: Finding) -> list[str]:
    return [line for line in finding.cure.splitlines() if line.strip()]


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.health for finding in findings)
    said = [f"{counts[health]} {health.value}" for health in _ORDER if counts[health]]
    return f"{', '.join(said)}." if said else "Nothing was looked at."
