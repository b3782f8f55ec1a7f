"""Whether this machine knows the site's time zone. Times on screen and in reports are in it."""

from __future__ import annotations

import zoneinfo
from importlib import metadata
from pathlib import Path
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.site.model import Site

NAME: Final = "time-zone"
TITLE: Final = "Time zone data"
_CURE: Final = "sudo apt-get install tzdata\nOr, into the program's own Python: python -m pip install tzdata"


def check_zone(site: Site | None, *, site_is_broken: bool = False) -> list[Finding]:
    """Load the site's zone, or UTC where there is no site that could be read."""
    name = "UTC" if site is None else site.time_zone
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        found = f"{name} is not known here: times would be shown in UTC"
        return [Finding(NAME, TITLE, Health.TROUBLE, "zone-unknown", found, _CURE)]
    if site_is_broken:
        found = f"zone data from {_source(name)}; the zone of a site that cannot be read is not known"
        return [Finding(NAME, TITLE, Health.UNKNOWN, "site-unread", found, "See to the site file first.")]
    if site is None:
        found = f"zone data from {_source(name)}; no site names its zone yet"
    else:
        found = f"{name}, from {_source(name)}"
    return [Finding(NAME, TITLE, Health.OK, "ok", found)]


def _source(name: str) -> str:
    """Where the data of a zone come from, with their edition where it is told."""
    for folder in map(Path, zoneinfo.TZPATH):
        if (folder / name).is_file():
            return f"{folder}{_edition(folder)}"
    try:
        return f"the package tzdata {metadata.version('tzdata')}"
    except metadata.PackageNotFoundError:
        return "this Python"


def _edition(folder: Path) -> str:
    try:
        with (folder / "tzdata.zi").open(encoding="ascii", errors="replace") as file:
            first = file.readline(80)
    except OSError:
        return ""
    return f" ({first.removeprefix('# version ').strip()})" if first.startswith("# version ") else ""
