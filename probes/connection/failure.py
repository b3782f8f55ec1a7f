"""Why an errand ends without an answer: outcome and reason, from what the system says. It asks nothing.

1. An error that the system gives at once, before anything was sent, is our own: *not run*.
2. The same error later came from the network: *refused*. Where the kernel also tells whose word it was, that
   counts (``probes/icmp/word.py``); the number alone does not tell an administrator's no from others.
3. A refused connection is the endpoint's own word that nothing listens there.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from controlroom.reading import Outcome, Reason
from probes.errand import UnansweredError

_Why = tuple[Outcome, Reason]

_LATER: Final[Mapping[int, _Why]] = MappingProxyType(
    {
        errno.ECONNREFUSED: (Outcome.REFUSED, Reason.PORT_UNREACHABLE),
        errno.ECONNRESET: (Outcome.REFUSED, Reason.CONNECTION_CLOSED),
        errno.ECONNABORTED: (Outcome.REFUSED, Reason.CONNECTION_CLOSED),
        errno.EPIPE: (Outcome.REFUSED, Reason.CONNECTION_CLOSED),
        errno.ENETUNREACH: (Outcome.REFUSED, Reason.NETWORK_UNREACHABLE),
        errno.EHOSTUNREACH: (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        errno.EHOSTDOWN: (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        errno.ENONET: (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
        errno.EACCES: (Outcome.REFUSED, Reason.PROHIBITED),
        errno.EMSGSIZE: (Outcome.REFUSED, Reason.FRAGMENTATION_NEEDED),
        errno.EPROTO: (Outcome.REFUSED, Reason.OTHER_ICMP_ERROR),
        errno.ENOPROTOOPT: (Outcome.REFUSED, Reason.OTHER_ICMP_ERROR),
        errno.EOPNOTSUPP: (Outcome.REFUSED, Reason.OTHER_ICMP_ERROR),
        errno.ETIMEDOUT: (Outcome.NO_REPLY, Reason.DEADLINE),
    }
)
_AT_ONCE: Final[Mapping[int, _Why]] = MappingProxyType(
    {
        errno.ENETUNREACH: (Outcome.NOT_RUN, Reason.NO_ROUTE),
        errno.EHOSTUNREACH: (Outcome.NOT_RUN, Reason.NO_ROUTE),
        errno.EACCES: (Outcome.NOT_RUN, Reason.FORBIDDEN_HERE),
        errno.EPERM: (Outcome.NOT_RUN, Reason.FORBIDDEN_HERE),
        errno.EADDRNOTAVAIL: (Outcome.NOT_RUN, Reason.NO_ROUTE),
        errno.ENETDOWN: (Outcome.NOT_RUN, Reason.NO_ROUTE),
        errno.EMSGSIZE: (Outcome.NOT_RUN, Reason.PACKET_TOO_BIG),
        errno.EAFNOSUPPORT: (Outcome.NOT_RUN, Reason.UNSUPPORTED),
        errno.EMFILE: (Outcome.NOT_RUN, Reason.OVERLOADED),
        errno.ENFILE: (Outcome.NOT_RUN, Reason.OVERLOADED),
        errno.ENOBUFS: (Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL),
        errno.ENOMEM: (Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL),
    }
)


def refused(reason: Reason, text: str = "") -> UnansweredError:
    """Make a failure that the other side is the cause of."""
    return UnansweredError(Outcome.REFUSED, reason, text)


def not_run(reason: Reason, text: str = "") -> UnansweredError:
    """Make a failure that we are the cause of."""
    return UnansweredError(Outcome.NOT_RUN, reason, text)


def failure_of(code: int, *, at_once: bool) -> UnansweredError:
    """Make a failure of an error of the operating system (rules 1 to 3)."""
    why = _AT_ONCE.get(code) if at_once else None
    why = why or _LATER.get(code) or (Outcome.NOT_RUN, Reason.SEND_FAILED)
    return UnansweredError(*why, os.strerror(code))
