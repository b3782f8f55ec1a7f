"""Who asks for a command by hand: handed in by ``main.py``, for a terminal view asks nobody itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from controlroom.finding import Doubt
from controlroom.identification import Identification, OnStep
from controlroom.probe import ProbeParameters, ProbeType, ProbeTypes
from controlroom.reading import Reading
from ui.terminal.snmp_walk import Raw, WalkEnd


class Ask(Protocol):
    """Asks a target so many times, tells each reading as it comes, and gives all of them at the end."""

    def __call__(
        self,
        probe_type: ProbeType,
        parameters: ProbeParameters,
        target: str,
        /,
        *,
        count: int,
        timeout_s: float | None,
        tell: Callable[[Reading], None],
    ) -> Sequence[Reading]:
        """Wait until all are answered; without ``timeout_s`` as long as is usual for the type."""


class Identify(Protocol):
    """Finds out what a target is, and tells each step."""

    def __call__(
        self,
        probe_type: ProbeType,
        parameters: ProbeParameters,
        target: str,
        /,
        *,
        timeout_s: float | None,
        tell: OnStep,
    ) -> Identification:
        """Wait until that is done."""


class Walk(Protocol):
    """Walks through a device from an object on, and tells each part as it comes."""

    def __call__(
        self,
        parameters: ProbeParameters,
        target: str,
        oid: str,
        most: int,
        timeout_s: float,
        tell: Callable[[Mapping[str, Raw]], None],
        /,
    ) -> WalkEnd:
        """Wait until that is done; it ends after ``most`` objects."""


@dataclass(frozen=True, slots=True)
class AskingByHand:
    """The probe types, and who asks by their declarations.

    ``read_parameters`` and ``refuse_bad_target`` raise ``ControlroomError`` for what was typed wrong.
    """

    probe_types: ProbeTypes
    read_parameters: Callable[[ProbeType, Mapping[str, object]], ProbeParameters]
    refuse_bad_target: Callable[[ProbeType, str], None]
    ask: Ask
    identify: Identify
    doubts: Callable[[ProbeType, ProbeParameters], Sequence[Doubt]]
    """What is amiss with how a target is asked, although it may answer."""


@dataclass(frozen=True, slots=True)
class WalkingByHand:
    """Who walks through a device, and how a raw value of it is written."""

    walk: Walk
    shown: Callable[[Raw], str]
