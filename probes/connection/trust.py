"""Whom we trust to sign certificates: the system's authorities, or those of a file. It connects to nobody.

1. Authorities are read in a thread, for they are files; they are kept for five minutes and then read anew, so
   that a renewed authority counts without a restart.
2. A file of authorities takes the place of the system's: nobody else is trusted. Each of its certificates is
   trusted as it stands, be it an authority or a server's own.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.reading import Reason
from probes.connection.failure import not_run
from probes.side_thread import SideThread

KEPT_S: Final = 300.0

_CONCERN: Final = ("certificate-authorities", "Certificate authorities")
_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """How TLS is spoken. ``authorities`` is a file, ``""`` for the system's; ``protocols`` are for ALPN."""

    verify: bool = True
    authorities: str = ""
    minimum: str = "1.2"
    protocols: tuple[str, ...] = ()


class Trust:
    """Keeps what is needed to speak TLS, for each set of settings."""

    def __init__(self, thread: SideThread, clock: Callable[[], float] = time.monotonic) -> None:
        """``thread`` reads the files."""
        self._thread, self._clock = thread, clock
        self._kept: dict[TlsSettings, tuple[float, ssl.SSLContext]] = {}

    async def context(self, settings: TlsSettings) -> ssl.SSLContext:
        """Return the means to speak TLS; raise ``UnansweredError`` where authorities cannot be had."""
        fresh = self._fresh(settings)
        return fresh if fresh is not None else await self._thread.run(lambda: self._load(settings))

    def _fresh(self, settings: TlsSettings) -> ssl.SSLContext | None:
        kept = self._kept.get(settings)
        return kept[1] if kept is not None and self._clock() - kept[0] < KEPT_S else None

    def _load(self, settings: TlsSettings) -> ssl.SSLContext:
        # Whoever waited meanwhile for the same finds it here.
        context = self._fresh(settings)
        if context is None:
            try:
                context = make_context(settings)
            except OSError as error:  # of which ssl.SSLError is one
                text = f"{settings.authorities}: {error.strerror or type(error).__name__}"
                raise not_run(Reason.NO_AUTHORITIES, text) from None
            self._kept[settings] = (self._clock(), context)
        return context


def make_context(settings: TlsSettings) -> ssl.SSLContext:
    """Read the authorities; may wait for the disk, and raises ``OSError``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = _VERSIONS[settings.minimum]
    if settings.protocols:
        context.set_alpn_protocols([*settings.protocols])
    if not settings.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif settings.authorities:
        context.load_verify_locations(settings.authorities)
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    else:
        context.load_default_certs()
    return context


def check_authorities(count: Callable[[], int] | None = None) -> tuple[Finding, ...]:
    """Judge whether this system has authorities to check certificates by."""
    found = (count or _count)()
    if found:
        return (Finding(*_CONCERN, Health.OK, "ok", f"the system trusts {found}"),)
    text = "the system has none: every certificate is refused where a probe names no file of its own"
    return (
        Finding(*_CONCERN, Health.TROUBLE, "no-authorities", text, "sudo apt-get install ca-certificates"),
    )


def _count() -> int:
    return len(make_context(TlsSettings()).get_ca_certs())
