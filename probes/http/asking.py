"""Asks one HTTP question, phase by phase, and judges the answer's status and content.

1. Each hop of a redirect has a connection of its own; the times of a phase are added up over the hops.
2. A name is looked up to measure how long that takes. Where that fails, the address that the engine knows is
   asked, and said so: a resolver in trouble is no fault of the endpoint.
3. A secret that is not accepted (401, 403) is read anew for the next question.
"""

from __future__ import annotations

import ssl
from typing import Final

from controlroom.errors import SecretError
from controlroom.probe import ProberContext, Question
from controlroom.reading import Reason
from probes.connection.dial import dial
from probes.connection.failure import not_run, refused
from probes.connection.measured import Measured
from probes.connection.parameters import is_literal, name_for_tls
from probes.connection.secured import secure
from probes.connection.trust import Trust
from probes.connection.wire import Stream, Wire
from probes.errand import UnansweredError
from probes.http.content import ContentRule, compile_pattern
from probes.http.exchange import Answer, Exchange
from probes.http.lookup import LookUps
from probes.http.parameters import HttpParameters
from probes.http.place import Place, place_of
from probes.http.request import RequestHead, read_head, references
from probes.secret_cache import SecretCache
from probes.side_thread import SideThread

RESOLVE_S: Final = "resolve_s"
CONNECT_S: Final = "connect_s"
TOTAL_S: Final = "total_s"
BODY_BYTES: Final = "body_bytes"

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NOT_ACCEPTED: Final = frozenset({401, 403})
_SHARE_TO_RESOLVE: Final = 0.5


class HttpAsking:
    """A ``Measurer`` of requests."""

    def __init__(self, context: ProberContext, look_ups: LookUps | None = None) -> None:
        """Nothing is opened or read yet; ``look_ups`` is for tests."""
        self._thread = SideThread("http-files")
        self._trust = Trust(self._thread)
        self._secrets = SecretCache(context.resolve_secret, self._thread)
        self._look_ups = look_ups or LookUps()

    async def measure(self, question: Question, measured: Measured) -> None:
        """Ask, and judge the answer; raise ``UnansweredError`` where it is not as it should be."""
        parameters = question.parameters
        if not isinstance(parameters, HttpParameters):
            raise TypeError("these are not the parameters of an HTTP probe")
        head, context, rule = await self._get_ready(parameters, measured)
        measured.begin()
        try:
            address = await self._resolve(question, measured)
            answer = await self._ask(question, parameters, head, address, context, measured)
            if answer.status in _NOT_ACCEPTED:
                self._secrets.forget(references(parameters))
            _judge(parameters, rule, answer)
        except UnansweredError as failure:
            raise failure.hiding(head.hide) from None
        finally:
            measured.notes[:] = [head.hide(note) for note in measured.notes]

    async def stop(self) -> None:
        """Forget the secrets, and let the thread go."""
        await self._secrets.stop()
        self._thread.stop()

    async def _get_ready(
        self, parameters: HttpParameters, measured: Measured
    ) -> tuple[RequestHead, ssl.SSLContext | None, ContentRule]:
        with measured.preparing("reading the secret", Reason.NO_SECRET):
            try:
                head = await read_head(parameters, self._secrets)
            except SecretError as error:
                raise not_run(Reason.NO_SECRET, str(error)) from None
        context = None
        if parameters.tls or parameters.redirects:
            with measured.preparing("reading the authorities", Reason.NO_AUTHORITIES):
                context = await self._trust.context(parameters.tls_settings)
        return head, context, await self._rule(parameters, measured)

    async def _rule(self, parameters: HttpParameters, measured: Measured) -> ContentRule:
        matches = None
        if parameters.body_pattern:
            with measured.preparing("getting the pattern ready", Reason.OVERLOADED):
                matches = await self._thread.run(lambda: compile_pattern(parameters.body_pattern))
        return ContentRule(parameters.body_contains, parameters.body_lacks, parameters.body_pattern, matches)

    async def _resolve(self, question: Question, measured: Measured) -> str:
        """Look the endpoint's name up, and return the address to ask (rule 2)."""
        if not question.name or is_literal(question.name):
            return question.address
        measured.doing = "resolving the name"
        before_s = measured.passed_s()
        found = await self._look_ups.addresses(question.name, _SHARE_TO_RESOLVE * question.timeout_s)
        if not found:
            measured.notes.append("the name could not be resolved now; its last address was asked")
            return question.address
        measured.values[RESOLVE_S] = measured.passed_s() - before_s
        return question.address if question.address in found else found[0]

    async def _ask(
        self,
        question: Question,
        parameters: HttpParameters,
        head: RequestHead,
        address: str,
        context: ssl.SSLContext | None,
        measured: Measured,
    ) -> Answer:
        host = name_for_tls(parameters.server_name, question.name, question.address)
        place = place_of(tls=parameters.tls, host=host, port=parameters.port, path=parameters.path)
        for hops_left in range(parameters.redirects, -1, -1):
            answer = await self._hop(parameters, head, place, address, context, measured)
            measured.notes.append(answer.said)
            led_on = answer.status in _REDIRECTS and not parameters.expects(answer.status)
            if not (led_on and answer.location and hops_left):
                break
            place = place.after(answer.location)
        measured.values[TOTAL_S] = measured.passed_s()
        measured.values[BODY_BYTES] = float(len(answer.body))
        return answer

    async def _hop(
        self,
        parameters: HttpParameters,
        head: RequestHead,
        place: Place,
        address: str,
        context: ssl.SSLContext | None,
        measured: Measured,
    ) -> Answer:
        with measured.phase(CONNECT_S, "connecting"):
            connected = await dial(address, place.port, parameters.source_address)
        stream: Stream = Wire(connected)
        try:
            if place.tls and context is not None:
                stream = await secure(Wire(connected), context, place.host, measured)
            exchange = Exchange(stream, measured, parameters.most_body_bytes)
            return await exchange.ask(head.request(parameters, place))
        finally:
            stream.close()


def _judge(parameters: HttpParameters, rule: ContentRule, answer: Answer) -> None:
    """Raise ``UnansweredError`` where an answer is not as it should be."""
    if not parameters.expects(answer.status):
        if answer.status in _REDIRECTS and answer.location:
            followed = f", after {parameters.redirects} that were followed" if parameters.redirects else ""
            raise refused(Reason.REDIRECTED, f"a redirect to {answer.location}{followed}")
        raise refused(Reason.STATUS_UNEXPECTED)
    fault = rule.fault(bytes(answer.body), whole=answer.whole)
    if fault:
        raise refused(Reason.CONTENT_UNEXPECTED, fault)
