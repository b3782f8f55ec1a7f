"""The engine: asks on the beat, judges in order, writes once a second and every change at once.

Start, in this order: what was last committed is remembered; the committer starts; the log says that
the engine started and how long nobody watched; the probers take their sockets; the beat begins. The
stop is the reverse: what operators put last is taken, and the last entry of the log says why and, where
an operator stopped it, who; after it nothing is written any more.

A changed site is read and judged in a thread and adopted between two looks: what did not change is asked on
its beat as if nothing had happened (``monitor.py`` rule 6, ``schedule.py`` rule 3).

It never waits for a disk, a name server or an answer: those live in threads and callbacks.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import math
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from controlroom.alarms.alarm import ENGINE, Cause
from controlroom.condition.state import EndpointState
from controlroom.engine import acts, learnt_keeper
from controlroom.engine.address_book import AddressBook, NameChange
from controlroom.engine.askings import Askings
from controlroom.engine.committer import Committer
from controlroom.engine.effects import Effects
from controlroom.engine.entries import (
    blind_entry,
    mended_entry,
    name_entry,
    site_changed_entry,
    step_entry,
)
from controlroom.engine.folder_kind import refuse_other_kind
from controlroom.engine.health import Health
from controlroom.engine.monitor import Monitor
from controlroom.engine.own_network import metrics_of_own_network
from controlroom.engine.parts import EngineParts
from controlroom.engine.reprobes import ReprobeQueue
from controlroom.engine.retention import retention_of
from controlroom.engine.schedule import Schedule, look_every_s
from controlroom.engine.site_file import LoadedSite
from controlroom.engine.time_watch import Clocks, Disturbance, TimeWatch
from controlroom.engine.tracing import Tracing, TracingMeans
from controlroom.errors import ControlroomError, EngineError, StoreError
from controlroom.logbook.chain import Chain
from controlroom.logbook.entry import Draft, Entry, Fact, LogKind
from controlroom.probe import Prober, ProberContext, ProbeType
from controlroom.reading import Reading, Reason
from controlroom.route.trace import RouteInventor
from controlroom.site.mistakes import SiteError
from controlroom.site.model import Site
from controlroom.site.simulation import is_simulated
from controlroom.site.view import view_of
from controlroom.store.interface import (
    NOTHING_LEFT,
    Batch,
    BlindTime,
    EngineMemory,
    LeftOver,
    Second,
    TakenAct,
)

REPROBES_PER_SECOND = 2000
_GAP_IS_BLIND_S = 2.0
_LAST_LOOK_S = 0.3
_LAST_COMMIT_S = 1.4
_LOOK_AT_OWN_ADDRESSES_EVERY = 10
_LOOK_OUT_EVERY_S = 0.5
_FAULT = "fault"
log = logging.getLogger("controlroom.engine")


class Engine:
    """One run of the engine, from start to stop."""

    def __init__(self, parts: EngineParts) -> None:
        """Take up where the last engine stopped; nothing is asked or written yet.

        Raise ``EngineError`` where the store holds simulated measurements and the site is real, or the
        other way round (``folder_kind.py``).
        """
        self._parts = parts
        memory = parts.store.remember()
        refuse_other_kind(memory.site_json, simulated=is_simulated(parts.site, parts.probe_types))
        now = parts.clocks()
        self._started = now
        self._reaches = {name: probe_type.reaches for name, probe_type in parts.probe_types.items()}
        self._site, self._digest = parts.site, parts.site_digest
        self._memory: EngineMemory = memory
        self._chain = Chain(memory.last_entry_number, memory.last_entry_hash)
        self._monitor = Monitor(
            parts.site,
            self._reaches,
            now.utc_s,
            states=memory.states,
            alarms=memory.alarms,
            next_alarm_number=memory.next_alarm_number,
        )
        learnt_keeper.recall(memory.learnt, self._monitor.trackers)
        addressed, lives = self._addressed(parts.site), parts.time_to_live
        self._addresses = AddressBook(addressed, time_to_live=lives, on_change=self._on_name)
        self._monitor.set_nameless(self._addresses.lacks_address)
        self._askings = Askings(
            parts.site,
            parts.probe_types,
            self._addresses,
            utc_s=lambda: parts.clocks().utc_s,
            monotonic_s=lambda: parts.clocks().monotonic_s,
            on_reading=self._on_reading,
            look_at_time=lambda: self._look_at_time(parts.clocks()),
        )
        self._askings.set_patience(self._monitor.patience_s)
        self._watch = TimeWatch(now)
        self._probers = self._create_probers()
        self._askings.attach(self._probers)
        self._reprobes = ReprobeQueue(REPROBES_PER_SECOND)
        self._tracing = self._make_tracing(memory)
        self._health = Health()
        self._readings: list[Reading] = []
        self._looked_out_s = -math.inf
        self._states: dict[str, EndpointState] = {}
        self._stopping = asyncio.Event()
        self._stopped_by = ("", _FAULT)
        self._log_ended = False
        self.left_over: LeftOver | None = None
        """What could not be committed, known when ``run`` has returned; ``None`` where nobody can tell."""
        self._seconds = 0
        self._schedule = Schedule([], now.monotonic_s)
        self._look_s = look_every_s(0.0)
        self._one_reload = asyncio.Lock()
        self._reloads: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._committer = Committer(
            parts.store,
            on_acts=self._acts_from_thread,
            on_trouble=self._trouble_from_thread,
            on_found=self._found_from_thread,
            retention=lambda: retention_of(self._site),
        )

    def stop(self, cause: str = "signal", operator: str = "") -> None:
        """Ask the engine to end; ``run`` returns soon after, with everything committed.

        An operator's word is the cause whatever else asked as well: a desk puts it and sends a signal.
        """
        if self._stopped_by[1] != "operator":
            self._stopped_by = (operator, cause)
        self._stopping.set()

    async def run(self, for_s: float | None = None) -> bool:
        """Run until stopped, or for so many seconds; return whether it ended well and all was committed."""
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._on_fault)
        self._committer.start()
        self._begin_log()
        names = asyncio.create_task(self._addresses.keep_current())
        for prober in self._probers.values():
            await prober.start()
        try:
            await self._beat(for_s)
        finally:
            for task in (names, *self._reloads):
                task.cancel()
            await self._tracing.stop()
            for prober in reversed(list(self._probers.values())):
                await prober.stop()
            await self._take_last_acts()
            committed = self._end_log()
        return committed and self._stopped_by[1] != _FAULT

    def _on_fault(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """End at a fault of our own: a prober that fell silent would look like endpoints that are well.

        The desk or the service that keeps the engine starts it again, and the log tells of both.
        """
        loop.default_exception_handler(context)
        if isinstance(context.get("handle"), asyncio.Handle):
            self.stop(_FAULT)

    def _create_probers(self) -> dict[str, Prober]:
        parts = self._parts
        self._context = ProberContext(
            sink=self._askings.answered,
            utc_s=lambda: parts.clocks().utc_s,
            monotonic_s=lambda: parts.clocks().monotonic_s,
            resolve_secret=parts.resolve_secret,
            data_folder=parts.data_folder,
        )
        used = {asking.probe.type for asking in self._askings.all}
        return {name: parts.probe_types[name].create(self._context) for name in sorted(used)}

    def _make_tracing(self, memory: EngineMemory) -> Tracing:
        simulated = is_simulated(self._parts.site, self._parts.probe_types)
        inventors = (each.trace for each in self._probers.values() if isinstance(each, RouteInventor))
        means = TracingMeans(
            tracer=next(inventors, None) if simulated else self._parts.tracer,
            address=self._written_address if simulated else self._addresses.address,
            may_trace=self._monitor.is_outside if simulated else self._may_trace,
            urgency=self._monitor.urgency,
            cut_off=lambda: self._monitor.cut_off,
            unasked=lambda: self._site.routes.trace,
            utc_s=lambda: self._parts.clocks().utc_s,
            monotonic_s=lambda: self._parts.clocks().monotonic_s,
            on_done=self._submit,
        )
        return Tracing(means, memory.states, memory.routes)

    def _may_trace(self, endpoint_id: str) -> bool:
        return endpoint_id in self._addressed(self._site) and self._monitor.is_outside(endpoint_id)

    def _written_address(self, endpoint_id: str) -> str | None:
        """The address as the site has it: nobody looks the name of a simulated endpoint up."""
        return next((item.address for item in self._site.endpoints if item.id == endpoint_id), None)

    def _addressed(self, site: Site) -> dict[str, str]:
        """The addresses that some probe asks: no other name is ever looked up."""
        types = self._parts.probe_types
        return {
            item.id: item.address
            for item in site.endpoints
            if any(types[probe.type].addressed for probe in item.probes)
        }

    # -- the beat ---------------------------------------------------------------------------------

    async def _beat(self, for_s: float | None) -> None:
        first = self._parts.clocks()
        self._watch = TimeWatch(first)
        self._keep_time([None] * len(self._askings.all), first.monotonic_s)
        until_s = None if for_s is None else first.monotonic_s + for_s
        last_s = second_s = first.monotonic_s
        self._refresh_local()
        while not self._stopping.is_set():
            await asyncio.sleep(self._look_s)
            now = self._parts.clocks()
            self._health.looked(now.monotonic_s - last_s)
            last_s = now.monotonic_s
            self._look_at_time(now)
            self._ask_due(now.monotonic_s)
            for lost in self._askings.lost_patience():
                self._judge(lost)  # never kept: what comes of it in the end is
            self._bring_about(self._monitor.tick(now.monotonic_s, now.utc_s))
            self._tracing.look(now.monotonic_s)
            if now.monotonic_s - second_s >= 1.0:
                second_s += int(now.monotonic_s - second_s)
                self._close_second(now)
            if until_s is not None and now.monotonic_s >= until_s:
                self.stop("time_over")

    def _keep_time(self, places: Sequence[int | None], now_s: float) -> None:
        """Set the beats of all askings; ``places`` tells for each the place it had before, if any."""
        periods_s = [asking.probe.period_s for asking in self._askings.all]
        self._schedule.adopt(periods_s, places, now_s)
        self._look_s = look_every_s(sum(1 / period_s for period_s in periods_s))

    def _ask_due(self, now_s: float) -> None:
        for due in self._schedule.due(now_s):
            self._health.sent(now_s - due.at_s)
            self._askings.ask(due.index)
        for reprobe in self._reprobes.due(now_s):
            self._askings.ask_again(reprobe)

    def _refresh_local(self) -> None:
        own = self._parts.own_addresses()
        found = self._addresses.found()
        local = {
            asking.endpoint.id
            for asking in self._askings.all
            if _on_this_machine(found.get(asking.endpoint.id), own)
            or _measures_this_machine(self._parts.probe_types[asking.probe.type])
        }
        self._monitor.set_local(frozenset(local))
        self._monitor.set_network_metrics(metrics_of_own_network(self._site, self._parts.probe_types))

    def _look_for_ways_out(self) -> None:
        now_s = self._parts.clocks().monotonic_s
        if now_s - self._looked_out_s >= _LOOK_OUT_EVERY_S:
            self._looked_out_s = now_s
            self._monitor.set_beyond(self._addresses.beyond(self._parts.ways_out()))

    def _look_at_time(self, now: Clocks) -> None:
        disturbance = self._watch.look(now)
        if disturbance is not None:
            self._disturbed(disturbance, now)

    def _disturbed(self, disturbance: Disturbance, now: Clocks) -> None:
        stepped = disturbance.step_s
        effects = self._monitor.clock_stepped(stepped, now.utc_s) if stepped else Effects()
        if disturbance.blind_s:
            from_utc_s = now.utc_s - disturbance.blind_s
            asleep = disturbance.cause == "asleep"
            self._askings.distrust(now.monotonic_s, Reason.ASLEEP if asleep else Reason.OVERLOADED)
            blind = BlindTime(from_utc_s, now.utc_s, disturbance.cause)
            effects.blind.append(blind)
            effects.entries.append(blind_entry(blind, now.utc_s))
        if stepped:
            effects.entries.append(step_entry(stepped, now.utc_s))
        self._bring_about(effects)

    def _on_name(self, endpoint_id: str, change: NameChange, address: str) -> None:
        """Log what became of an endpoint's name; what is asked follows by itself."""
        entry = name_entry(endpoint_id, change, address, self._parts.clocks().utc_s)
        self._bring_about(Effects(entries=[entry]))

    # -- what comes back --------------------------------------------------------------------------

    def _on_reading(self, reading: Reading, judged: bool) -> None:
        if reading.reason is Reason.STOPPED:
            return
        if reading.reason is Reason.NO_ROUTE:
            self._look_for_ways_out()
        believed = self._monitor.believed(reading)
        self._readings.append(believed)
        if judged:
            self._judge(believed)

    def _judge(self, reading: Reading) -> None:
        now = self._parts.clocks()
        self._bring_about(self._monitor.handle(reading, now.monotonic_s, now.utc_s))

    def _bring_about(self, effects: Effects) -> None:
        for reprobe in effects.reprobes:
            self._reprobes.wish(reprobe, self._parts.clocks().monotonic_s)
        self._tell_again(effects.disbelieved)
        self._states.update(effects.states)
        self._tracing.saw(effects.states.values(), self._parts.clocks().monotonic_s)
        if effects.urgent:
            self._submit(effects)

    def _tell_again(self, disbelieved: Sequence[Reading]) -> None:
        """Tell losses again as blind: of the open second in their place, of those before behind them."""
        places = {id(reading): place for place, reading in enumerate(self._readings)} if disbelieved else {}
        for reading in disbelieved:
            blind, place = replace(reading, reason=Reason.BLIND), places.get(id(reading))
            if place is None:
                self._readings.append(blind)
            else:
                self._readings[place] = blind

    def _submit(self, effects: Effects, taken: Sequence[TakenAct] = (), site_json: str | None = None) -> None:
        if self._log_ended:
            return
        batch = Batch(
            states=tuple(self._states.values()),
            alarms=tuple(effects.alarms.values()),
            entries=self._chained(effects.entries),
            acts=tuple(taken),
            blind=tuple(effects.blind),
            site_json=site_json,
            routes=tuple(effects.routes),
        )
        self._states.clear()
        self._committer.submit(batch)

    def _close_second(self, now: Clocks) -> None:
        more: dict[str, float] = {
            "readings": float(len(self._readings)),
            "missed_beats": float(self._schedule.missed),
            "in_flight": float(self._askings.in_flight),
            "names_failing": float(self._addresses.failing),
            "names_never_found": float(self._addresses.never_found),
            "reprobes_dropped": float(self._reprobes.dropped),
            "seconds_dropped": float(self._committer.dropped_seconds),
            "seconds_waiting": float(self._committer.waiting_seconds),
        }
        for name, prober in self._probers.items():
            more.update({f"{name}_{key}": value for key, value in prober.health().items()})
        second = Second(now.utc_s, tuple(self._readings), self._health.close(more))
        blind = self._monitor.blind_now(now.utc_s)
        batch = Batch(
            second=second,
            states=tuple(self._states.values()),
            blind=() if blind is None else (blind,),
            learnt=learnt_keeper.due(self._seconds, self._monitor.trackers),
        )
        self._readings, self._states = [], {}
        self._committer.submit(batch)
        if not self._committer.works or self._committer.homeless:  # nothing would be read again by anybody
            self.stop(_FAULT)
        self._seconds += 1
        if self._seconds % _LOOK_AT_OWN_ADDRESSES_EVERY == 0:
            self._refresh_local()

    # -- the log ----------------------------------------------------------------------------------

    def _chained(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        return tuple(self._chain.append(draft) for draft in drafts)

    def _begin_log(self) -> None:
        site, now = self._parts.site, self._parts.clocks().utc_s
        effects = self._monitor.begin(now)
        last_s = self._memory.last_heartbeat_utc_s
        if last_s is not None and now - last_s > _GAP_IS_BLIND_S:
            effects.blind.append(BlindTime(last_s, now, "engine_stopped"))
            effects.entries.insert(0, blind_entry(effects.blind[0], now))
        probes = len(self._askings.all)
        started: dict[str, Fact] = {
            "pid": os.getpid(),
            "version": self._parts.version,
            "site": site.name,
            "after": self._came_after(),
        }
        loaded: dict[str, Fact] = {
            "name": site.name,
            "endpoints": len(site.endpoints),
            "probes": probes,
            "digest": self._parts.site_digest,
        }
        drafts = [
            Draft(now, LogKind.ENGINE_STARTED, ENGINE, facts=started),
            Draft(now, LogKind.SITE_LOADED, ENGINE, facts=loaded),
            *effects.entries,
        ]
        for reprobe in effects.reprobes:
            self._reprobes.wish(reprobe, self._parts.clocks().monotonic_s)
        batch = Batch(
            states=tuple(effects.states.values()),
            alarms=tuple(effects.alarms.values()),
            entries=self._chained(drafts),
            blind=tuple(effects.blind),
            site_json=self._site_json(site),
        )
        self._committer.submit(batch)

    def _site_json(self, site: Site) -> str:
        return view_of(site, self._parts.probe_types, self._digest).model_dump_json()

    def _came_after(self) -> str:
        if self._memory.last_entry_number == 0:
            return "start"
        return "stop" if self._memory.ended_orderly else "crash"

    async def _take_last_acts(self) -> None:
        """Take what was put just before a signal came, above all an operator's word to stop."""
        looked = asyncio.Event()
        self._committer.look_once_more(lambda: self._hand_over(looked.set))
        # A store in trouble does not get to it; what was put then waits for the next engine.
        with suppress(TimeoutError):
            await asyncio.wait_for(looked.wait(), _LAST_LOOK_S)

    def _end_log(self) -> bool:
        """Write the last entry and wait for it: nothing else is left to do in this process."""
        now = self._parts.clocks()
        operator, cause = self._stopped_by
        entry = Draft(now.utc_s, LogKind.ENGINE_STOPPED, ENGINE, operator, {"cause": cause})
        second = Second(now.utc_s, tuple(self._readings), self._health.close({}))
        states = tuple(self._states.values())
        learnt = learnt_keeper.everything(self._monitor.trackers)
        entries = self._chained([entry])
        self._committer.submit(Batch(second=second, states=states, entries=entries, learnt=learnt))
        self._log_ended = True
        committed = self._committer.stop(_LAST_COMMIT_S)
        if not committed:
            lost = (
                "Monitoring ended, but %d seconds of readings and %d log entries could not be committed (%s)."
            )
            left = self._committer.left_over()
            log.error(lost, left.seconds, left.entries, left.why or "in time")
            self.left_over = None if left.is_nothing else left  # what else was in a batch is not counted
        else:
            self.left_over = NOTHING_LEFT
        return committed

    # -- from the committer's thread --------------------------------------------------------------

    def _acts_from_thread(self, waiting: Sequence[TakenAct]) -> None:
        self._hand_over(lambda: self._take_acts(waiting))

    def _trouble_from_thread(self, error: StoreError | None) -> None:
        self._hand_over(lambda: self._store_trouble(error))

    def _found_from_thread(self, found: StoreError) -> None:
        self._hand_over(lambda: self._store_mended(found))

    def _hand_over(self, call: Callable[[], None]) -> None:
        # The loop may have ended while the thread still waited for its disk; then nobody listens.
        with suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _take_acts(self, waiting: Sequence[TakenAct]) -> None:
        now = self._parts.clocks()
        # A clock that was set since must not make an act of now seem older than this engine.
        started_utc_s = min(self._started.utc_s, now.utc_s - (now.boot_s - self._started.boot_s))
        for waiting_act in waiting:
            taken = acts.take(waiting_act, self._monitor, now.utc_s, started_utc_s=started_utc_s)
            if taken.reload:
                self._begin_reload(waiting_act)
                continue
            if taken.trace:
                self._tracing.ask(waiting_act)
                continue
            self._submit(taken.effects, [taken.answer])
            if taken.stop:
                self.stop("operator", waiting_act.act.operator)

    # -- a changed site ---------------------------------------------------------------------------

    def _begin_reload(self, act: TakenAct) -> None:
        task = asyncio.get_running_loop().create_task(self._reload(act))
        self._reloads.add(task)
        task.add_done_callback(self._reload_ended)

    def _reload_ended(self, task: asyncio.Task[None]) -> None:
        self._reloads.discard(task)
        if not task.cancelled() and (mistake := task.exception()) is not None:
            raise mistake  # a fault of our own ends the engine, as in any callback

    async def _reload(self, act: TakenAct) -> None:
        """Read the site file in a thread, then go on with it; one at a time, in the order of the acts."""
        async with self._one_reload:
            try:
                if self._parts.read_site is None:
                    raise EngineError("no-site-file", "This engine was given no site file to read again.")
                loaded = await asyncio.to_thread(self._parts.read_site)
                simulated = is_simulated(loaded.site, self._parts.probe_types)
                refuse_other_kind(self._site_json(self._site), simulated=simulated)
            except ControlroomError as error:
                code = "site_mistakes" if isinstance(error, SiteError) else error.code.replace("-", "_")
                mistake = str(error.mistakes[0]) if isinstance(error, SiteError) else str(error)
                refused = acts.refused(act, code, self._parts.clocks().utc_s, mistake=mistake[:500])
                self._submit(refused.effects, [refused.answer])
                return
            await self._start_probers(loaded.site)
            self._adopt(loaded, act)

    async def _start_probers(self, site: Site) -> None:
        used = {probe.type for endpoint in site.endpoints for probe in endpoint.probes}
        for name in sorted(used - self._probers.keys()):
            prober = self._parts.probe_types[name].create(self._context)
            await prober.start()
            self._probers[name] = prober

    def _adopt(self, loaded: LoadedSite, act: TakenAct) -> None:
        """Go on with a site that was read; nothing else runs meanwhile."""
        before, self._site, now = self._site, loaded.site, self._parts.clocks()
        if loaded.digest == self._digest:
            # Nothing changes for the probes; what the operator did to the file is told all the same.
            told = site_changed_entry(before, loaded, act, now.utc_s, same=True)
            self._submit(Effects(entries=[told] if act.act.note else []), [act])
            return
        self._digest = loaded.digest
        self._addresses.adopt(self._addressed(loaded.site))
        effects = self._monitor.adopt(loaded.site, self._reaches, now.monotonic_s, now.utc_s)
        self._keep_time(self._askings.adopt(loaded.site), now.monotonic_s)
        self._refresh_local()
        entry = site_changed_entry(before, loaded, act, now.utc_s)
        effects.entries.insert(0, entry)
        self._states.update(effects.states)
        known = [tracker.state for tracker in self._monitor.trackers.values()]
        self._tracing.saw((*effects.states.values(), *known), now.monotonic_s)
        for reprobe in effects.reprobes:
            self._reprobes.wish(reprobe, now.monotonic_s)
        self._submit(effects, [act], self._site_json(loaded.site))

    def _store_trouble(self, error: StoreError | None) -> None:
        now_utc_s = self._parts.clocks().utc_s
        if error is None:
            self._bring_about(self._monitor.own_fault_ended(Cause.STORE_FAILED, now_utc_s))
        else:
            self._bring_about(self._monitor.own_fault(Cause.STORE_FAILED, error.code, now_utc_s))

    def _store_mended(self, found: StoreError) -> None:
        """Tell it in the log, and by an alarm that waits for somebody to see it."""
        now_utc_s = self._parts.clocks().utc_s
        effects = self._monitor.own_event(Cause.STORE_MENDED, found.code, now_utc_s)
        effects.entries.insert(0, mended_entry(found, now_utc_s))
        self._bring_about(effects)


def _on_this_machine(address: str | None, own: frozenset[str]) -> bool:
    return address is not None and (address in own or ipaddress.ip_address(address).is_loopback)


def _measures_this_machine(probe_type: ProbeType) -> bool:
    """Whether a type needs no address because it asks nobody else; a simulated one plays at asking others."""
    return not probe_type.addressed and not probe_type.simulated
