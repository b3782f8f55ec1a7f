"""Measures the very machine that this program runs on, through psutil. It asks nobody else.

psutil reads files of the system, and a disk that hangs makes it wait: so it runs in a thread beside
the loop, one measurement after the other.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeAlias

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]
from pydantic import Field, field_validator

from controlroom.probe import Metric, ProbeParameters, Prober, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.report.escaping import printable
from probes.side_thread import SideThread

CEILING: Final = 16
"""Measurements waiting at once; more say that the thread hangs."""

SHORTEST_SPAN_S: Final = 0.1
"""The kernel counts processor time in hundredths of a second: a shorter span tells nothing."""

FIRST_SPAN_S: Final = 0.25
"""How long the first measurement watches the processor, so that it too has a figure."""

InterfaceName = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[^\x00-\x20\x7f/]+$")]
CpuTimes: TypeAlias = Any
"""psutil's named tuple of processor seconds, whose fields depend on the system."""

_METRICS: Final = (
    Metric("cpu_ratio", "ratio", "Processor in use"),
    Metric("memory_ratio", "ratio", "Memory in use"),
    Metric("disk_ratio", "ratio", "Disk in use"),
    Metric("load_1min", "processes", "Load over one minute"),
    Metric("interfaces_up_count", "count", "Network interfaces up"),
)


