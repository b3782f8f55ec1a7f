"""One TCP connection to one address, for one errand, with TLS where wanted. It knows no protocol above.

Who uses it sets the deadline around it; whatever happens, the connection is gone when the context ends.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.datagram import destination
from probes.errand import UnansweredError
from probes.icmp.sockets import reason_of_send_error

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_BUFFER_BYTES: Final = 65_536
_REFUSALS: Final = {
    errno.ECONNREFUSED: Reason.PORT_UNREACHABLE,
    errno.EHOSTUNREACH: Reason.HOST_UNREACHABLE,
    errno.ECONNRESET: Reason.CONNECTION_CLOSED,
    errno.EPIPE: Reason.CONNECTION_CLOSED,
}


@asynccontextmanager
async def open_stream(
    address: str, port: int, *, tls: ssl.SSLContext | None = None, server_name: str = ""
) -> AsyncIterator[Stream]:
    """Connect, and cut the connection at the end; ``UnansweredError`` says why it failed."""
    destination(address, port)
    writer: asyncio.StreamWriter | None = None
    try:
        reader, writer = await asyncio.open_connection(
            address,
            port,
            limit=_BUFFER_BYTES,
            ssl=tls,
            server_hostname=(server_name or None) if tls else None,
        )
        yield reader, writer
    except asyncio.IncompleteReadError:
        raise UnansweredError(Outcome.REFUSED, Reason.CONNECTION_CLOSED) from None
    except asyncio.LimitOverrunError:
        raise UnansweredError(Outcome.NO_REPLY, Reason.UNDECODABLE, "without end") from None
    except ssl.SSLError as error:
        text = str(getattr(error, "verify_message", "") or error.reason or type(error).__name__)
        raise UnansweredError(Outcome.REFUSED, Reason.TLS_FAILED, text) from None
    except TimeoutError:
        # Asked for by whoever set the deadline, or the system's own patience with a silent address.
        raise UnansweredError(Outcome.NO_REPLY, Reason.DEADLINE) from None
    except OSError as error:
        raise _failure(error) from None
    finally:
        if writer is not None:
            writer.transport.abort()


def _failure(error: OSError) -> UnansweredError:
    text = error.strerror or type(error).__name__
    reason = _REFUSALS.get(error.errno or 0)
    if reason is not None:
        return UnansweredError(Outcome.REFUSED, reason, text)
    return UnansweredError(Outcome.NOT_RUN, reason_of_send_error(error), text)
