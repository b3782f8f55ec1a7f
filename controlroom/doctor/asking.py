"""Whether the site asks its endpoints in a way that can be stood by: no password that everybody knows.

What a doubt is, each probe type says itself; and limits that never alarm are doubted as well. Nobody on the
network is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from controlroom.engine.secrets import SecretResolver
from controlroom.errors import SecretError
from controlroom.finding import Doubt, Finding, Health
from controlroom.probe import ProbeTypes
from controlroom.reading import ProbeKey
from controlroom.site.limit_doubts import limit_doubts
from controlroom.site.model import Site
from controlroom.site.secret import FileSecret, parse_reference

ASKING: Final = ("asking", "How it asks")
_MOST_NAMED: Final = 5


def check_asking(
    site: Site | None, probe_types: ProbeTypes, base: Path, *, site_is_broken: bool = False
) -> Finding:
    """Judge all probes of a site; relative paths of secrets start at ``base``, the data folder."""
    if site_is_broken:
        found = "how a site asks that cannot be read is not known"
        return Finding(*ASKING, Health.UNKNOWN, "site-unread", found, "See to the site file first.")
    doubts: dict[Doubt, list[ProbeKey]] = {}
    for key, doubt in by_files(site, probe_types, base) if site is not None else ():
        doubts.setdefault(doubt, []).append(key)
    if not doubts:
        return Finding(*ASKING, Health.OK, "ok", "nothing to be said against it")
    worst = next((doubt for doubt in doubts if doubt.grave), next(iter(doubts)))
    health = Health.TROUBLE if worst.grave else Health.OK
    found = " ".join(f"{_named(keys)}: {doubt.words}" for doubt, keys in doubts.items())
    return Finding(*ASKING, health, worst.code, found, "\n".join(doubt.cure for doubt in doubts))


def doubts_in(
    site: Site, probe_types: ProbeTypes, resolve_secret: Callable[[str], str]
) -> Iterator[tuple[ProbeKey, Doubt]]:
    """Return what is amiss with how each probe asks."""
    for endpoint in site.endpoints:
        for probe in endpoint.probes:
            kind = probe_types[probe.type]
            asking = kind.doubts(probe.parameters, resolve_secret) if kind.doubts is not None else ()
            for doubt in (*asking, *limit_doubts(probe, kind)):
                yield ProbeKey(endpoint.id, probe.name), doubt


def by_files(site: Site, probe_types: ProbeTypes, base: Path) -> Iterator[tuple[ProbeKey, Doubt]]:
    """Return what can be said with the secrets that lie in files; their relative paths start at ``base``."""
    return doubts_in(site, probe_types, _from_files(base))


def _from_files(base: Path) -> Callable[[str], str]:
    """Read secrets, but never the keyring: that might open a window that asks to unlock it."""
    resolve = SecretResolver(base)
    return lambda text: resolve(text) if isinstance(parse_reference(text), FileSecret) else _no_secret(text)


def _no_secret(_reference: str) -> str:
    raise SecretError("secret-not-read", "The secret was not read.")


def _named(keys: list[ProbeKey]) -> str:
    more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
    return f"{', '.join(map(str, keys[:_MOST_NAMED]))}{more}"
