"""Whether the site file can be read and has no mistakes. It writes no starter and starts nothing."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Final

from controlroom.engine.site_file import read_site
from controlroom.finding import Finding, Health
from controlroom.probe import ProbeTypes
from controlroom.site.mistakes import SITE_MISTAKES, SiteError
from controlroom.site.model import Site
from controlroom.site.profile import NO_PROFILES, Profiles
from controlroom.site.simulation import is_simulated

NAME: Final = "site-file"
TITLE: Final = "Site file"


def check_site(
    path: Path, probe_types: ProbeTypes, profiles: Profiles = NO_PROFILES, *, may_be_missing: bool
) -> tuple[Finding, Site | None]:
    """Judge a site file and return the site where it can be used.

    ``may_be_missing`` is true for the one in the data folder, which a first start writes.
    """
    if may_be_missing and _is_missing(path):
        found = f"{path} does not exist yet; the first start writes one of this very machine"
        return Finding(NAME, TITLE, Health.OK, "not-there-yet", found), None
    try:
        site = read_site(path, probe_types, profiles).site
    except SiteError as error:
        return _mistaken(path, error), None
    probes = sum(len(endpoint.probes) for endpoint in site.endpoints)
    found = f"{path}, no mistakes; {_counted(len(site.endpoints), 'endpoint')}, {_counted(probes, 'probe')}"
    if is_simulated(site, probe_types):
        found += "; SIMULATED: every reading is invented"
    return Finding(NAME, TITLE, Health.OK, "ok", found), site


def _is_missing(path: Path) -> bool:
    """Whether there is none: what lies behind a folder that cannot be entered is not known to be missing."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _mistaken(path: Path, error: SiteError) -> Finding:
    first = error.mistakes[0]
    if first.code == "site-unreadable":
        found = f"{path}: {first.happened}"
        return Finding(NAME, TITLE, Health.TROUBLE, "site-unreadable", found, first.advice)
    place = f"line {first.line}: " + (f"{first.key_path}: " if first.key_path else "")
    found = f"{path} has {_counted(len(error.mistakes), 'mistake')}; {place}{first.happened}"
    cure = f"controlroom check {shlex.quote(str(path))}"
    return Finding(NAME, TITLE, Health.TROUBLE, SITE_MISTAKES, found, cure)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
