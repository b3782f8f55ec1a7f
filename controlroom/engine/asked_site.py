"""The site that a command is asked about: a file that was named, or the one that a data folder goes by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from controlroom.engine.running_site import site_of
from controlroom.engine.site_file import read_site
from controlroom.errors import ControlroomError
from controlroom.probe import ProbeTypes
from controlroom.site.model import Site
from controlroom.site.profile import Profiles
from controlroom.site.view import SiteView, view_of
from controlroom.store.folder import DataFolder


@dataclass(frozen=True, slots=True)
class AskedSite:
    """A site as configured and as desks see it; ``base`` is where relative paths of its secrets start."""

    site: Site
    view: SiteView
    base: Path


def asked_site(
    named: Path | None, folder: DataFolder | None, probe_types: ProbeTypes, profiles: Profiles
) -> AskedSite:
    """Read the site; raise ``SiteError``, or ``ControlroomError`` (``options-contradict``) without either."""
    path = named if folder is None else named or site_of(folder)
    if path is None:
        happened = "Neither a site file nor a data folder was named."
        raise ControlroomError("options-contradict", happened, "Give --site FILE.toml, --data DIR or both.")
    loaded = read_site(path, probe_types, profiles)
    view = view_of(loaded.site, probe_types, loaded.digest, profiles)
    return AskedSite(loaded.site, view, path.absolute().parent if folder is None else folder.path)
