"""The head of a request with the secrets in it, and texts with the secrets taken out. It sends nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import h11

from controlroom import __version__
from controlroom.reading import Reason
from probes.connection.failure import not_run
from probes.http.parameters import HttpParameters
from probes.http.place import Place
from probes.secret_cache import SecretCache

_FIT_FOR_A_HEADER: Final = re.compile(r"[!-~]([ -~]*[!-~])?")
_HIDDEN: Final = "***"
_SHORTEST_PART: Final = 4


@dataclass(frozen=True, slots=True, repr=False)
class RequestHead:
    """The headers that the site wants, and the secrets among them."""

    headers: tuple[tuple[str, str], ...]
    secrets: tuple[str, ...]

    def request(self, parameters: HttpParameters, place: Place) -> h11.Request:
        """Make the request to a place."""
        own = [
            ("Host", place.host_header),
            ("User-Agent", f"Controlroom/{__version__}"),
            ("Accept", "*/*"),
            ("Accept-Encoding", "identity"),
        ]
        given = {name.lower() for name, _ in self.headers}
        kept = [(name, value) for name, value in own if name.lower() not in given]
        return h11.Request(
            method=parameters.method.value,
            target=place.path,
            headers=[*kept, *self.headers, ("Connection", "close")],
        )

    def hide(self, text: str) -> str:
        """Return a text with every secret taken out: a server may send back what it was sent."""
        for secret in self.secrets:
            text = text.replace(secret, _HIDDEN)
        return text


async def read_head(parameters: HttpParameters, cache: SecretCache) -> RequestHead:
    """Fetch the secrets; raise ``SecretError``, or ``UnansweredError`` for one that does not fit."""
    headers, secrets = list[tuple[str, str]](), list[str]()
    for header in parameters.headers:
        secret = await cache.secret(header.secret)
        headers.append((header.name, " ".join(part for part in (header.value, secret) if part)))
        secrets.append(secret)
    if parameters.authorization is not None:
        secrets.append(await cache.secret(parameters.authorization))
        headers.append(("Authorization", secrets[-1]))
    kept = tuple(secret for secret in secrets if secret)
    if not all(_FIT_FOR_A_HEADER.fullmatch(secret) for secret in kept):
        raise not_run(Reason.NO_SECRET, "the secret holds characters that no header can carry")
    # The part behind the scheme of an Authorization is a secret by itself, wherever it turns up.
    parts = {secret.rpartition(" ")[2] for secret in kept}
    hidden = {*kept, *(part for part in parts if len(part) >= _SHORTEST_PART)}
    return RequestHead(tuple(headers), tuple(sorted(hidden, key=len, reverse=True)))


def references(parameters: HttpParameters) -> Sequence[str | None]:
    """Return the references to all secrets of a probe."""
    return [parameters.authorization, *(header.secret for header in parameters.headers)]
