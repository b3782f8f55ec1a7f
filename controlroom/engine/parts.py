"""What an engine is built from, handed to it by whoever starts it. It does nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from controlroom.engine.address_book import TimeToLive
from controlroom.engine.site_file import LoadedSite
from controlroom.engine.time_watch import Clocks
from controlroom.notify.consumer import Consumer
from controlroom.probe import ProbeTypes
from controlroom.route.trace import Tracer
from controlroom.site.model import Site
from controlroom.site.profile import Profiles
from controlroom.store.interface import EngineStore


@dataclass(frozen=True, slots=True)
class EngineParts:
    """What an engine is built from. ``own_addresses`` tells which addresses are this machine's.

    ``ways_out`` tells by which IP versions there is a way out of it, ``None`` where the system does not.
    ``read_site`` reads the site file again when an operator has changed it; it is called in a thread, may
    wait for the disk, and raises ``ControlroomError``. Without a ``tracer`` no route is traced. ``profiles``
    are those that an endpoint may name, for the view of the site. ``consumers`` deliver messages, each on a
    channel of its own.
    """

    site: Site
    site_digest: str
    probe_types: ProbeTypes
    store: EngineStore
    resolve_secret: Callable[[str], str]
    own_addresses: Callable[[], frozenset[str]]
    ways_out: Callable[[], frozenset[int] | None]
    clocks: Callable[[], Clocks]
    version: str
    data_folder: str = ""
    read_site: Callable[[], LoadedSite] | None = None
    tracer: Tracer | None = None
    time_to_live: TimeToLive | None = None
    profiles: Profiles = field(default_factory=dict)
    consumers: Sequence[Consumer] = ()
