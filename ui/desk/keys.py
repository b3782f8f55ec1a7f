"""Every key of the desk: what it does, in which words, in which part of the sheet. It binds nothing.

1. A key stands here and nowhere else: ``bind_keys`` gives those with a command to the window, to the tour
   while it is open, or to the endpoint form; the sheet (F1) shows all, the line at the bottom shows those
   with a short word.
2. What has no command is a key of the part that has the focus; that part takes it itself.
3. No key means two things in one window.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class Command(enum.Enum):
    """What a key does, wherever the focus is: in the window, or in the endpoint form."""

    SHOW_KEYS = enum.auto()
    TOUR = enum.auto()
    LEAVE_TOUR = enum.auto()
    ACKNOWLEDGE = enum.auto()
    ALARM_DETAIL = enum.auto()
    SHELVE = enum.auto()
    NEXT_LIST = enum.auto()
    SILENCE = enum.auto()
    SOUND = enum.auto()
    EDIT = enum.auto()
    NEW_ENDPOINT = enum.auto()
    LONGER_RANGE = enum.auto()
    SHORTER_RANGE = enum.auto()
    ROUTE = enum.auto()
    ALARM_HEALTH = enum.auto()
    MAINTENANCE = enum.auto()
    SERVICES = enum.auto()
    WHAT_IF = enum.auto()
    NOTE = enum.auto()
    THEME = enum.auto()
    MOTION = enum.auto()
    SIGN_IN = enum.auto()
    EXPORT = enum.auto()
    CLOSE = enum.auto()
    FORM_NEW = enum.auto()
    FORM_SAVE = enum.auto()
    FORM_UNDO = enum.auto()
    FORM_LEAVE = enum.auto()


class KeyPart(enum.StrEnum):
    """The parts of the sheet, in their order."""

    ALARMS = "Alarms and log"
    ENDPOINTS = "Services, endpoints and graph"
    DESK = "Desk and shift"
    MOVING = "Moving about"
    FORM = "In the form of the endpoints"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``name`` is how it is written on screen, and how Qt reads it where there is a ``command``.

    ``short`` is its word in the line at the bottom; empty leaves it out there.
    """

    name: str
    words: str
    part: KeyPart
    command: Command | None = None
    short: str = ""


KEYS: Final = (
    Key("F1", "this sheet", KeyPart.DESK, Command.SHOW_KEYS, "Keys"),
    Key("Shift+F1", "the tour of the desk, from its beginning or where it was", KeyPart.DESK, Command.TOUR),
    Key(
        "F2",
        "acknowledge the selected alarms, with a note if you like",
        KeyPart.ALARMS,
        Command.ACKNOWLEDGE,
        "Acknowledge",
    ),
    Key(
        "Shift+F2",
        "all about the selected alarm: what to do, who did what",
        KeyPart.ALARMS,
        Command.ALARM_DETAIL,
    ),
    Key(
        "Shift+F3",
        "shelve the selected alarms, or take them back",
        KeyPart.ALARMS,
        Command.SHELVE,
    ),
    Key("Ctrl+L", "active, shelved, suppressed, out of service", KeyPart.ALARMS, Command.NEXT_LIST),
    Key(
        "F3",
        "silence what sounds; what is new sounds again",
        KeyPart.ALARMS,
        Command.SILENCE,
        "Silence",
    ),
    Key(
        "F12",
        "how healthy the alarms are: figures, targets, what to do",
        KeyPart.ALARMS,
        Command.ALARM_HEALTH,
    ),
    Key("F7", "volume, speech, mute and test of the sound", KeyPart.DESK, Command.SOUND),
    Key(
        "Ctrl+R", "to the services; there, to the next that is not well", KeyPart.ENDPOINTS, Command.SERVICES
    ),
    Key("Ctrl+I", "what if something fails: try it, nothing is changed", KeyPart.ENDPOINTS, Command.WHAT_IF),
    Key("F4", "edit the endpoints and their probes", KeyPart.ENDPOINTS, Command.EDIT, "Endpoints"),
    Key("Ctrl+N", "add an endpoint", KeyPart.ENDPOINTS, Command.NEW_ENDPOINT),
    Key("F5", "longer range of the graph", KeyPart.ENDPOINTS, Command.LONGER_RANGE, "Range"),
    Key("Shift+F5", "shorter range of the graph", KeyPart.ENDPOINTS, Command.SHORTER_RANGE),
    Key(
        "F11",
        "maintenance: what is planned, plan it, end it",
        KeyPart.ENDPOINTS,
        Command.MAINTENANCE,
    ),
    Key("F10", "the route to the selected endpoint; trace it anew", KeyPart.ENDPOINTS, Command.ROUTE),
    Key("← → + − End", "in the graph: back, forth, closer, wider, live", KeyPart.ENDPOINTS),
    Key("F6", "write a note into the log", KeyPart.ALARMS, Command.NOTE, "Note"),
    Key("F8", "dark or light", KeyPart.DESK, Command.THEME, "Dark or light"),
    Key("Shift+F8", "let markers of new alarms flash, or stand still", KeyPart.DESK, Command.MOTION),
    Key("Ctrl+E", "export the event log as CSV", KeyPart.ALARMS, Command.EXPORT, "Export"),
    Key("F9", "sign in, sign out, hand over", KeyPart.DESK, Command.SIGN_IN),
    Key("Ctrl+Q", "close the desk; it asks what is to go on", KeyPart.DESK, Command.CLOSE),
    Key("Tab, Shift+Tab", "from one part to the next, and back", KeyPart.MOVING),
    Key("Arrow keys", "from one service, endpoint, alarm or line to the next", KeyPart.MOVING),
    Key("Enter", "on an alarm or a service: all about it", KeyPart.MOVING),
    Key("Space, Shift+Space", "in what if: it fails, it is in maintenance", KeyPart.MOVING),
    Key("Shift, Ctrl, Ctrl+A", "with arrows or mouse: select several alarms", KeyPart.MOVING),
    Key("← →", "in the alarms: to the list beside", KeyPart.MOVING),
    Key("Esc", "leave the tour, a note or a question; nothing is done", KeyPart.MOVING, Command.LEAVE_TOUR),
    Key("Ctrl+N", "add an endpoint", KeyPart.FORM, Command.FORM_NEW),
    Key("Ctrl+S", "save; the monitoring takes it at once", KeyPart.FORM, Command.FORM_SAVE),
    Key("Ctrl+Z", "undo", KeyPart.FORM, Command.FORM_UNDO),
    Key("Esc", "leave the form", KeyPart.FORM, Command.FORM_LEAVE),
    Key("F2, F9", "to the desk; F4 goes back to what you typed", KeyPart.FORM),
)
"""All keys. In the line at the bottom they stand in this order."""


def keys_of(part: KeyPart) -> list[Key]:
    """Return the keys of one part of the sheet."""
    return [key for key in KEYS if key.part is part]
