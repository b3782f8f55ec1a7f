"""The views of which a picture can be taken: a name, and what opens the view on a desk that has settled.

A new view is one line. What it opens as a dialog is painted over the desk, in the middle, as it would stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ui.desk.alarm_list.lists import ListKind
from ui.desk.application import Desk


def _operators(desk: Desk) -> None:
    if desk.conductor.sign_in is not None:
        desk.conductor.sign_in.show_operators()


VIEWS: Final[Mapping[str, Callable[[Desk], object]]] = MappingProxyType(
    {
        "desk": lambda _desk: None,
        "form": lambda desk: desk.window.edit_wanted.emit(),
        "sign-in": lambda desk: desk.window.sign_in_wanted.emit(),
        "operators": _operators,
        "sound": lambda desk: desk.window.sound_wanted.emit(),
        "route": lambda desk: desk.window.route_wanted.emit(),
        "maintenance": lambda desk: desk.window.maintenance_wanted.emit(),
        "alarm": lambda desk: desk.window.alarms.opened.emit(),
        "alarms-shelved": lambda desk: desk.window.alarms.tabs.choose(ListKind.SHELVED),
        "alarms-suppressed": lambda desk: desk.window.alarms.tabs.choose(ListKind.SUPPRESSED),
        "alarm-health": lambda desk: desk.window.health_wanted.emit(),
        "service": lambda desk: desk.services.open(),
        "what-if": lambda desk: desk.window.detail.what_if_wanted.emit(),
        "keys": lambda desk: desk.window.show_keys(),
        "tour": lambda desk: desk.tour.take(),
        "close": lambda desk: desk.conductor.closer.ask(),
    }
)
