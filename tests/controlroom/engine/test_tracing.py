"""What is traced when, what is kept of it, and what the log is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.effects import Effects
from controlroom.engine.tracing import PROBES_TO_BE_SURE, RENEW_S, SETTLED_S, Tracing, TracingMeans
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Draft, LogKind
from controlroom.reading import Reason
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.trace import Trace, TraceEnd, TraceOrder
from controlroom.store.interface import TakenAct
from tests.controlroom.route.routes import TARGET, kept, route

UTC_S = 1_000_000.0
SILENT = route("a", "b", end=TraceEnd.SILENT)


@dataclass
class Scene:
    """One endpoint, ``mast``; each trace gives the next of ``routes``, the last for ever."""

    routes: Sequence[Trace] = (route("a", "b"),)
    known: Sequence[KeptRoute] = ()
    was: Condition | None = None
    traceable: bool = True
    cut_off: bool = False
    unasked: bool = True
    orders: list[TraceOrder] = field(default_factory=list)
    effects: list[Effects] = field(default_factory=list)
    answers: list[TakenAct] = field(default_factory=list)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        """Build tracing over this scene."""
        means = TracingMeans(
            tracer=self._trace,
            address=lambda _: TARGET,
            may_trace=lambda _: self.traceable,
            urgency=lambda _: 1,
            cut_off=lambda: self.cut_off,
            unasked=lambda: self.unasked,
            utc_s=lambda: UTC_S + self.now_s,
            monotonic_s=lambda: self.now_s,
            on_done=self._done,
        )
        states = [] if self.was is None else [EndpointState("mast", self.was, 0.0, "none")]
        self.tracing = Tracing(means, states, self.known)

    async def _trace(self, order: TraceOrder) -> Trace:
        self.orders.append(order)
        await asyncio.sleep(0)
        found = self.routes[min(len(self.orders), len(self.routes)) - 1]
        return replace(found, at_utc_s=UTC_S + self.now_s)

    def _done(self, effects: Effects, acts: Sequence[TakenAct]) -> None:
        self.effects.append(effects)
        self.answers += acts

    async def turn(self, condition: Condition, *, at_s: float | None = None) -> None:
        """Let the endpoint be so, and everything that follows happen."""
        self.now_s = self.now_s if at_s is None else at_s
        self.tracing.saw([EndpointState("mast", condition, 0.0, "none")], self.now_s)
        await self.look()

    async def look(self, at_s: float | None = None) -> None:
        """Let time go on to a moment, and what is due happen."""
        self.now_s = self.now_s if at_s is None else at_s
        self.tracing.look(self.now_s)
        for _ in range(12):
            await asyncio.sleep(0)

    def kept(self, kind: RouteKind) -> list[KeptRoute]:
        """All traces that were to be kept, in order."""
        return [each for effects in self.effects for each in effects.routes if each.kind is kind]

    def entries(self, kind: LogKind | None = None) -> list[Draft]:
        """What the log was told."""
        told = [each for effects in self.effects for each in effects.entries]
        return [each for each in told if kind is None or each.kind is kind]


def play(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story on a loop of its own."""

    async def run() -> None:
        await story()

    asyncio.run(run())


def act(operator: str = "ann") -> TakenAct:
    """An operator's wish for a trace."""
    return TakenAct(Act("1", ActKind.TRACE, 1.0, operator, "mast"), "desk", 1)


def test_the_good_route_is_kept_without_a_word_and_made_anew_after_an_hour() -> None:
    """Once when it is first well; a route as it was is no entry."""

    async def story() -> None:
        scene = Scene()
        await scene.turn(Condition.UP)
        await scene.look(RENEW_S - 1)
        assert len(scene.orders) == 1
        await scene.look(RENEW_S + 1)
        assert len(scene.orders) == 2
        assert [each.cause for each in scene.kept(RouteKind.GOOD)] == [TraceCause.WELL] * 2
        assert not scene.entries()

    play(story)


def test_a_route_that_is_young_enough_is_not_made_anew_by_a_restart() -> None:
    """A known good route of ten minutes ago waits for its hour."""

    async def story() -> None:
        young = kept("mast", RouteKind.GOOD, route("a", "b", at_utc_s=UTC_S - 600))
        scene = Scene(known=[young], was=Condition.UP)
        await scene.turn(Condition.UP)
        assert not scene.orders
        await scene.look(RENEW_S - 599)
        assert len(scene.orders) == 1

    play(story)


def test_an_endpoint_that_turned_bad_is_traced_and_the_log_says_where_it_ends() -> None:
    """The good route stays as it was; after recovery it is made anew, but not at once."""

    async def story() -> None:
        good = kept("mast", RouteKind.GOOD, route("a", "b", "c", at_utc_s=UTC_S))
        scene = Scene(routes=[SILENT, route("a", "b", "c")], known=[good], was=Condition.UP)
        await scene.turn(Condition.DOWN, at_s=1.0)
        (entry,) = scene.entries()
        assert entry.kind is LogKind.ROUTE_TRACED
        assert (entry.facts["ends_after"], entry.facts["good_hops"], entry.facts["cause"]) == (
            2,
            4,
            "turned_bad",
        )
        assert [each.trace.end for each in scene.kept(RouteKind.NEWEST)] == [TraceEnd.SILENT]
        assert not scene.kept(RouteKind.GOOD)
        await scene.turn(Condition.UP, at_s=10.0)
        assert len(scene.orders) == 1
        await scene.look(10.0 + SETTLED_S)
        assert len(scene.orders) == 2
        assert len(scene.kept(RouteKind.GOOD)) == 1

    play(story)


