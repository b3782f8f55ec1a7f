"""Traces routes: when an operator asks, when an endpoint turns bad, and once an hour while it is well.

Rules
1. A trace that was made while an endpoint is well becomes its last good route, and is made anew after an
   hour, and half a minute after it recovered. One that did not reach its target replaces none that did.
2. A trace that parts from the last good route is made a second time with more packets before that is told:
   a load balancer's packets take turns. What was told once is not told again while the route stays so.
3. This machine itself and endpoints without an address of their own are not traced. While our own connection
   is lost, or where the site does not want traces, only an operator has them made.
4. A trace that breaks takes nothing along: it counts as not run, and the program's log says so.
5. An operator's act is answered when its trace has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.acts import refused
from controlroom.engine.effects import Effects
from controlroom.engine.trace_plan import Due, TracePlan
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.reading import Reason
from controlroom.report.wording import reason_words
from controlroom.route.comparison import ends_early, parting, renewed, together
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.trace import Trace, TraceEnd, TraceOrder, Tracer
from controlroom.route.words import route_text
from controlroom.store.interface import TakenAct

RENEW_S: Final = 3600.0
SETTLED_S: Final = 30.0
"""How long an endpoint must be well again before its good route is made anew."""
RETRY_S: Final = 600.0
"""When a trace of an endpoint that is well is tried again, where it could not be run."""
PROBES_TO_BE_SURE: Final = 8
"""Packets to each hop in the second trace of rule 2."""
_MOST_IDS: Final = 20
_BAD: Final = (Condition.DOWN, Condition.DEGRADED)

log = logging.getLogger("controlroom.engine")


@dataclass(frozen=True, slots=True)
class TracingMeans:
    """What tracing is built on.

    ``address`` gives where an endpoint is, or ``None``; ``may_trace`` whether it may be traced at all;
    ``urgency`` orders those that turned bad; ``cut_off`` tells whether our own connection is lost,
    ``unasked`` whether the site wants traces that nobody asked for.
    ``on_done`` gets what a trace brought about, and the acts that it answers.
    """

    tracer: Tracer | None
    address: Callable[[str], str | None]
    may_trace: Callable[[str], bool]
    urgency: Callable[[str], int]
    cut_off: Callable[[], bool]
    unasked: Callable[[], bool]
    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]
    on_done: Callable[[Effects, Sequence[TakenAct]], None]


class Tracing:
    """Follows how endpoints are, and traces those whose turn it is. It belongs to the engine's loop."""

    def __init__(
        self, means: TracingMeans, states: Iterable[EndpointState], routes: Iterable[KeptRoute]
    ) -> None:
        """Begin with what the last engine knew: how each endpoint was, and its last good route."""
        self._means = means
        self._conditions = {state.endpoint_id: state.condition for state in states}
        self._good = {kept.endpoint_id: kept for kept in routes if kept.kind is RouteKind.GOOD}
        self._told: dict[str, Trace] = {}
        self._minded: set[str] = set()
        self._acts: defaultdict[str, list[TakenAct]] = defaultdict(list)
        self._plan = TracePlan()
        self._tasks: set[asyncio.Task[Trace]] = set()

    def ask(self, taken: TakenAct) -> None:
        """Trace for an operator; the act is answered when that has ended, or at once where it cannot be."""
        endpoint_id = taken.act.subject
        if self._means.tracer is None or not self._means.may_trace(endpoint_id):
            self._refuse([taken], "not_traced")
            return
        self._acts[endpoint_id].append(taken)
        self._plan.ask(endpoint_id)

    def saw(self, states: Iterable[EndpointState], now_s: float) -> None:
        """Take it how endpoints are now."""
        for state in states:
            before = self._conditions.get(state.endpoint_id)
            self._conditions[state.endpoint_id] = state.condition
            if not self._means.unasked():
                self._minded.discard(state.endpoint_id)
                self._plan.forget(state.endpoint_id)
                continue
            if before is not state.condition or state.endpoint_id not in self._minded:
                self._minded.add(state.endpoint_id)
                self._mind(state, before, now_s)

    def look(self, now_s: float) -> None:
        """Begin what is due."""
        if self._means.tracer is None:
            return
        for due in self._plan.due(now_s):
            self._begin(due, self._means.tracer)
        if skipped := self._plan.skipped():
            facts: dict[str, Fact] = {"count": len(skipped), "endpoints": ", ".join(skipped[:_MOST_IDS])}
            entry = Draft(self._means.utc_s(), LogKind.TRACES_SKIPPED, ENGINE, facts=facts)
            self._means.on_done(Effects(entries=[entry]), ())

    async def stop(self) -> None:
        """End what is under way; its acts wait for the next engine."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _mind(self, state: EndpointState, before: Condition | None, now_s: float) -> None:
        endpoint_id = state.endpoint_id
        if state.condition in _BAD:
            worse = before not in _BAD or (before is Condition.DEGRADED and state.condition is Condition.DOWN)
            if worse:
                self._plan.turned_bad(endpoint_id, self._means.urgency(endpoint_id), now_s)
        elif state.condition is Condition.UP:
            due_s = now_s + self._due_in_s(endpoint_id, recovered=before in _BAD)
            self._plan.is_well(endpoint_id, self._means.urgency(endpoint_id), due_s)
        else:
            self._plan.forget(endpoint_id)

    def _due_in_s(self, endpoint_id: str, *, recovered: bool) -> float:
        kept = self._good.get(endpoint_id)
        if recovered or kept is None:
            return SETTLED_S if recovered else 0.0
        return min(RENEW_S, max(0.0, kept.trace.at_utc_s + RENEW_S - self._means.utc_s()))

    # -- one trace --------------------------------------------------------------------------------

    def _begin(self, due: Due, tracer: Tracer) -> None:
        address = self._means.address(due.endpoint_id)
        held_back = due.cause is not TraceCause.OPERATOR and self._means.cut_off()
        if address is None or held_back or not self._means.may_trace(due.endpoint_id):
            self._ended(due, Trace("", self._means.utc_s(), TraceEnd.NOT_RUN, reason=Reason.NO_NAME))
            return
        task = asyncio.get_running_loop().create_task(self._trace(due.endpoint_id, address, tracer))
        self._tasks.add(task)
        task.add_done_callback(lambda ended: self._task_ended(due, address, ended))

    async def _trace(self, endpoint_id: str, address: str, tracer: Tracer) -> Trace:
        first = await tracer(TraceOrder(address, endpoint_id=endpoint_id))
        if self._parts(endpoint_id, first) is None:
            return first
        again = await tracer(TraceOrder(address, probes_per_hop=PROBES_TO_BE_SURE, endpoint_id=endpoint_id))
        return first if again.end is TraceEnd.NOT_RUN else together(first, again)

    def _parts(self, endpoint_id: str, trace: Trace) -> int | None:
        """The distance at which a trace parts from the good route, unless that was told (rule 2)."""
        kept, told = self._good.get(endpoint_id), self._told.get(endpoint_id)
        found = None if kept is None else parting(kept.trace, trace)
        known = told is not None and told.address == trace.address and parting(told, trace) is None
        return None if found is None or known else found.distance

    def _task_ended(self, due: Due, address: str, task: asyncio.Task[Trace]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        broken = task.exception()
        if broken is None:
            self._ended(due, task.result())
            return
        log.error("tracing %s failed", due.endpoint_id, exc_info=broken)
        self._ended(due, Trace(address, self._means.utc_s(), TraceEnd.NOT_RUN, reason=Reason.UNDECODABLE))

    def _ended(self, due: Due, trace: Trace) -> None:
        endpoint_id = due.endpoint_id
        self._plan.ended(endpoint_id)
        acts = self._acts.pop(endpoint_id, [])
        well = self._conditions.get(endpoint_id) is Condition.UP
        if well and self._means.unasked():
            again_s = RETRY_S if trace.end is TraceEnd.NOT_RUN else RENEW_S
            due_s = self._means.monotonic_s() + again_s
            self._plan.is_well(endpoint_id, self._means.urgency(endpoint_id), due_s)
        if trace.end is TraceEnd.NOT_RUN:
            self._refuse(acts, "trace_not_run", reason_words(trace.reason.value))
            return
        operator = acts[0].act.operator if acts else ""
        cause = TraceCause.OPERATOR if acts else due.cause
        kept = KeptRoute(endpoint_id, RouteKind.NEWEST, trace, cause, operator)
        effects = Effects(entries=self._entries(kept), routes=[kept])
        if well:
            effects.routes += self._renew(kept)
        self._means.on_done(effects, acts)

    def _renew(self, kept: KeptRoute) -> list[KeptRoute]:
        before = self._good.get(kept.endpoint_id)
        old = None if before is None else before.trace
        if old is not None and old.reached and not kept.trace.reached and old.address == kept.trace.address:
            return []
        good = replace(kept, kind=RouteKind.GOOD, trace=renewed(old, kept.trace))
        self._good[kept.endpoint_id] = good
        self._told.pop(kept.endpoint_id, None)
        return [good]

    def _entries(self, kept: KeptRoute) -> list[Draft]:
        now_utc_s, trace, subject = self._means.utc_s(), kept.trace, kept.endpoint_id
        before, distance = self._good.get(subject), self._parts(subject, trace)
        entries = []
        if kept.cause is not TraceCause.WELL:
            facts = _traced_facts(kept, None if before is None else before.trace)
            entries.append(Draft(now_utc_s, LogKind.ROUTE_TRACED, subject, kept.operator, facts))
        if before is not None and distance is not None:
            self._told[subject] = trace
            changed: dict[str, Fact] = {
                "address": trace.address,
                "hop": distance,
                "before": route_text(before.trace),
                "after": route_text(trace),
                "before_utc_s": before.trace.at_utc_s,
            }
            entries.append(Draft(now_utc_s, LogKind.ROUTE_CHANGED, subject, facts=changed))
        return entries

    def _refuse(self, acts: Iterable[TakenAct], code: str, mistake: str = "") -> None:
        facts = {"mistake": mistake} if mistake else {}
        for taken in acts:
            answer = refused(taken, code, self._means.utc_s(), **facts)
            self._means.on_done(answer.effects, [answer.answer])


def _traced_facts(kept: KeptRoute, good: Trace | None) -> dict[str, Fact]:
    trace = kept.trace
    facts: dict[str, Fact] = {
        "cause": kept.cause.value,
        "address": trace.address,
        "end": trace.end.value,
        "reason": trace.reason.value,
        "route": route_text(trace),
        "hops": len(trace.hops),
    }
    after = None if good is None else ends_early(good, trace)
    if good is not None and after is not None:
        facts |= {"ends_after": after, "good_hops": len(good.hops)}
    return facts