class HostParameters(ProbeParameters):
    """What of this machine is measured beyond processor, memory and load."""

    disk: Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")] = Field(
        "/", description="A folder on the disk whose filling is measured."
    )
    interfaces: tuple[InterfaceName, ...] = Field(
        (), max_length=32, description="Network interfaces that are watched by name, such as eth0 or wwan0."
    )

    @field_validator("interfaces")
    @classmethod
    def _tell_apart(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        metrics = [up_metric(name) for name in names]
        if len(set(metrics)) < len(metrics):
            raise ValueError("two of these names cannot be told apart as metrics")
        return names


def up_metric(interface: str) -> str:
    """Name the metric of one interface: 1 while it is up, 0 while it is not or is missing."""
    word = re.sub(r"[^a-z0-9]+", "_", interface.lower()).strip("_") or "unnamed"
    return f"interface_{word}_up_ratio"


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. ``notes`` say what could not be measured, and why."""

    values: Mapping[str, float]
    notes: tuple[str, ...] = ()


class Machine:
    """Reads the machine. Used by one thread at a time; each call may wait for the system."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Processor use counts from here on; ``sleep`` waits for a first span of it."""
        self._cpu: CpuTimes = psutil.cpu_times()
        self._sleep = sleep

    def measure(self, parameters: HostParameters) -> Measured:
        """Measure everything; what cannot be had is left out with a note, never set to zero."""
        values: dict[str, float] = {}
        notes: list[str] = []
        self._measure_processor(values, notes)
        memory = psutil.virtual_memory()
        values["memory_ratio"] = 1.0 - memory.available / memory.total
        try:
            disk = psutil.disk_usage(parameters.disk)
        except OSError as error:
            notes.append(f"disk {parameters.disk}: {error.strerror or type(error).__name__}")
        else:
            # As df counts: what only root may fill is neither used nor free.
            values["disk_ratio"] = disk.used / (disk.used + disk.free)
        values["load_1min"] = float(psutil.getloadavg()[0])
        self._measure_interfaces(parameters, values, notes)
        return Measured(values, tuple(notes))

    def _measure_processor(self, values: dict[str, float], notes: list[str]) -> None:
        now = psutil.cpu_times()
        ratio = cpu_ratio(self._cpu, now)
        if ratio is None:
            self._sleep(FIRST_SPAN_S)
            now = psutil.cpu_times()
            ratio = cpu_ratio(self._cpu, now)
        if ratio is None:
            notes.append("the processor was watched for too short a time")
            return
        values["cpu_ratio"] = ratio
        self._cpu = now

    @staticmethod
    def _measure_interfaces(parameters: HostParameters, values: dict[str, float], notes: list[str]) -> None:
        found = psutil.net_if_stats()
        up = [
            name for name, interface in found.items() if interface.isup and not _is_loopback(name, interface)
        ]
        values["interfaces_up_count"] = float(len(up))
        for name in parameters.interfaces:
            interface = found.get(name)
            if interface is None:
                notes.append(f"there is no interface {name}")
            values[up_metric(name)] = 1.0 if interface is not None and interface.isup else 0.0


def cpu_ratio(before: CpuTimes, after: CpuTimes) -> float | None:
    """Share of processor time that was not idle between two counts, or ``None`` for too short a span.

    Waiting for a disk is idle time. Guests are counted within user and nice already (proc(5)), and a
    counter that runs backwards, as iowait may, counts as nothing.
    """
    spans: dict[str, float] = {
        name: max(0.0, getattr(after, name) - getattr(before, name))
        for name in after._fields
        if name not in ("guest", "guest_nice")
    }
    total: float = sum(spans.values())
    if total < SHORTEST_SPAN_S:
        return None
    return 1.0 - (spans["idle"] + spans.get("iowait", 0.0)) / total


@dataclass(slots=True, eq=False)
class _Open:
    question: Question
    sent_utc_s: float
    sent_monotonic_s: float
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class HostProber:
    """A ``Prober`` for this machine."""

    def __init__(self, context: ProberContext, machine: Machine | None = None) -> None:
        """``machine`` is for tests."""
        self._context = context
        self._machine = machine or Machine()
        self._thread = SideThread("host")
        self._open: set[_Open] = set()
        self._running = False

    async def start(self) -> None:
        """Nothing to take: the thread starts with the first measurement."""
        self._running = True

    def ask(self, question: Question) -> None:
        """Measure in the thread; a measurement that hangs is given up at its deadline."""
        waiting = _Open(question, self._context.utc_s(), self._context.monotonic_s())
        loop = asyncio.get_running_loop()
        full = len(self._open) >= CEILING
        self._open.add(waiting)
        if full or not self._running:
            reason = Reason.OVERLOADED if self._running else Reason.STOPPED
            loop.call_soon(self._close, waiting, Outcome.NOT_RUN, reason)
        else:
            waiting.task = loop.create_task(self._measure(waiting))
            waiting.task.add_done_callback(lambda task: self._finished(waiting, task))

    async def stop(self) -> None:
        """Answer what is open; a hung measurement is left behind."""
        self._running = False
        for waiting in [*self._open]:
            if waiting.task is not None:
                waiting.task.cancel()
            self._close(waiting, Outcome.NOT_RUN, Reason.STOPPED)
        self._thread.stop()

    def health(self) -> Mapping[str, float]:
        """Count the measurements that wait."""
        return {"host_open": float(len(self._open))}

    async def _measure(self, waiting: _Open) -> None:
        parameters = waiting.question.parameters
        if not isinstance(parameters, HostParameters):
            raise TypeError("these are not the parameters of a host probe")
        try:
            async with asyncio.timeout(waiting.question.timeout_s):
                measured = await self._thread.run(lambda: self._machine.measure(parameters))
        except TimeoutError:
            self._close(waiting, Outcome.NO_REPLY, Reason.DEADLINE)
        else:
            self._close(waiting, Outcome.REPLIED, Reason.NONE, measured)

    def _finished(self, waiting: _Open, task: asyncio.Task[None]) -> None:
        """Answer a measurement that this system does not allow."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            note = f"{type(error).__name__}: {error}"
            self._close(waiting, Outcome.NOT_RUN, Reason.UNSUPPORTED, Measured({}, (note,)))

    def _close(
        self, waiting: _Open, outcome: Outcome, reason: Reason, measured: Measured | None = None
    ) -> None:
        if waiting not in self._open:
            return
        self._open.remove(waiting)
        self._context.sink(
            Reading(
                probe=waiting.question.probe,
                sent_utc_s=waiting.sent_utc_s,
                sent_monotonic_s=waiting.sent_monotonic_s,
                outcome=outcome,
                reason=reason,
                values={} if measured is None else measured.values,
                beat=waiting.question.beat,
                detail="" if measured is None else printable("; ".join(measured.notes), 1000),
            )
        )


def _is_loopback(name: str, interface: Any) -> bool:  # noqa: ANN401 - psutil has no types
    return "loopback" in getattr(interface, "flags", "").split(",") or name in ("lo", "lo0")


def _metrics(parameters: ProbeParameters) -> tuple[Metric, ...]:
    """The machine's own values, and one for each named interface."""
    if not isinstance(parameters, HostParameters):
        raise TypeError("these are not the parameters of a host probe")
    named = tuple(Metric(up_metric(name), "ratio", f"{name} up") for name in parameters.interfaces)
    return _METRICS + named


def _create(context: ProberContext) -> Prober:
    """Make the prober that measures this machine."""
    return HostProber(context)


HOST: Final = ProbeType(
    name="host",
    title="This machine",
    help=(
        "Measures the machine that the engine runs on: processor, memory, a disk, load and interfaces. "
        "It needs no address and says nothing about any other endpoint."
    ),
    parameters=HostParameters,
    metrics=_metrics,
    create=_create,
    default_period_s=5.0,
    default_timeout_s=2.0,
    reaches=False,
    addressed=False,
)
