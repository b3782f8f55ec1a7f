"""Asks SNMP agents for all probes of the type, through one of two stacks. It never changes a device.

Rules:
1. Each question is answered exactly once: by the stack, or by us when the stack is late.
2. A ceiling bounds the questions in flight; one beyond it is not run, never lost.
3. A question's time begins when its secrets are there and the stack is ready for them, which may take
   ``READY_S``; what is not ready by then is not run.
4. A secret that a device does not accept is read anew for the next question.
5. Where no answer came because our own link knows nobody to hand the question to, that is the reason.
6. Whoever has the engine id of another device is named in the health for an hour.
7. The detail of a reading says first what is unknown and why, then how things stand, then what came: what is
   too long for it is cut at its end.
8. While a device's rows are being sought, and when a re-probe only asks a device with a template whether it
   is there, any word of it says that it is: an agent may hide even its uptime.
9. An answer that cannot be read is no silence, and tells nothing: it is as if it had not been asked.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from controlroom.errors import SecretError
from controlroom.measure.remark import parts_of
from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.report.escaping import printable
from probes.secret_cache import SecretCache
from probes.side_thread import SideThread
from probes.snmp.client import Answer, Credentials, Get, SnmpClient, Version
from probes.snmp.credentials import credentials_from
from probes.snmp.device import NOTHING_TOLD, UPTIME, Device, Told
from probes.snmp.devices import Devices
from probes.snmp.figures import Lack
from probes.snmp.packing import PackedGets
from probes.snmp.parameters import SnmpParameters
from probes.snmp.two_stacks import TwoStacks
from probes.snmp.values import DETAIL_CHARACTERS, evidence, number_of, shown
from probes.vicinity import Vicinity

CEILING = 500
"""Questions in flight at once."""

_NO_NUMBER = "no number"

SHARED_ENGINE = "shared_engine"
LATELY_S = 3600.0
MOST_NAMED = 5

READY_S = 10.0
"""How long a stack may take to get ready, beyond a question's time: as pysnmp's process may to come up."""
_LEAST_S = 0.001
GRACE_S = 0.1
"""How long after the deadline the stack may still say what came; then we say that it is behind."""


def fastest_client() -> SnmpClient:
    """Choose the stack: gufo-snmp where it can be imported, else pysnmp in a process of its own.

    Beside gufo-snmp pysnmp serves what that lacks.
    """
    from probes.snmp.pysnmp_client import PysnmpClient

    if importlib.util.find_spec("gufo") is not None and importlib.util.find_spec("gufo.snmp") is not None:
        from probes.snmp.gufo_client import GufoClient

        return TwoStacks(GufoClient(), PysnmpClient())
    return PysnmpClient()


@dataclass(slots=True, eq=False)
class _Open:
    """A question that waits for its answer. ``sent`` tells whether the secrets were there in time."""

    question: Question
    sent_utc_s: float
    sent_monotonic_s: float
    sent: bool = False
    told: Told = NOTHING_TOLD
    answering_suffices: bool = False
    """Whether an answer without a figure is no fault (rule 8)."""
    task: asyncio.Task[Answer] | None = field(default=None, repr=False)
    deadline: asyncio.TimerHandle | None = field(default=None, repr=False)


class SnmpProber:
    """A ``Prober`` for SNMP. ``client`` forces a stack; by default the fastest one is taken."""

    def __init__(
        self, context: ProberContext, client: SnmpClient | None = None, *, ceiling: int = CEILING
    ) -> None:
        """Nothing is opened before ``start``."""
        self._context = context
        self._client = client or fastest_client()
        self._packed = PackedGets(self._client)
        self._devices = Devices(self._client, context.monotonic_s)
        self._ceiling = ceiling
        self._thread = SideThread("snmp-secrets")
        self._secrets = SecretCache(context.resolve_secret, self._thread)
        self._open: set[_Open] = set()
        self._running = False
        self._overloaded = 0
        self._vicinity = Vicinity(context.monotonic_s)
        self._twins: dict[tuple[str, str], float] = {}

    async def start(self) -> None:
        """Start the stack."""
        await self._client.start()
        self._running = True

    def ask(self, question: Question) -> None:
        """Ask without waiting; what cannot be asked is answered on the loop's next turn."""
        waiting = _Open(question, self._context.utc_s(), self._context.monotonic_s())
        loop = asyncio.get_running_loop()
        full = len(self._open) >= self._ceiling
        self._open.add(waiting)
        if full or not self._running:
            self._overloaded += full
            reason = Reason.OVERLOADED if self._running else Reason.STOPPED
            loop.call_soon(self._close, waiting, Answer(Outcome.NOT_RUN, reason))
            return
        waiting.deadline = loop.call_later(question.timeout_s + GRACE_S, self._give_up, waiting)
        waiting.task = loop.create_task(self._answer(waiting))
        waiting.task.add_done_callback(lambda task: self._finished(waiting, task))

    async def stop(self) -> None:
        """Answer what is open and give everything back."""
        self._running = False
        tasks = [waiting.task for waiting in self._open if waiting.task is not None]
        for waiting in [*self._open]:
            self._close(waiting, Answer(Outcome.NOT_RUN, Reason.STOPPED))
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._devices.stop()
        await self._secrets.stop()
        self._thread.stop()
        await self._client.stop()

    def health(self) -> Mapping[str, float]:
        """Count questions open and refused, and what the stack counts."""
        own = {"snmp_open": float(len(self._open)), "snmp_overloaded": float(self._overloaded)}
        return own | self._shared_engines() | dict(self._client.health())

    def _shared_engines(self) -> dict[str, float]:
        """Count the endpoints whose engine id another device has as well, and name some of them (rule 6)."""
        since_s = self._context.monotonic_s() - LATELY_S
        self._twins = {pair: seen_s for pair, seen_s in self._twins.items() if seen_s >= since_s}
        named = {
            f"{SHARED_ENGINE}@{endpoint}@{twin}": 1.0 for endpoint, twin in sorted(self._twins)[:MOST_NAMED]
        }
        return {SHARED_ENGINE: float(len(self._twins)), **named} if named else {}

    async def _answer(self, waiting: _Open) -> Answer:
        parameters = _parameters_of(waiting.question)
        try:
            credentials = await self._credentials(parameters)
        except SecretError as error:
            self._secrets.forget((parameters.community, parameters.auth, parameters.privacy))
            return Answer(Outcome.NOT_RUN, Reason.NO_SECRET, text=str(error))
        if not await self._ready(waiting, credentials):
            return Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="the SNMP stack did not get ready in time")
        waiting.sent = True
        waiting.sent_utc_s, waiting.sent_monotonic_s = self._context.utc_s(), self._context.monotonic_s()
        question, began_s = waiting.question, waiting.sent_monotonic_s
        # A re-probe asks whether the device is there at all; what it tells can wait for the beat.
        device = await self._devices.ready(question, parameters, credentials) if question.beat else None
        waiting.answering_suffices = bool(parameters.template) if device is None else device.search.is_seeking
        asked = Get(
            address=question.address,
            port=parameters.port,
            credentials=credentials,
            oids=_objects_to_ask(parameters, device),
            timeout_s=max(_LEAST_S, question.timeout_s - (self._context.monotonic_s() - began_s)),
        )
        answer = await self._packed.get(asked)
        if answer.twin:
            self._twins[question.probe.endpoint_id, answer.twin] = self._context.monotonic_s()
        if device is not None and answer.outcome is Outcome.REPLIED and answer.reason is Reason.NONE:
            waiting.told = device.take(answer.values, self._context.monotonic_s())
            waiting.answering_suffices |= device.search.is_seeking
        if answer.reason is Reason.AUTHENTICATION_FAILED or _is_silent_stranger(asked, answer):
            self._secrets.forget((parameters.community, parameters.auth, parameters.privacy))
        return answer

    async def _ready(self, waiting: _Open, credentials: Credentials) -> bool:
        """Let the question's time begin when the stack is ready (rule 3); return whether it is."""
        if waiting.deadline is not None:
            waiting.deadline.cancel()
        try:
            async with asyncio.timeout(READY_S):
                await self._client.prepare(credentials)
        except TimeoutError:
            return False
        late_s = waiting.question.timeout_s + GRACE_S
        waiting.deadline = asyncio.get_running_loop().call_later(late_s, self._give_up, waiting)
        return True

    async def _credentials(self, parameters: SnmpParameters) -> Credentials:
        return credentials_from(
            parameters,
            community=await self._secrets.secret(parameters.community),
            auth=await self._secrets.secret(parameters.auth),
            privacy=await self._secrets.secret(parameters.privacy),
        )

    def _give_up(self, waiting: _Open) -> None:
        if waiting.sent:
            answer = Answer(Outcome.NOT_RUN, Reason.OVERLOADED, text="the SNMP stack is behind")
        else:
            answer = Answer(Outcome.NOT_RUN, Reason.NO_SECRET, text="the secret did not come in time")
        self._close(waiting, answer)

    def _finished(self, waiting: _Open, task: asyncio.Task[Answer]) -> None:
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            answer = task.result()
            if answer.reason is Reason.DEADLINE:  # rule 5
                answer = replace(answer, reason=self._vicinity.why_silent(waiting.question.address))
            if answer.reason is Reason.UNDECODABLE:  # rule 9
                answer = replace(answer, outcome=Outcome.NOT_RUN)
            self._close(waiting, answer)
        else:
            # A stack that breaks on a device's answer must not take the others along. Only the kind of
            # the error is told: its text may hold what was asked with.
            text = f"the SNMP stack failed: {type(error).__name__}"
            self._close(waiting, Answer(Outcome.NOT_RUN, Reason.UNDECODABLE, text=text))

    def _close(self, waiting: _Open, answer: Answer) -> None:
        if waiting not in self._open:
            return
        self._open.remove(waiting)
        if waiting.deadline is not None:
            waiting.deadline.cancel()
        if waiting.task is not None:
            waiting.task.cancel()
        self._context.sink(_reading(waiting, answer))


