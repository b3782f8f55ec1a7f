"""The list of all checks, in the order in which people read them. It looks at nothing itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from controlroom.doctor import (
    asking,
    binding,
    clock,
    data_folder,
    engine,
    libraries,
    secrets,
    set_aside,
    site,
    sound,
    unsaved_secrets,
    zone,
)
from controlroom.doctor.examine import Check
from controlroom.engine.running_site import site_of
from controlroom.finding import Finding, Health
from controlroom.probe import ProbeTypes
from controlroom.site.profile import Profiles
from controlroom.store.folder import DataFolder
from controlroom.store.interface import ReadStore


@dataclass(frozen=True, slots=True)
class DoctorParts:
    """What the doctor is given.

    ``site_file`` is ``None`` for the one that the data folder goes by. ``open_store`` opens the reading side
    without leaving a file behind. ``check_sound`` takes the place of a mere search for players.
    """

    folder: DataFolder
    site_file: Path | None
    probe_types: ProbeTypes
    open_store: Callable[[DataFolder], ReadStore]
    check_sound: Callable[[], Sequence[Finding]] = sound.check_sound
    utc_s: Callable[[], float] = time.time
    profiles: Profiles = field(default_factory=dict)


def all_checks(parts: DoctorParts) -> list[Check]:
    """Return every check: what probes need, the machine, the folder, the site, sound, engine and store."""
    site_owes = (
        (site.NAME, site.TITLE),
        (zone.NAME, zone.TITLE),
        secrets.FILES,
        secrets.KEYRING,
        asking.ASKING,
    )
    return [
        *_needs(parts.probe_types),
        Check(((libraries.NAME, libraries.TITLE),), libraries.check_libraries),
        Check(((binding.NAME, binding.TITLE),), binding.check_binding),
        Check(
            (data_folder.FOLDER, data_folder.SPACE),
            lambda: data_folder.check_data_folder(parts.folder, data_folder.mount_table()),
        ),
        Check((set_aside.SET_ASIDE,), lambda: set_aside.check_set_aside(parts.folder)),
        Check(site_owes, lambda: _about_site(parts)),
        Check(
            (unsaved_secrets.UNSAVED,),
            lambda: unsaved_secrets.check_unsaved_secrets(parts.folder.path),
        ),
        Check(((clock.NAME, clock.TITLE),), clock.check_clock),
        Check(((sound.NAME, sound.TITLE),), parts.check_sound, sound.CURE_OF_HANGING),
        Check(
            (engine.ENGINE, engine.STORE),
            lambda: engine.check_engine(parts.folder, parts.open_store, parts.utc_s),
        ),
    ]


def _needs(probe_types: ProbeTypes) -> Iterator[Check]:
    for probe_type in probe_types.values():
        if probe_type.needs is not None:
            yield Check(((f"probe-{probe_type.name}", probe_type.title),), probe_type.needs)


def _about_site(parts: DoctorParts) -> Iterator[Finding]:
    path = parts.site_file or site_of(parts.folder)
    found, loaded = site.check_site(
        path, parts.probe_types, parts.profiles, may_be_missing=parts.site_file is None
    )
    yield found
    broken = found.health is not Health.OK
    yield from zone.check_zone(loaded, site_is_broken=broken)
    yield from secrets.check_secrets(loaded, parts.folder.path, site_is_broken=broken)
    yield asking.check_asking(loaded, parts.probe_types, parts.folder.path, site_is_broken=broken)
