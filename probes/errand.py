"""Asks by one coroutine a question, for types that are asked a few times a minute. It knows no protocol.

Rules
1. Each question is answered exactly once: by its errand, or by us when the errand is late or breaks.
2. A ceiling bounds the errands under way; one beyond it is not run, never lost.
3. An errand that breaks takes no other along, and only the kind of its error is told.
4. What an errand counted is added up when it ends, and told by endpoint where it was odd.
5. Where no answer came because our own link knows nobody to hand the question to, that is the reason.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from controlroom.probe import ProbeParameters, ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.report.escaping import printable
from probes.strays import DUPLICATE, FORGED, Strays
from probes.vicinity import Vicinity

CEILING: Final = 500
"""Errands under way at once."""

GRACE_S: Final = 0.1
"""How long after the deadline an errand may still say what came; then we say that we are behind."""

DETAIL_CHARACTERS: Final = 1000

_ODD: Final = {"forged": FORGED, "duplicates": DUPLICATE}
"""What errands count that their endpoint's people want to know."""

Parameters = TypeVar("Parameters", bound=ProbeParameters)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an errand. ``text`` is untrusted evidence for a person."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    values: Mapping[str, float] = field(default_factory=dict)
    text: str = ""


class UnansweredError(Exception):
    """An errand ends here without an answer: the network said no, or this machine could not ask."""

    def __init__(
        self, outcome: Outcome, reason: Reason, text: str = "", values: Mapping[str, float] | None = None
    ) -> None:
        """Keep what the reading will say; ``values`` are what was measured all the same."""
        super().__init__(reason.value)
        self.answer = Answer(outcome, reason, values or {}, text)

    def hiding(self, hide: Callable[[str], str]) -> UnansweredError:
        """Say the same without what is not to be shown."""
        answer = self.answer
        return UnansweredError(answer.outcome, answer.reason, hide(answer.text), answer.values)


@dataclass(slots=True, eq=False)
class Errand:
    """One question under way, with what its coroutine needs. ``due_s`` is on the monotonic clock.

    What it tells as sent may be set when it is done: an errand can have much to get ready first.
    """

    question: Question
    context: ProberContext
    counts: Counter[str]
    sent_utc_s: float
    sent_monotonic_s: float
    task: asyncio.Task[Answer] | None = field(default=None, repr=False)
    backstop: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def due_s(self) -> float:
        """When an answer counts no longer."""
        return self.sent_monotonic_s + self.question.timeout_s

    def left_s(self) -> float:
        """How long an answer may still take."""
        return max(0.0, self.due_s - self.context.monotonic_s())

    def parameters(self, kind: type[Parameters]) -> Parameters:
        """Return the question's parameters, which are those of its own type."""
        if not isinstance(self.question.parameters, kind):
            raise TypeError("these are the parameters of another probe type")
        return self.question.parameters


Ask = Callable[[Errand], Awaitable[Answer]]
"""Does an errand: answers by its deadline, may be cancelled at any time, and closes what it opens."""

GiveBack = Callable[[], Awaitable[None]]
"""Returns what errands share."""


class ErrandProber:
    """A ``Prober`` that has each question asked by a coroutine of its own."""

    def __init__(
        self,
        context: ProberContext,
        name: str,
        ask: Ask,
        *,
        counted: tuple[str, ...] = (),
        ceiling: int = CEILING,
        give_back: GiveBack | None = None,
    ) -> None:
        """``counted`` names what ``ask`` counts, so that health shows it from the start.

        ``give_back`` returns what the errands share, when the last has ended.
        """
        self._context = context
        self._name = name
        self._ask = ask
        self._ceiling = ceiling
        self._give_back = give_back
        self._counts: Counter[str] = Counter(dict.fromkeys((*counted, "overloaded"), 0))
        self._open: set[Errand] = set()
        self._running = False
        self._vicinity = Vicinity(context.monotonic_s)
        self._strays = Strays(context.monotonic_s)

    async def start(self) -> None:
        """Nothing to take: each errand opens its own socket."""
        self._running = True

    def ask(self, question: Question) -> None:
        """Ask without waiting; what cannot be asked is answered on the loop's next turn."""
        context = self._context
        errand = Errand(question, context, Counter(), context.utc_s(), context.monotonic_s())
        loop = asyncio.get_running_loop()
        full = len(self._open) >= self._ceiling
        self._open.add(errand)
        if full or not self._running:
            self._counts["overloaded"] += full
            reason = Reason.OVERLOADED if self._running else Reason.STOPPED
            loop.call_soon(self._close, errand, Answer(Outcome.NOT_RUN, reason))
            return
        errand.backstop = loop.call_later(question.timeout_s + GRACE_S, self._give_up, errand)
        errand.task = loop.create_task(self._run(errand))
        errand.task.add_done_callback(lambda task: self._finished(errand, task))

    async def stop(self) -> None:
        """Answer what is open, and wait until every errand has closed what it opened."""
        self._running = False
        tasks = [errand.task for errand in self._open if errand.task is not None]
        for errand in [*self._open]:
            self._close(errand, Answer(Outcome.NOT_RUN, Reason.STOPPED))
        await asyncio.gather(*tasks, return_exceptions=True)
        # A stream's socket closes on the loop's next turn.
        await asyncio.sleep(0)
        if self._give_back is not None:
            await self._give_back()

    def health(self) -> Mapping[str, float]:
        """Count the errands under way, and what they counted."""
        counts = {f"{self._name}_{count}": float(number) for count, number in self._counts.items()}
        return {f"{self._name}_open": float(len(self._open)), **counts, **self._strays.health()}

    async def _run(self, errand: Errand) -> Answer:
        try:
            answer = await self._ask(errand)
        except UnansweredError as error:
            answer = error.answer
        if answer.reason is Reason.DEADLINE:  # rule 5
            return replace(answer, reason=self._vicinity.why_silent(errand.question.address))
        return answer

    def _give_up(self, errand: Errand) -> None:
        self._counts["overloaded"] += 1
        self._close(errand, Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="the answer was judged too late"))

    def _finished(self, errand: Errand, task: asyncio.Task[Answer]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self._close(errand, task.result())
        else:
            text = f"the probe failed: {type(error).__name__}"
            self._close(errand, Answer(Outcome.NOT_RUN, Reason.UNDECODABLE, text=text))

    def _add_up(self, errand: Errand) -> None:
        self._counts.update(errand.counts)
        for counted, kind in _ODD.items():
            if errand.counts[counted]:
                self._strays.note(kind, (errand.question.probe.endpoint_id,), errand.counts[counted])

    def _close(self, errand: Errand, answer: Answer) -> None:
        if errand not in self._open:
            return
        self._open.remove(errand)
        self._add_up(errand)
        if errand.backstop is not None:
            errand.backstop.cancel()
        if errand.task is not None:
            errand.task.cancel()
        self._context.sink(
            Reading(
                probe=errand.question.probe,
                sent_utc_s=errand.sent_utc_s,
                sent_monotonic_s=errand.sent_monotonic_s,
                outcome=answer.outcome,
                reason=answer.reason,
                values=answer.values,
                beat=errand.question.beat,
                detail=printable(answer.text, DETAIL_CHARACTERS),
            )
        )
