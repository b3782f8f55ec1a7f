"""TLS over a connected socket, with the certificates seen even where they do not hold. It trusts nobody.

1. OpenSSL verifies within the handshake; where it refuses a certificate the handshake ends, and nothing is
   ever sent over a connection that it did not accept.
2. The chain counts as OpenSSL built it where it holds, else as the server sent it.
3. A handshake takes a bounded number of bytes, as a chain does.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from controlroom.reading import Reason
from probes.connection.certificate import Certificate, read_chain, reason_of
from probes.connection.failure import refused
from probes.connection.wire import READ_BYTES, Wire
from probes.errand import UnansweredError

LARGEST_HANDSHAKE_BYTES: Final = 256 * 1024

_NEWEST: Final = "TLSv1.3"
_NO_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"}
)
"""What OpenSSL says of bytes that are no TLS at all; a version that is too old has words of its own."""


class TlsWire:
    """A ``Stream`` over TLS."""

    def __init__(self, wire: Wire, context: ssl.SSLContext, server_name: str) -> None:
        """Own the wire from here on; ``server_name`` is whom the certificate must be of."""
        self._wire = wire
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_name)
        except (ValueError, UnicodeError):
            raise refused(Reason.TLS_FAILED, "the server name is none that TLS can ask for") from None
        self._established = False
        self._refused = False

    async def handshake(self) -> None:
        """Set TLS up; raise ``UnansweredError`` that says what was wrong with it."""
        taken = 0
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                taken += await self._pump("in the handshake")
            except ssl.SSLCertVerificationError as error:
                self._refused = True
                self._wire.send_last(self._outgoing.read())
                raise refused(reason_of(error.verify_code), error.verify_message) from None
            except ssl.SSLError as error:
                self._wire.send_last(self._outgoing.read())
                raise failure_of_tls(error) from None
            else:
                break
            if taken > LARGEST_HANDSHAKE_BYTES:
                raise refused(Reason.TLS_FAILED, "a handshake without end")
        await self._flush()
        self._established = True

    def version(self) -> float | None:
        """Return the version of TLS in use, such as 1.3; ``None`` before both sides have agreed on one.

        OpenSSL names it only after the handshake, but the cipher before: those of 1.3 are used in no other.
        """
        told = self._tls.version()
        if told is None:
            cipher = self._tls.cipher()
            told = None if cipher is None else _NEWEST if cipher[1] == _NEWEST else "TLSv1.2"
        digits = (told or "").removeprefix("TLSv")
        return float(digits) if digits else None

    def chain(self, *, verified: bool) -> list[Certificate]:
        """Return the certificates (rule 2); ``verified`` tells that OpenSSL was asked to look."""
        return read_chain(_encoded_chain(self._tls, built=verified and not self._refused))

    async def send(self, data: bytes) -> None:
        """Send all of it, encrypted."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._tls.write(rest) :]
        except ssl.SSLError as error:
            raise refused(Reason.TLS_FAILED, said_of(error)) from None
        await self._flush()

    async def receive(self) -> bytes:
        """Return what came, decrypted."""
        while True:
            try:
                return self._tls.read(READ_BYTES)
            except ssl.SSLWantReadError:
                data = await self._wire.receive()
                if not data:
                    return b""
                self._incoming.write(data)
                await self._flush()
            except ssl.SSLZeroReturnError:
                return b""
            except ssl.SSLError as error:
                raise refused(Reason.TLS_FAILED, said_of(error)) from None

    def close(self) -> None:
        """Say farewell without waiting for an answer, and close."""
        if self._established:
            # The other side's farewell is not waited for, and after an error none is due.
            with suppress(ssl.SSLError, OSError):
                self._tls.unwrap()
            self._wire.send_last(self._outgoing.read())
        self._wire.close()

    async def _pump(self, where: str) -> int:
        await self._flush()
        data = await self._wire.receive()
        if not data:
            raise refused(Reason.CONNECTION_CLOSED, f"closed by the other side {where}")
        self._incoming.write(data)
        return len(data)

    async def _flush(self) -> None:
        data = self._outgoing.read()
        if data:
            await self._wire.send(data)


def failure_of_tls(error: ssl.SSLError) -> UnansweredError:
    """Make the failure of a handshake: what answers without TLS has no certificate to look at."""
    no_tls = (error.reason or "") in _NO_TLS
    return refused(Reason.WRONG_PROTOCOL if no_tls else Reason.TLS_FAILED, said_of(error))


def said_of(error: ssl.SSLError) -> str:
    """Return what OpenSSL says of an error, in words."""
    return (error.reason or type(error).__name__).lower().replace("_", " ")


def _encoded_chain(tls: ssl.SSLObject, *, built: bool) -> Sequence[bytes]:
    """Return a chain in DER, as built by OpenSSL or as sent. Public from Python 3.13 on, inside before."""
    method = "get_verified_chain" if built else "get_unverified_chain"
    public = getattr(tls, method, None)
    if public is not None:
        return [bytes(one) for one in public()]
    inner: Any = tls._sslobj  # type: ignore[attr-defined]
    found = getattr(inner, method)() or ()
    return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in found]
