"""What the estimate of voice quality assumes at an endpoint, which its site says too. It estimates nothing.

1. What the endpoint says goes before what the site says, key by key.
2. What belongs to a codec belongs to that one alone: where the endpoint names another than the site, the
   site's packetisation, look-ahead, impairment and robustness are not taken over. The buffer and the extra
   delay are.
3. An impairment and its robustness are taken together.
"""

from __future__ import annotations

from typing import Final

from controlroom.site.model import Endpoint, Site, Voice

_OF_THE_CODEC: Final = ("packetisation_s", "look_ahead_s", "ie", "bpl")


def voice_at(site: Site, endpoint: Endpoint) -> Voice:
    """Return what holds at an endpoint; what neither says is ``None``."""
    general, own = site.voice.model_dump(), endpoint.voice.model_dump(exclude_none=True)
    if own.get("codec", general["codec"]) != general["codec"]:
        general |= dict.fromkeys(_OF_THE_CODEC)
    return Voice.model_validate(general | own)
