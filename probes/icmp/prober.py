"""Asks by ping, for all targets of an engine, from one event loop. What a packet means, ``judge.py`` decides.

All work is driven by one timer, with no task, future or reader for a question. Every question gets
exactly one reading, also when the prober is stopped or was never started.
"""

from __future__ import annotations

import asyncio
import heapq
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Final

from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from probes.icmp.aim import Aim
from probes.icmp.arrival import Arrival, QueuedError
from probes.icmp.burst import Burst
from probes.icmp.clock import StepWatch
from probes.icmp.flight import Flight, Flights
from probes.icmp.judge import Judge
from probes.icmp.packet import Version
from probes.icmp.parameters import IcmpParameters
from probes.icmp.sockets import (
    WANTED_BUFFER_BYTES,
    Channel,
    control_for,
    open_channel,
    reason_of_open_error,
    reason_of_send_error,
)
from probes.icmp.target import AddressError, Targets
from probes.strays import Strays
from probes.vicinity import Vicinity

_TICK_S: Final = 0.028
_READ_ALONG_AFTER_S: Final = 0.008
_IDLE_TICK_S: Final = 0.250
_OPEN_AGAIN_S: Final = 3.0
_SHORTEST_TICK_S: Final = 0.001
# From the kernel's stamp to the socket's queue a packet still takes a moment.
_GRACE_S: Final = 0.002
# Sending takes microseconds; a process that was set aside for longer than this cannot tell when it sent.
_LONGEST_SENDING_NS: Final = 10_000_000
_STAMPS_TAKE_S: Final = 0.005
_MOST_PER_DRAIN: Final = 4096
_MOST_AIMS: Final = 65_536
_VERSIONS: Final[tuple[Version, ...]] = (4, 6)


