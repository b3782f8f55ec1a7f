"""How much of what was measured a site wants kept, as the store takes it. It drops nothing."""

from __future__ import annotations

from pathlib import Path

from controlroom.engine.running_site import site_of
from controlroom.engine.site_file import read_site
from controlroom.errors import ControlroomError
from controlroom.probe import ProbeTypes
from controlroom.site.model import Site
from controlroom.site.profile import NO_PROFILES, Profiles
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention


def retention_of(site: Site) -> Retention:
    """Turn the site's ``[history]`` into the store's terms."""
    kept = site.history
    return Retention(kept.raw_days, kept.minute_months, kept.hour_years, round(kept.most_gb * 1e9))


def retention_in(
    folder: DataFolder, site_file: Path | None, probe_types: ProbeTypes, profiles: Profiles = NO_PROFILES
) -> Retention | None:
    """Return what a site file wants kept, or ``None`` where the folder itself cannot say.

    Where the site file lies elsewhere, what the engine was given last stands for it. Raise
    ``ControlroomError`` for a file that was named and cannot be used.
    """
    if site_file is not None:
        return retention_of(read_site(site_file, probe_types, profiles).site)
    try:
        return retention_of(read_site(site_of(folder), probe_types, profiles).site)
    except ControlroomError:
        return None
