"""The steps of the tour as data: what each points at, and its words. No Qt."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


class Target(enum.Enum):
    """What a step points at."""

    BOARD = enum.auto()
    ALARMS = enum.auto()
    DETAIL = enum.auto()
    SERVICES = enum.auto()
    GRAPH = enum.auto()
    LOG = enum.auto()
    MONITORING = enum.auto()
    FORM = enum.auto()
    SOUND = enum.auto()
    OPERATOR = enum.auto()
    CLOSING = enum.auto()
    HELP = enum.auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a heading and a few sentences about one part of the desk."""

    target: Target
    title: str
    words: str


STEPS: Final[Sequence[Step]] = (
    Step(
        Target.BOARD,
        "Every endpoint in its place",
        "Each tile is one endpoint and keeps its place, so that the eye learns it. Grey is normal. Shape "
        "and word tell the condition, colour tells the urgency. Unknown means not measured, and is never "
        "taken for up.",
    ),
    Step(
        Target.ALARMS,
        "What needs somebody",
        "Alarms, the worst first, one for each endpoint. A new one is filled and says NEW. F2 acknowledges "
        "the selected one: it says that you have taken it on, not that it is mended.",
    ),
    Step(
        Target.DETAIL,
        "What to do about it",
        "The selected endpoint: how it is and since when, what to do, what is lost while it fails, whom to "
        "call. The words are your site’s own.",
    ),
    Step(
        Target.SERVICES,
        "How many failures away",
        "Each tile is one service; its number is how many more failures lose it, its bars are its paths. "
        "Enter tells all about one. Ctrl+I tries what would be if something failed; nothing is changed.",
    ),
    Step(
        Target.GRAPH,
        "How it has been",
        "The line is the median, the band the least and the greatest; the lane below shows losses. Hatched "
        "is not measured. F5 takes a longer range; ← goes back in time, End comes back to now.",
    ),
    Step(
        Target.LOG,
        "What happened, and who did what",
        "Every change and every act, newest first; nothing in it can be altered unnoticed. F6 writes a "
        "note, Ctrl+E exports the whole log as CSV.",
    ),
    Step(
        Target.MONITORING,
        "Whether anybody is watching",
        "The monitoring’s heartbeat. When it stops, a red band says so and all figures count as stale. When"
        " this workstation itself loses the network, a band says that, and no endpoint is blamed.",
    ),
    Step(
        Target.FORM,
        "Add and change endpoints",
        "F4 opens the form of the endpoints, Ctrl+N adds one. Test now asks the endpoint before anything is"
        " saved. What you save is monitored at once, and can be undone.",
    ),
    Step(
        Target.SOUND,
        "What you hear",
        "New critical alarms, further faults and a lost heartbeat sound, each in its own way. F3 silences, "
        "F7 sets volume and speech, mutes for a while, and tests: do that once in every shift.",
    ),
    Step(
        Target.OPERATOR,
        "Who is on duty",
        "F9 signs you in, so that every act carries your name, and hands over to the next shift. What your "
        "role may not do is disabled and says why.",
    ),
    Step(
        Target.CLOSING,
        "Closing the desk",
        "The monitoring runs in a process of its own. Ctrl+Q closes this window and asks: the monitoring "
        "goes on without it unless you say that it is to stop.",
    ),
    Step(
        Target.HELP,
        "Where help is",
        "F1 shows every key and every sign. Shift+F1 takes this tour again.",
    ),
)
"""All steps, in their order; a step whose part this desk does not have is left out."""
