"""What the desk is given by the composition root. It opens, starts and reads nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controlroom.operators.keeping import RosterKeeper
from controlroom.store.interface import ActInbox, ReadStore
from ui.desk.site_editor.means import SiteEditing
from ui.desk.sound.station import SoundMeans
from ui.engine_control import EngineControl


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Everything a desk needs.

    ``open_store``, ``open_inbox`` and ``export_log`` are called away from the GUI thread, each in the
    thread that goes on using what it opened. ``export_log`` writes the event log as CSV to a path and
    returns how many entries it wrote; it raises ``ControlroomError`` or ``OSError`` when it cannot.
    ``utc_s`` is POSIX seconds for people, ``monotonic_s`` for durations. ``settings_file`` is an INI
    file of the operator's own choices. ``notice`` is shown for as long as the desk is open. ``theme`` is the
    one asked for; ``None`` means the one chosen last. ``site_editing`` is absent where nothing can be edited,
    ``roster`` where nobody signs in, ``sound`` where nothing is to be heard.
    ``asks_before_closing`` is false where what goes on without the desk is decided already.
    ``offers_tour`` lets the tour come by itself until it was seen once.
    """

    open_store: Callable[[], ReadStore]
    open_inbox: Callable[[], ActInbox]
    engine: EngineControl
    export_log: Callable[[Path], int]
    operator: str
    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]
    settings_file: Path
    theme: str | None = None
    site_editing: SiteEditing | None = None
    roster: RosterKeeper | None = None
    sound: SoundMeans | None = None
    notice: str = ""
    asks_before_closing: bool = True
    offers_tour: bool = False