def test_getting_worse_is_traced_again_and_staying_so_is_not() -> None:
    """Degraded, then down; a restart finds it as it was."""

    async def story() -> None:
        scene = Scene(was=Condition.UP)
        for condition in (Condition.DEGRADED, Condition.DOWN, Condition.DEGRADED):
            await scene.turn(condition)
        assert len(scene.orders) == 2
        again = Scene(was=Condition.DOWN)
        await again.turn(Condition.DOWN)
        assert not again.orders

    play(story)


def test_a_change_is_told_once_with_both_routes_after_a_second_look() -> None:
    """The second trace has more packets; the new route is the good one from then on."""

    async def story() -> None:
        good = kept("mast", RouteKind.GOOD, route("a", "b", at_utc_s=UTC_S - RENEW_S))
        scene = Scene(routes=[route("a", "x")], known=[good], was=Condition.UP)
        await scene.turn(Condition.UP)
        assert [order.probes_per_hop for order in scene.orders] == [3, PROBES_TO_BE_SURE]
        (entry,) = scene.entries()
        assert entry.kind is LogKind.ROUTE_CHANGED
        assert (entry.facts["before"], entry.facts["after"]) == ("a > b > 10.9.9.9", "a > x > 10.9.9.9")
        assert entry.facts["hop"] == 2
        await scene.look(RENEW_S + 1)
        assert len(scene.orders) == 3
        assert len(scene.entries()) == 1

    play(story)


def test_packets_that_take_turns_are_no_change() -> None:
    """The second trace saw the known router too."""

    async def story() -> None:
        good = kept("mast", RouteKind.GOOD, route("a", "b", at_utc_s=UTC_S - RENEW_S))
        scene = Scene(routes=[route("a", "x"), route("a", "b")], known=[good], was=Condition.UP)
        await scene.turn(Condition.UP)
        assert not scene.entries()
        assert scene.kept(RouteKind.GOOD)[-1].trace.hops[1].known == {"b", "x"}

    play(story)


def test_while_it_is_bad_a_change_is_told_once() -> None:
    """The good route stays, and later traces over the same other route say nothing new."""

    async def story() -> None:
        good = kept("mast", RouteKind.GOOD, route("a", "b", at_utc_s=UTC_S))
        scene = Scene(routes=[route("a", "x")], known=[good], was=Condition.UP)
        await scene.turn(Condition.DEGRADED)
        await scene.turn(Condition.DOWN)
        assert len(scene.entries(LogKind.ROUTE_CHANGED)) == 1
        assert len(scene.orders) == 3
        assert not scene.kept(RouteKind.GOOD)

    play(story)


def test_an_operator_is_answered_when_the_trace_has_ended() -> None:
    """With an entry that names them; two who ask meanwhile get one trace."""

    async def story() -> None:
        scene = Scene(was=Condition.DOWN)
        scene.tracing.ask(act())
        scene.tracing.ask(act())
        assert not scene.answers
        await scene.look()
        assert [answer.accepted for answer in scene.answers] == [True, True]
        assert len(scene.orders) == 1
        (entry,) = scene.entries()
        assert (entry.operator, entry.facts["cause"], entry.facts["end"]) == ("ann", "operator", "reached")
        assert scene.kept(RouteKind.NEWEST)[0].operator == "ann"

    play(story)


def test_what_cannot_be_traced_is_refused_with_the_reason() -> None:
    """At once, or when this machine could not send."""

    async def story() -> None:
        scene = Scene(traceable=False)
        scene.tracing.ask(act())
        assert [(answer.accepted, answer.answer) for answer in scene.answers] == [(False, "not_traced")]
        unsent = Trace(TARGET, 0.0, TraceEnd.NOT_RUN, reason=Reason.NO_ROUTE)
        scene = Scene(routes=[unsent])
        scene.tracing.ask(act())
        await scene.look()
        assert [answer.answer for answer in scene.answers] == ["trace_not_run"]
        assert scene.entries()[0].facts["mistake"]
        assert not scene.kept(RouteKind.NEWEST)

    play(story)


def test_a_trace_that_reached_its_target_is_not_replaced_by_one_that_did_not() -> None:
    """Both made while it was well."""

    async def story() -> None:
        good = kept("mast", RouteKind.GOOD, route("a", "b", at_utc_s=UTC_S - RENEW_S))
        scene = Scene(routes=[SILENT], known=[good], was=Condition.UP)
        await scene.turn(Condition.UP)
        assert len(scene.kept(RouteKind.NEWEST)) == 1
        assert not scene.kept(RouteKind.GOOD)

    play(story)


def test_while_we_are_cut_off_only_an_operator_has_traces_made() -> None:
    """What they see says where our own connection ends."""

    async def story() -> None:
        scene = Scene(was=Condition.UP, cut_off=True)
        await scene.turn(Condition.DOWN)
        assert not scene.orders
        scene.tracing.ask(act())
        await scene.look()
        assert len(scene.orders) == 1

    play(story)


def test_a_site_that_wants_no_traces_has_them_by_hand_alone() -> None:
    """Until it wants them: then what is well is traced without waiting for a change."""

    async def story() -> None:
        scene = Scene(unasked=False)
        await scene.turn(Condition.UP)
        await scene.turn(Condition.DOWN)
        assert not scene.orders
        scene.tracing.ask(act())
        await scene.look()
        assert len(scene.orders) == 1
        await scene.turn(Condition.UP)
        scene.unasked = True
        await scene.turn(Condition.UP)
        assert len(scene.orders) == 2

    play(story)
