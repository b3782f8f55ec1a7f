"""One TCP connection to one address, for one errand, with TLS where wanted. It knows no protocol above.

Who uses it sets the deadline around it; whatever happens, the connection is gone when the context ends.
"""

from __future__ import annotations

import asyncio
import errno
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.connection.certificate import reason_of
from probes.connection.dial import dial
from probes.connection.failure import failure_of, not_run, refused
from probes.connection.tls import failure_of_tls
from probes.datagram import destination
from probes.errand import UnansweredError

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_BUFFER_BYTES: Final = 65_536


@asynccontextmanager
async def open_stream(
    address: str, port: int, *, tls: ssl.SSLContext | None = None, server_name: str = ""
) -> AsyncIterator[Stream]:
    """Connect, and cut the connection at the end; ``UnansweredError`` says why it failed."""
    destination(address, port)
    writer: asyncio.StreamWriter | None = None
    try:
        reader, writer = await asyncio.open_connection(
            sock=await dial(address, port),
            limit=_BUFFER_BYTES,
            ssl=tls,
            server_hostname=(server_name or address) if tls else None,
        )
        yield reader, writer
    except asyncio.IncompleteReadError as error:
        text = f"closed by the other side after {len(error.partial)} bytes of an answer"
        raise refused(Reason.ANSWER_CUT if error.partial else Reason.CONNECTION_CLOSED, text) from None
    except asyncio.LimitOverrunError:
        raise UnansweredError(Outcome.NO_REPLY, Reason.UNDECODABLE, "without end") from None
    except ssl.SSLCertVerificationError as error:
        raise refused(reason_of(error.verify_code), error.verify_message) from None
    except ssl.SSLError as error:
        raise failure_of_tls(error) from None
    except TimeoutError as error:
        # Asked for by whoever set the deadline, or the system's own patience with a silent address.
        raise UnansweredError(Outcome.NO_REPLY, Reason.DEADLINE, error.strerror or "") from None
    except OSError as error:
        raise _failure(error) from None
    finally:
        if writer is not None:
            writer.transport.abort()


def _failure(error: OSError) -> UnansweredError:
    """Make the failure by the system's number; asyncio tells a broken connection without one."""
    if error.errno:
        return failure_of(error.errno, at_once=False)
    if isinstance(error, ConnectionError):
        return refused(Reason.CONNECTION_CLOSED, str(error) or os.strerror(errno.ECONNRESET))
    return not_run(Reason.SEND_FAILED, str(error) or type(error).__name__)
