"""Asks one TCP question: connects, sets TLS up where wanted, and closes. No byte of any content is sent."""

from __future__ import annotations

from typing import Final

from controlroom.probe import Question
from controlroom.reading import Reason
from probes.connection.dial import dial
from probes.connection.measured import Measured
from probes.connection.parameters import name_for_tls
from probes.connection.secured import secure
from probes.connection.trust import Trust
from probes.connection.wire import Wire
from probes.side_thread import SideThread
from probes.tcp.parameters import TcpParameters

CONNECT_S: Final = "connect_s"


class TcpAsking:
    """A ``Measurer`` of connections."""

    def __init__(self) -> None:
        """Nothing is opened or read yet."""
        self._thread = SideThread("tcp-authorities")
        self._trust = Trust(self._thread)

    async def measure(self, question: Question, measured: Measured) -> None:
        """Connect and close; raise ``UnansweredError`` where that fails."""
        parameters = question.parameters
        if not isinstance(parameters, TcpParameters):
            raise TypeError("these are not the parameters of a TCP probe")
        context = None
        if parameters.tls:
            with measured.preparing("reading the authorities", Reason.NO_AUTHORITIES):
                context = await self._trust.context(parameters.tls_settings)
        measured.begin()
        with measured.phase(CONNECT_S, "connecting"):
            connected = await dial(question.address, parameters.port, parameters.source_address)
        wire = Wire(connected)
        try:
            if context is not None:
                name = name_for_tls(parameters.server_name, question.name, question.address)
                (await secure(wire, context, name, measured)).close()
        finally:
            wire.close()

    async def stop(self) -> None:
        """Let the thread go."""
        self._thread.stop()
