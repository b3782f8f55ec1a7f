"""For how long a name's addresses may be kept, as this machine's name servers tell. It finds no address.

The addresses come from the system's own resolver, which minds more than name servers (/etc/hosts, mDNS) and
tells no time to live. A name that no name server knows has none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE_S: Final = 2.0
"""How long name servers are waited for; the answer is only about when to ask again."""


def time_to_live(name: str, resolver: Resolver | None = None) -> float | None:
    """Ask name servers for the shortest time to live on the way to a name's addresses; blocks.

    Those of this machine are asked unless ``resolver`` has others. A caching server tells what is left of
    it, in seconds (RFC 1035, 3.2.1). ``None`` where nobody tells.
    """
    # It takes a while to load, and a site without names needs none of it.
    import dns.exception
    import dns.rdatatype
    import dns.resolver

    try:
        asked = resolver or dns.resolver.Resolver()
    except dns.exception.DNSException:
        return None
    lives_s = []
    for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        try:
            answer = asked.resolve(name, kind, search=True, lifetime=PATIENCE_S)
        except (dns.exception.DNSException, OSError, UnicodeError):
            continue
        lives_s.append(float(answer.chaining_result.minimum_ttl))
    return min(lives_s, default=None)
