"""Says in a few words what changed between two sites, for a list of versions. It decides nothing. Pure.

1. What went is told first, then what came, then what is another; endpoints by their names.
2. A few are named, the rest counted: a line is read at a glance.
3. Of a changed endpoint the kind of change is told, such as limits or address, not the values: those are in
   the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from controlroom.site.difference import ChangedEndpoint, SiteDifference, difference
from controlroom.site.model import Site

_MOST_NAMED: Final = 3
_LONGEST_NAME: Final = 40
_OTHER: Final = {
    "name": "the site's name",
    "time_zone": "the time zone",
    "own_connectivity": "the anchors",
    "risk_groups": "the risk groups",
    "services": "the services",
    "history": "how much history is kept",
    "routes": "whether routes are traced",
    "voice": "what voice quality is estimated by",
    "alarms": "how alarms behave",
    "alarm_rules": "the alarm rules",
    "contacts": "who can be called",
    "shifts": "the shifts",
    "escalations": "who is told of unacknowledged alarms",
    "quiet_hours": "the quiet hours",
}
_OF_AN_ENDPOINT: Final = {"behind": "what it stands behind"}
_TIMING: Final = ("period_s", "timeout_s", "confirm_attempts", "return_attempts")
_PROBE: Final = re.compile(r"probes\[[^\]]*\]\.(\w+)")


def change_words(before: Site | None, after: Site | None) -> str:
    """Tell what changed; ``None`` stands for a text with mistakes, which nothing can be told of."""
    if after is None:
        return "It had mistakes and could not be used"
    if before is None:
        return "Mended: the text before it had mistakes"
    found = difference(before, after)
    said = "; ".join(_parts(found))
    return f"{said[:1].upper()}{said[1:]}" if said else "Comments or layout only"


def _parts(found: SiteDifference) -> Iterator[str]:
    if found.removed:
        yield f"removed {_named([name for _, name in found.removed])}"
    if found.added:
        yield f"added {_named([name for _, name in found.added])}"
    if len(found.changed) > _MOST_NAMED:
        yield f"changed {_named([one.name for one in found.changed])}"
    else:
        for one in found.changed:
            yield from _changed(one)
    if found.other:
        yield f"changed {_listed([_OTHER.get(key, key.replace('_', ' ')) for key in found.other])}"


def _changed(one: ChangedEndpoint) -> Iterator[str]:
    kinds = dict.fromkeys(_kind(key.path) for key in one.keys)
    renamed = next((key for key in one.keys if key.path == "name"), None)
    if renamed is not None:
        yield f"renamed {_short(renamed.before)} to {_short(renamed.after)}"
        del kinds["name"]
    if kinds or renamed is None:
        yield f"changed {_listed(list(kinds) or ['settings'])} of {_short(one.name)}"


def _kind(path: str) -> str:
    """Name the kind of a change by its key."""
    probe = _PROBE.match(path)
    if probe is None:
        return "voice" if path.startswith("voice.") else _OF_AN_ENDPOINT.get(path, path.replace("_", " "))
    key = probe[1]
    if key == "limits":
        return "limits"
    if key in _TIMING:
        return "timing"
    return "probes" if key in ("type", "name") else "probe settings"


def _named(names: Sequence[str]) -> str:
    word = "endpoint" if len(names) == 1 else f"{len(names)} endpoints"
    shown = [_short(name) for name in names[:_MOST_NAMED]]
    if len(names) > _MOST_NAMED:
        shown = [*shown[: _MOST_NAMED - 1], f"{len(names) - _MOST_NAMED + 1} more"]
    return f"{word}{':' if len(names) > 1 else ''} {_listed(shown)}"


def _listed(words: Sequence[str]) -> str:
    few = [*words[:_MOST_NAMED], "more"] if len(words) > _MOST_NAMED + 1 else list(words)
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} and {few[-1]}"


def _short(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
