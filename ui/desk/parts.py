"""What the desk is given by the composition root. It opens, starts and reads nothing by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from controlroom.store.interface import ActInbox, ReadStore
from ui.engine_control import EngineControl


@dataclass(frozen=True, slots=True)
class DeskParts:
    """Everything a desk needs.

    ``open_store``, ``open_inbox`` and ``export_log`` are called away from the GUI thread, each in the
    thread that goes on using what it opened. ``export_log`` writes the event log as CSV to a path and
    returns how many entries it wrote; it raises ``ControlroomError`` or ``OSError`` when it cannot.
    ``utc_s`` is POSIX seconds for people, ``monotonic_s`` for durations. ``settings_file`` is an INI
    file of the operator's own choices. ``notice`` is shown for as long as the desk is open. ``theme`` is the
    one asked for; ``None`` means the one chosen last.
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
    notice: str = ""