def _parameters_of(question: Question) -> SnmpParameters:
    if not isinstance(question.parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    return question.parameters


def _objects_to_ask(parameters: SnmpParameters, device: Device | None) -> tuple[str, ...]:
    own = [wanted.name for wanted in parameters.asked_objects]
    wanted = [*device.objects_to_ask(), *own] if device is not None else own
    return tuple(dict.fromkeys(wanted)) or (UPTIME,)


def _is_silent_stranger(asked: Get, answer: Answer) -> bool:
    """An agent does not answer a wrong community: silence may mean that the secret has changed."""
    return asked.credentials.version is not Version.V3 and answer.outcome is Outcome.NO_REPLY


def _reading(waiting: _Open, answer: Answer) -> Reading:
    outcome, reason, told = answer.outcome, answer.reason, waiting.told
    answered = outcome is Outcome.REPLIED and reason is Reason.NONE
    if answered:
        outcome, reason, told = _judged(_parameters_of(waiting.question), answer, told)
    if waiting.answering_suffices and not told.values and (answered or reason is Reason.NO_SUCH_OBJECT):
        outcome, reason = Outcome.REPLIED, Reason.NONE
    parts = (answer.text, *parts_of(told.unknown), *told.remarks, *told.states, evidence(answer.values))
    detail = printable("; ".join(filter(None, parts)), DETAIL_CHARACTERS)
    return Reading(
        probe=waiting.question.probe,
        sent_utc_s=waiting.sent_utc_s,
        sent_monotonic_s=waiting.sent_monotonic_s,
        outcome=outcome,
        reason=reason,
        values=told.values,
        beat=waiting.question.beat,
        detail=detail,
    )


def _judged(parameters: SnmpParameters, answer: Answer, told: Told) -> tuple[Outcome, Reason, Told]:
    """Make a reply's objects into values, and say of those that have none why.

    1. An object that the agent has not, or that holds no number, has no value.
    2. An agent that has none of the objects refuses; one that has them, without any number, replied
       with what cannot be decoded.
    """
    values, unknown = dict(told.values), dict(told.unknown)
    for wanted in parameters.asked_objects:
        raw = answer.values.get(wanted.name)
        number = None if raw is None else number_of(raw)
        if number is not None:
            values[wanted.metric] = number * wanted.scale
        else:
            unknown[wanted.metric] = Lack.NO_SUCH_OBJECT if raw is None else f"{_NO_NUMBER}: {shown(raw)}"
    told = replace(told, values=values, unknown=unknown)
    if not answer.values:
        return Outcome.REFUSED, Reason.NO_SUCH_OBJECT, replace(told, values={})
    return Outcome.REPLIED, Reason.NONE if values else Reason.UNDECODABLE, told
