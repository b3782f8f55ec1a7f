"""The engine: asks on the beat, judges in order, writes once a second and every change at once.

Start, in this order: what was last committed is remembered; the committer starts; the log says that
the engine started and how long nobody watched; the probers take their sockets; the beat begins. The
stop is the reverse: what operators put last is taken, and the last entry of the log says why and, where
an operator stopped it, who; after it nothing is written any more.

A changed site is read and judged in a thread and adopted between two looks: what did not change is asked on
its beat as if nothing had happened (``monitor.py`` rule 3, ``beat.py``).

It never waits for a disk, a name server or an answer: those live in threads and callbacks.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from controlroom.alarms.alarm import Cause
from controlroom.engine import acts, learnt_keeper
from controlroom.engine.address_book import AddressBook, NameChange
from controlroom.engine.askings import Askings
from controlroom.engine.assessing import Assessing
from controlroom.engine.beat import Beat
from controlroom.engine.committer import Committer
from controlroom.engine.effects import Effects
from controlroom.engine.entries import (
    blind_entry,
    loaded_entry,
    mended_entry,
    name_entry,
    site_changed_entry,
    started_entry,
    step_entry,
    stopped_entry,
)
from controlroom.engine.folder_kind import refuse_other_kind
from controlroom.engine.handover import Handover
from controlroom.engine.health import Health
from controlroom.engine.link_changes import LinkChanges
from controlroom.engine.monitor import Monitor
from controlroom.engine.outgoing import Outgoing
from controlroom.engine.parts import EngineParts
from controlroom.engine.probers import Probers
from controlroom.engine.reloads import ReloadMeans, Reloads
from controlroom.engine.retention import retention_of
from controlroom.engine.scribe import Scribe
from controlroom.engine.site_file import LoadedSite
from controlroom.engine.surroundings import Surroundings, addressed
from controlroom.engine.time_watch import Clocks, Disturbance, TimeWatch
from controlroom.engine.trace_targets import TraceTargets
from controlroom.engine.tracing import Tracing, TracingMeans
from controlroom.errors import StoreError
from controlroom.logbook.chain import Chain
from controlroom.probe import ProberContext
from controlroom.reading import Reading, Reason
from controlroom.resilience.live import Resilience
from controlroom.route.trace import RouteInventor
from controlroom.site.model import Site
from controlroom.site.simulation import is_simulated
from controlroom.site.view import SiteView, view_of
from controlroom.store.interface import BlindTime, LeftOver, TakenAct

_GAP_IS_BLIND_S = 2.0
_LAST_LOOK_S = 0.3
_LOOK_AT_OWN_ADDRESSES_EVERY = 10
_FAULT = "fault"


class Engine:
    """One run of the engine, from start to stop."""

    def __init__(self, parts: EngineParts) -> None:
        """Take up where the last engine stopped; nothing is asked or written yet.

        Raise ``EngineError`` where the store holds simulated measurements and the site is real, or the
        other way round (``folder_kind.py``).
        """
        self._parts = parts
        self._memory = memory = parts.store.remember()
        refuse_other_kind(memory.site_json, simulated=is_simulated(parts.site, parts.probe_types))
        self._started = now = parts.clocks()
        self._site, self._digest = parts.site, parts.site_digest
        self._stopping = asyncio.Event()
        self._stopped_by = ("", _FAULT)
        self._handover = Handover()
        self._reaches = {name: probe_type.reaches for name, probe_type in parts.probe_types.items()}
        view = self._view(parts.site)
        self._monitor = self._make_monitor(now.utc_s, view)
        learnt_keeper.recall(memory.learnt, self._monitor.trackers)
        self._addresses = AddressBook(
            addressed(parts.site, parts.probe_types), time_to_live=parts.time_to_live, on_change=self._on_name
        )
        self._monitor.set_nameless(self._addresses.lacks_address)
        self._surroundings = Surroundings(parts, self._addresses, self._monitor)
        self._askings = self._make_askings()
        self._askings.set_patience(self._monitor.patience_s)
        self._probers = Probers(parts.site, parts.probe_types, self._prober_context())
        self._askings.attach(self._probers.all)
        self._outgoing = Outgoing(memory, parts.consumers, self._utc_s, self._monotonic_s)
        self._committer = self._make_committer()
        chain = Chain(memory.last_entry_number, memory.last_entry_hash)
        self._scribe = Scribe(self._committer, chain, memory.remarks, self._outgoing.told)
        self._tracing = self._make_tracing()
        self._reloads = self._make_reloads()
        self._changes = LinkChanges(view, memory.learnt, parts.site.changes.false_call_days)
        self._assessing = Assessing(view, now.utc_s, self._changes)
        self._health = Health()
        self._beat = Beat(self._askings, self._health, now.monotonic_s)
        self._watch = TimeWatch(now)
        self._seconds = 0

    @property
    def left_over(self) -> LeftOver | None:
        """What could not be committed, known when ``run`` has returned; ``None`` where nobody can tell."""
        return self._scribe.left_over

    def stop(self, cause: str = "signal", operator: str = "") -> None:
        """Ask the engine to end; ``run`` returns soon after, with everything committed.

        An operator's word is the cause whatever else asked as well: a desk puts it and sends a signal.
        """
        if self._stopped_by[1] != "operator":
            self._stopped_by = (operator, cause)
        self._stopping.set()

    async def run(self, for_s: float | None = None) -> bool:
        """Run until stopped, or for so many seconds; return whether it ended well and all was committed."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._on_fault)
        self._handover.listen(loop)
        self._committer.start()
        self._begin_log()
        self._outgoing.start(self._scribe)
        names = asyncio.create_task(self._addresses.keep_current())
        await self._probers.start()
        try:
            await self._watch_over(for_s)
        finally:
            names.cancel()
            self._reloads.cancel()
            await self._tracing.stop()
            await self._outgoing.stop()
            await self._probers.stop()
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

    # -- what it is made of -----------------------------------------------------------------------

    def _utc_s(self) -> float:
        return self._parts.clocks().utc_s

    def _monotonic_s(self) -> float:
        return self._parts.clocks().monotonic_s

    def _make_monitor(self, now_utc_s: float, view: SiteView) -> Monitor:
        memory = self._memory
        return Monitor(
            self._site,
            self._reaches,
            now_utc_s,
            states=memory.states,
            alarms=memory.alarms,
            next_alarm_number=memory.next_alarm_number,
            windows=memory.maintenance,
            next_window_number=memory.next_window_number,
            last_alive_utc_s=memory.last_heartbeat_utc_s,
            view=view,
            routes=memory.routes,
        )

    def _make_askings(self) -> Askings:
        return Askings(
            self._site,
            self._parts.probe_types,
            self._addresses,
            utc_s=self._utc_s,
            monotonic_s=self._monotonic_s,
            on_reading=self._on_reading,
            look_at_time=lambda: self._look_at_time(self._parts.clocks()),
        )

    def _prober_context(self) -> ProberContext:
        return ProberContext(
            sink=self._askings.answered,
            utc_s=self._utc_s,
            monotonic_s=self._monotonic_s,
            resolve_secret=self._parts.resolve_secret,
            data_folder=self._parts.data_folder,
        )

    def _make_committer(self) -> Committer:
        return Committer(
            self._parts.store,
            on_acts=self._handover.to(self._take_acts),
            on_trouble=self._handover.to(self._store_trouble),
            on_found=self._handover.to(self._store_mended),
            retention=lambda: retention_of(self._site),
            on_messages=self._handover.to(self._outgoing.committed),
        )

    def _make_tracing(self) -> Tracing:
        targets = TraceTargets(lambda: self._site, self._parts.probe_types, self._addresses, self._monitor)
        inventors = (each.trace for each in self._probers.all.values() if isinstance(each, RouteInventor))
        means = TracingMeans(
            tracer=next(inventors, None) if targets.simulated else self._parts.tracer,
            address=targets.address,
            may_trace=targets.may_trace,
            urgency=self._monitor.urgency,
            cut_off=lambda: self._monitor.cut_off,
            unasked=lambda: self._site.routes.trace,
            utc_s=self._utc_s,
            monotonic_s=self._monotonic_s,
            on_done=self._traced,
        )
        return Tracing(means, self._memory.states, self._memory.routes)

    def _traced(self, effects: Effects, taken: Sequence[TakenAct] = ()) -> None:
        """Tell what a trace found, to the log and to the grades."""
        self._assessing.told(effects.entries)
        self._scribe.submit(effects, taken)
        self._bring_about(self._monitor.traced(effects.routes, self._utc_s()))

    def _make_reloads(self) -> Reloads:
        means = ReloadMeans(
            read=self._parts.read_site,
            refuse_unfit=self._refuse_unfit,
            adopt=self._adopt,
            refused=lambda refused: self._scribe.submit(refused.effects, [refused.answer]),
            utc_s=self._utc_s,
        )
        return Reloads(means)

    # -- the beat ---------------------------------------------------------------------------------

    async def _watch_over(self, for_s: float | None) -> None:
        first = self._parts.clocks()
        self._watch = TimeWatch(first)
        self._beat.begin(first.monotonic_s)
        until_s = None if for_s is None else first.monotonic_s + for_s
        last_s = second_s = first.monotonic_s
        self._surroundings.look_around(self._site)
        while not self._stopping.is_set():
            await asyncio.sleep(self._beat.look_s)
            now = self._parts.clocks()
            self._health.looked(now.monotonic_s - last_s)
            last_s = now.monotonic_s
            self._look_at_time(now)
            self._beat.ask_due(now.monotonic_s)
            for lost in self._askings.lost_patience():
                self._judge(lost)  # never kept: what comes of it in the end is
            self._bring_about(self._monitor.tick(now.monotonic_s, now.utc_s))
            self._bring_about(self._monitor.look_at_services(now.monotonic_s, now.utc_s))
            self._bring_about(self._assessing.look(now.utc_s))
            self._outgoing.look()
            self._tracing.look(now.monotonic_s)
            if now.monotonic_s - second_s >= 1.0:
                second_s += int(now.monotonic_s - second_s)
                self._close_second(now)
            if until_s is not None and now.monotonic_s >= until_s:
                self.stop("time_over")

    def _look_at_time(self, now: Clocks) -> None:
        disturbance = self._watch.look(now)
        if disturbance is not None:
            self._disturbed(disturbance, now)

    def _disturbed(self, disturbance: Disturbance, now: Clocks) -> None:
        stepped = round(disturbance.step_s, 3)  # as the log tells it, from which alarms can be told again
        effects = self._monitor.clock_stepped(stepped, now.utc_s) if stepped else Effects()
        if disturbance.blind_s:
            from_utc_s = now.utc_s - disturbance.blind_s
            asleep = disturbance.cause == "asleep"
            self._askings.distrust(now.monotonic_s, Reason.ASLEEP if asleep else Reason.OVERLOADED)
            blind = BlindTime(from_utc_s, now.utc_s, disturbance.cause)
            effects.blind.append(blind)
            effects.entries.append(blind_entry(blind, now.utc_s))
        if stepped:
            self._assessing.clock_stepped(stepped, now.utc_s)
            effects.entries.append(step_entry(stepped, now.utc_s))
        self._bring_about(effects)

    def _on_name(self, endpoint_id: str, change: NameChange, address: str) -> None:
        """Log what became of an endpoint's name; what is asked follows by itself."""
        entry = name_entry(endpoint_id, change, address, self._utc_s())
        self._bring_about(Effects(entries=[entry]))

    # -- what comes back --------------------------------------------------------------------------

    def _on_reading(self, reading: Reading, judged: bool) -> None:
        if reading.reason is Reason.STOPPED:
            return
        if reading.reason is Reason.NO_ROUTE:
            self._surroundings.look_for_ways_out()
        believed = self._monitor.believed(reading)
        self._scribe.keep(believed)
        self._assessing.take(believed)
        tracker = self._monitor.trackers.get(believed.probe.endpoint_id)
        changed = self._changes.take(believed, tracker.state.condition if tracker is not None else None)
        if changed:
            self._bring_about(Effects(entries=list(changed)))
        if judged:
            self._judge(believed)

    def _judge(self, reading: Reading) -> None:
        now = self._parts.clocks()
        self._bring_about(self._monitor.handle(reading, now.monotonic_s, now.utc_s))

    def _bring_about(self, effects: Effects) -> None:
        self._heed(effects)
        if effects.urgent:
            self._scribe.submit(effects)

    def _heed(self, effects: Effects) -> None:
        """Let everybody know what happened; it is not handed over yet."""
        self._beat.wish(effects.reprobes, self._monotonic_s())
        self._scribe.note(effects)
        self._monitor.saw(effects)
        self._assessing.disbelieve(effects.disbelieved)
        self._assessing.saw(effects.states.values())
        self._tracing.saw(effects.states.values(), self._monotonic_s())

    def _close_second(self, now: Clocks) -> None:
        more = {
            "readings": float(self._scribe.readings),
            "names_failing": float(self._addresses.failing),
            "names_never_found": float(self._addresses.never_found),
            "seconds_dropped": float(self._committer.dropped_seconds),
            "seconds_waiting": float(self._committer.waiting_seconds),
            **self._beat.figures(),
            **self._probers.health(),
        }
        figures, blind = self._health.close(more), self._monitor.blind_now(now.utc_s)
        learnt = learnt_keeper.due(self._seconds, self._monitor.trackers) + self._changes.due(self._seconds)
        self._scribe.note(Effects(learnt=learnt))
        self._scribe.close_second(now.utc_s, figures, blind)
        if not self._committer.works or self._committer.homeless:  # nothing would be read again by anybody
            self.stop(_FAULT)
        self._seconds += 1
        if self._seconds % _LOOK_AT_OWN_ADDRESSES_EVERY == 0:
            self._surroundings.look_around(self._site)

    # -- the log ----------------------------------------------------------------------------------

    def _begin_log(self) -> None:
        site, now = self._site, self._parts.clocks()
        now_utc_s = now.utc_s
        effects = self._monitor.begin(now_utc_s, now.monotonic_s)
        self._assessing.saw(effects.states.values())
        last_s = self._memory.last_heartbeat_utc_s
        if last_s is not None and now_utc_s - last_s > _GAP_IS_BLIND_S:
            effects.blind.append(BlindTime(last_s, now_utc_s, "engine_stopped"))
            effects.entries.insert(0, blind_entry(effects.blind[0], now_utc_s))
        effects.entries[:0] = [
            started_entry(site, self._parts.version, os.getpid(), self._came_after(), now_utc_s),
            loaded_entry(site, self._digest, now_utc_s),
        ]
        self._beat.wish(effects.reprobes, self._monotonic_s())
        self._scribe.note(effects)
        self._scribe.submit(effects, site_json=self._site_json(site))

    def _site_json(self, site: Site) -> str:
        return self._view(site).model_dump_json()

    def _view(self, site: Site) -> SiteView:
        return view_of(site, self._parts.probe_types, self._digest, self._parts.profiles)

    def _came_after(self) -> str:
        if self._memory.last_entry_number == 0:
            return "start"
        return "stop" if self._memory.ended_orderly else "crash"

    async def _take_last_acts(self) -> None:
        """Take what was put just before a signal came, above all an operator's word to stop."""
        looked = asyncio.Event()
        self._committer.look_once_more(lambda: self._handover.call(looked.set))
        # A store in trouble does not get to it; what was put then waits for the next engine.
        with suppress(TimeoutError):
            await asyncio.wait_for(looked.wait(), _LAST_LOOK_S)

    def _end_log(self) -> bool:
        """Write the last entry and wait for it: nothing else is left to do in this process."""
        operator, cause = self._stopped_by
        self._scribe.note(Effects(learnt=learnt_keeper.everything(self._monitor.trackers)))
        return self._scribe.end(stopped_entry(operator, cause, self._utc_s()), self._health.close({}))

    # -- what operators want -----------------------------------------------------------------------

    def _take_acts(self, waiting: Sequence[TakenAct]) -> None:
        now = self._parts.clocks()
        # A clock that was set since must not make an act of now seem older than this engine.
        started_utc_s = min(self._started.utc_s, now.utc_s - (now.boot_s - self._started.boot_s))
        for waiting_act in waiting:
            taken = acts.take(waiting_act, self._monitor, now.utc_s, started_utc_s=started_utc_s)
            if taken.reload:
                self._reloads.begin(waiting_act)
                continue
            if taken.trace:
                self._tracing.ask(waiting_act)
                continue
            if taken.delivered:
                self._outgoing.delivered(waiting_act)
                continue
            self._heed(taken.effects)
            self._scribe.submit(taken.effects, [taken.answer])
            if taken.stop:
                self.stop("operator", waiting_act.act.operator)

    def _refuse_unfit(self, loaded: LoadedSite) -> None:
        """Refuse a site of the other kind: a store holds what was measured or what was simulated."""
        simulated = is_simulated(loaded.site, self._parts.probe_types)
        refuse_other_kind(self._site_json(self._site), simulated=simulated)

    async def _adopt(self, loaded: LoadedSite, act: TakenAct) -> None:
        """Start who is needed besides, then go on with a site that was read; nothing else runs meanwhile."""
        await self._probers.adopt(loaded.site)
        # Hundreds of services take longer than a beat to make.
        services = await asyncio.to_thread(lambda: Resilience(self._view(loaded.site)))
        before, self._site, now = self._site, loaded.site, self._parts.clocks()
        if loaded.digest == self._digest:
            # Nothing changes for the probes; what the operator did to the file is told all the same.
            told = site_changed_entry(before, loaded, act, now.utc_s, same=True)
            self._scribe.submit(Effects(entries=[told] if act.act.note else []), [act])
            return
        self._digest = loaded.digest
        self._addresses.adopt(addressed(loaded.site, self._parts.probe_types))
        view = self._view(loaded.site)
        effects = self._monitor.adopt(loaded.site, self._reaches, now.monotonic_s, now.utc_s, services)
        self._beat.adopt(loaded.site, now.monotonic_s)
        self._surroundings.look_around(loaded.site)
        self._changes.adopt(view, loaded.site.changes.false_call_days)
        self._assessing.adopt(view, now.utc_s)
        effects.entries.insert(0, site_changed_entry(before, loaded, act, now.utc_s))
        self._scribe.note(effects)
        known = [self._monitor.maintenance.shown(each.state) for each in self._monitor.trackers.values()]
        self._tracing.saw((*effects.states.values(), *known), now.monotonic_s)
        self._beat.wish(effects.reprobes, self._monotonic_s())
        self._scribe.submit(effects, [act], self._site_json(loaded.site))

    # -- the store --------------------------------------------------------------------------------

    def _store_trouble(self, error: StoreError | None) -> None:
        now_utc_s = self._utc_s()
        if error is None:
            self._bring_about(self._monitor.own_fault_ended(Cause.STORE_FAILED, now_utc_s))
        else:
            self._bring_about(self._monitor.own_fault(Cause.STORE_FAILED, error.code, now_utc_s))

    def _store_mended(self, found: StoreError) -> None:
        """Tell it in the log, and by an alarm that waits for somebody to see it."""
        now_utc_s = self._utc_s()
        effects = self._monitor.own_event(Cause.STORE_MENDED, found.code, now_utc_s)
        effects.entries.insert(0, mended_entry(found, now_utc_s))
        self._bring_about(effects)
