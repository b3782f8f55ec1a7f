"""Where a request goes: scheme, host, port and path; and where a redirect leads. Pure.

1. A redirect is followed on the same host alone, so that nobody is asked whom the site does not name.
2. It stays on its port, or goes from the clear to TLS; never from TLS to the clear, so that no secret that
   was sent encrypted is sent again for all to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from controlroom.reading import Reason
from probes.connection.failure import refused

LONGEST_LOCATION: Final = 2000

_DEFAULT_PORTS: Final = {True: 443, False: 80}
_VISIBLE: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A place to ask. ``host`` is a name or a literal address without brackets and zone."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as the request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.tls] else f"{host}:{self.port}"

    def after(self, location: str) -> Place:
        """Return where a redirect leads; raise ``UnansweredError`` where it is not followed."""
        if len(location) > LONGEST_LOCATION or not _VISIBLE.fullmatch(location):
            raise refused(Reason.STATUS_UNEXPECTED, "a redirect to what is no address")
        try:
            parts = urlsplit(urljoin(f"{_scheme(self.tls)}://{self.host_header}{self.path}", location))
            port = parts.port
        except ValueError:
            raise refused(Reason.STATUS_UNEXPECTED, "a redirect to what is no address") from None
        tls = parts.scheme == "https"
        if parts.scheme not in ("http", "https") or (parts.hostname or "") != self.host.lower():
            raise refused(Reason.REDIRECTED, f"a redirect away, which is not followed: {location}")
        led = Place(tls, self.host, port or _DEFAULT_PORTS[tls], parts.path or "/")
        if self.tls and not tls:
            raise refused(Reason.REDIRECTED, f"a redirect from TLS to the clear: {location}")
        if self.tls == tls and led.port != self.port:
            raise refused(Reason.REDIRECTED, f"a redirect to another port: {location}")
        return replace(led, path=f"{led.path}?{parts.query}") if parts.query else led


def place_of(*, tls: bool, host: str, port: int | None, path: str) -> Place:
    """Make a place with the port that the scheme has where none is given."""
    return Place(tls, host, port or _DEFAULT_PORTS[tls], path)


def _scheme(tls: bool) -> str:
    return "https" if tls else "http"