class IcmpProber:
    """Pings all targets through one socket per address family."""

    def __init__(
        self,
        context: ProberContext,
        *,
        secret: bytes | None = None,
        wall_ns: Callable[[], int] = time.time_ns,
        buffer_bytes: int = WANTED_BUFFER_BYTES,
    ) -> None:
        """Make a prober that has not started.

        ``wall_ns`` must be the clock that the kernel stamps packets with. ``secret`` keys the tokens
        in echo data; without one, a fresh one is drawn.
        """
        self._context = context
        self._wall_ns = wall_ns
        self._buffer_bytes = buffer_bytes
        self._targets = Targets(secrets.token_bytes(16) if secret is None else secret)
        self._flights = Flights(first_number=secrets.randbelow(1 << 16))
        self._watch = StepWatch(wall_ns, context.monotonic_s)
        self._strays = Strays(context.monotonic_s)
        vicinity = Vicinity(context.monotonic_s)
        self._judge = Judge(self._flights, self._targets, self._watch, vicinity, self._strays)
        self._aims: dict[tuple[str, int], Aim] = {}
        self._channels: dict[tuple[Version, bool], Channel] = {}
        self._bursts: list[tuple[float, int, Burst, Aim]] = []
        self._refused: dict[tuple[Version, bool], tuple[Reason, float]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.Handle | None = None
        self._tick_due_s = 0.0
        self._last_tick_s = 0.0
        self._all_read_s = 0.0
        self._most_late_s = 0.0
        self._own = {"sent": 0, "send_failures": 0, "own_drops": 0}

    async def start(self) -> None:
        """Open the sockets; a family that cannot be had answers ``not_run`` until it can."""
        self._loop = asyncio.get_running_loop()
        for version in _VERSIONS:
            self._open(version, dont_fragment=False)
        # The kernel switches its stamps on a moment later, and the first ping may be the only one.
        await asyncio.sleep(_STAMPS_TAKE_S)
        self._last_tick_s = self._context.monotonic_s()
        self._arm(_IDLE_TICK_S)

    def ask(self, question: Question) -> None:
        """Send one echo request now; its reading reaches the sink later, exactly once."""
        aim = self._aims.get((question.address, id(question.parameters)))
        if aim is None:
            found = self._take_aim(question)
            if not isinstance(found, Aim):
                self._not_sent(question, *found)
                return
            aim = found
        if aim.parameters.burst_count > 1 and question.beat:
            self._begin_burst(question, aim)
        elif self._flights.full:
            self._not_sent(question, Reason.OVERLOADED)
        else:
            self._send(question, aim)

    async def stop(self) -> None:
        """Read what has come, answer what is still open ``not_run`` / ``stopped``, close the sockets."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._loop is not None:
            self._work()
        for _at_s, _tie, burst, _aim in self._bursts:
            while burst.sent < burst.size:
                self._judge.not_sent(burst, Reason.STOPPED)
        self._bursts.clear()
        self._judge.give_up()
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()
        self._aims.clear()
        self._loop = None
        self._deliver()

    def health(self) -> Mapping[str, float]:
        """Return counters since the start, and what the sockets are like.

        ``most_late_s`` is the longest that reading came after its time; ``raw_sockets`` and
        ``datagram_sockets`` how many families are served by either kind.
        """
        kinds = [channel.intake.raw for channel in self._channels.values()]
        sizes = [channel.buffer_bytes for channel in self._channels.values()]
        return {
            **self._own,
            **self._judge.counts,
            **self._strays.health(),
            "clock_steps": self._watch.epoch,
            "in_flight": len(self._flights),
            "raw_sockets": kinds.count(True),
            "datagram_sockets": kinds.count(False),
            "smallest_buffer_bytes": min(sizes, default=0),
            "most_late_s": self._most_late_s,
        }

    # Sending

    def _take_aim(self, question: Question) -> Aim | tuple[Reason, str]:
        """Make what all requests of a question have in common, or tell why it cannot be asked.

        It is kept by the identity of the parameters, which it keeps alive: comparing them takes longer
        than sending.
        """
        parameters = question.parameters
        if not isinstance(parameters, IcmpParameters):
            message = f"{question.probe} has no ping parameters"
            raise TypeError(message)
        try:
            target = self._targets.of(question.address)
        except AddressError as error:
            return Reason.NO_NAME, str(error)
        if parameters.wanted_ip_version not in (None, target.version):
            return Reason.NO_NAME, f"no IPv{parameters.wanted_ip_version} address"
        channel = self._channel(target.version, parameters.dont_fragment)
        if isinstance(channel, Reason):
            return channel, ""
        try:
            control = control_for(target.version, parameters)
        except OSError as error:
            return Reason.NO_SOURCE, error.strerror or str(error)
        if len(self._aims) >= _MOST_AIMS:
            self._aims.clear()
        target.endpoint_ids.add(question.probe.endpoint_id)
        aim = Aim(target, parameters, channel, control)
        self._aims[question.address, id(parameters)] = aim
        return aim

    def _channel(self, version: Version, dont_fragment: bool) -> Channel | Reason:
        """Return the channel for a family and a way to fragment, opened when first needed, or why not.

        What was refused is tried again every few seconds: the right to ping may be given meanwhile.
        """
        if self._loop is None:
            return Reason.STOPPED
        channel = self._channels.get((version, dont_fragment))
        if channel is not None:
            return channel
        refused = self._refused.get((version, dont_fragment))
        if refused is not None and self._context.monotonic_s() < refused[1] + _OPEN_AGAIN_S:
            return refused[0]
        return self._open(version, dont_fragment=dont_fragment)

    def _open(self, version: Version, *, dont_fragment: bool) -> Channel | Reason:
        """Open a channel, or remember that it was refused just now."""
        try:
            channel = open_channel(version, self._buffer_bytes, dont_fragment=dont_fragment)
        except OSError as error:
            reason = reason_of_open_error(error)
            self._refused[version, dont_fragment] = reason, self._context.monotonic_s()
            return reason
        self._channels[version, dont_fragment] = channel
        return channel

    def _begin_burst(self, question: Question, aim: Aim) -> None:
        """Send the first ping of a burst; the others follow on the timer."""
        burst = Burst(
            question, aim.parameters.burst_count, self._wall_ns() / 1e9, self._context.monotonic_s()
        )
        self._go_on(burst, aim)
        self._arm(self._next_delay_s())

    def _go_on(self, burst: Burst, aim: Aim) -> None:
        """Send the next ping of a burst, and line up the one after it."""
        if self._flights.full:
            self._judge.not_sent(burst, Reason.OVERLOADED)
            self._deliver_soon()
        else:
            self._send(burst.question, aim, burst)
        next_s = burst.next_s
        if next_s is not None:
            heapq.heappush(self._bursts, (next_s, id(burst), burst, aim))

    def _send_bursts(self, now_s: float) -> None:
        """Send the pings of bursts whose time has come."""
        while self._bursts and self._bursts[0][0] <= now_s:
            _at_s, _tie, burst, aim = heapq.heappop(self._bursts)
            self._go_on(burst, aim)

    def _send(self, question: Question, aim: Aim, burst: Burst | None = None) -> None:
        """Send the request and open its flight; a refusal by the kernel becomes a reading."""
        number = self._flights.take_number()
        packet, channel, target = aim.request(number), aim.channel, aim.target
        monotonic_s = self._context.monotonic_s()
        try:
            sent_ns = channel.send(packet, target.sockaddr, aim.control, self._wall_ns)
        except OSError as error:
            self._failed_to_send(question, aim, burst, error)
            return
        vague = self._wall_ns() - sent_ns > _LONGEST_SENDING_NS
        self._own["sent"] += 1
        due_s = monotonic_s + question.timeout_s if burst is None else burst.due_s
        epoch = self._watch.epoch
        flight = Flight(
            question, target, number, monotonic_s, sent_ns, due_s, epoch, False, vague, aim.sequel
        )
        if burst is not None:
            flight.burst, flight.place = burst, burst.sent
            burst.sent += 1
        self._flights.open(flight)
        channel.expect(due_s)
        self._see_to_reading(monotonic_s)

    def _failed_to_send(self, question: Question, aim: Aim, burst: Burst | None, error: OSError) -> None:
        """Answer a question whose request did not leave; its interface is looked up anew next time."""
        self._own["send_failures"] += 1
        self._aims.pop((question.address, id(aim.parameters)), None)
        reason, detail = reason_of_send_error(error, aim.parameters), error.strerror or ""
        if burst is None:
            self._not_sent(question, reason, detail)
        else:
            self._judge.not_sent(burst, reason, detail)
            self._deliver_soon()

    def _not_sent(self, question: Question, reason: Reason, detail: str = "") -> None:
        """Answer a question that could not be asked, after the caller has returned."""
        utc_s, monotonic_s = self._context.utc_s(), self._context.monotonic_s()
        self._judge.ready.append(
            Reading(
                question.probe,
                utc_s,
                monotonic_s,
                Outcome.NOT_RUN,
                reason,
                beat=question.beat,
                detail=detail,
            )
        )
        self._deliver_soon()

    def _deliver_soon(self) -> None:
        """Hand over what is ready after the caller has returned."""
        loop = self._loop or asyncio.get_running_loop()
        loop.call_soon(self._deliver)

    # Reading

    def _see_to_reading(self, now_s: float) -> None:
        """Read along with a send when the last reading is a while ago, and wake an idle timer.

        Whoever asks on a beat has woken the process already, and a wake-up of our own would cost more
        than all the work of a tick: as much as four requests. So the timer is left a little slower than
        the beat, and is what reads only where nobody asks.
        """
        if now_s - self._last_tick_s >= _READ_ALONG_AFTER_S and self._tick_due_s > now_s:
            self._arm(0.0)

    def _arm(self, delay_s: float) -> None:
        """Set the one timer."""
        if self._loop is None:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._tick_due_s = self._context.monotonic_s() + delay_s
        wait = self._loop.call_later
        self._timer = wait(delay_s, self._tick) if delay_s else self._loop.call_soon(self._tick)

    def _tick(self) -> None:
        """Do the work that is due, and set the timer again whatever happens to it."""
        began_s = self._context.monotonic_s()
        self._most_late_s = max(self._most_late_s, began_s - self._tick_due_s)
        drained = True
        try:
            self._send_bursts(began_s)
            drained = self._work()
            self._deliver()
        finally:
            self._last_tick_s = began_s
            self._arm(self._next_delay_s() if drained else _SHORTEST_TICK_S)

    def _next_delay_s(self) -> float:
        """Return how long to wait: never past a deadline or the next ping of a burst."""
        now_s, due_s = self._context.monotonic_s(), self._flights.next_due_s()
        delay_s = _IDLE_TICK_S if due_s is None else min(_TICK_S, due_s + _GRACE_S - now_s)
        if self._bursts:
            delay_s = min(delay_s, self._bursts[0][0] - now_s)
        return max(_SHORTEST_TICK_S, delay_s)

    def _work(self) -> bool:
        """Drain, judge what came, let fall due what did not; True when nothing is left waiting.

        The clocks are compared after draining and before judging, so that every stamp judged lies
        before a look at them.
        """
        began_s = self._context.monotonic_s()
        everything = began_s >= self._all_read_s + _IDLE_TICK_S
        if everything:
            self._all_read_s = began_s
        arrivals: list[Arrival] = []
        errors: list[QueuedError] = []
        drained = True
        for channel in self._channels.values():
            if everything or channel.expects():
                self._notice_drops(channel)
                errors += channel.errors(_MOST_PER_DRAIN)
                drained &= channel.receive(arrivals, _MOST_PER_DRAIN, self._wall_ns)
                self._notice_drops(channel)
        self._watch.look()
        for arrival in arrivals:
            self._judge.judge(arrival)
        for error in errors:
            self._judge.judge_queued(error)
        if drained:
            self._settle(began_s - _GRACE_S)
        return drained

    def _settle(self, until_s: float) -> None:
        """Let fall due what was due by then; a socket that nothing is expected from is read more seldom."""
        self._judge.let_fall_due(until_s)
        for channel in self._channels.values():
            channel.expect_no_more(until_s)

    def _notice_drops(self, channel: Channel) -> None:
        """Remember for every open question of a family that its buffer ran over."""
        dropped = channel.dropped_by_us()
        if dropped:
            self._own["own_drops"] += dropped
            self._judge.cloud(channel.intake.version)

    def _deliver(self) -> None:
        """Hand readings to the sink; one that raises loses its own reading and no other."""
        ready = self._judge.ready
        while ready:
            self._context.sink(ready.popleft())
