"""What is published of codecs: impairment, robustness against loss, packets. It estimates nothing.

1. ``ie`` is the equipment impairment factor Ie, ``bpl`` the packet-loss robustness factor Bpl, of ITU-T G.113
   (2024), appendix I. A codec without both has no estimate, and its values are ``None``: to be set by whoever
   knows them.
2. Left out are codecs of which an Ie is published and no Bpl: G.726, G.728, G.729A without voice activity
   detection, G.723.1 at 5.3 kbit/s. Without a Bpl nothing can be said once a packet is lost, which is when it
   matters.
3. For the codec of TETRA no values were found published. EVS is judged by the wideband models (G.107.1,
   G.107.2), whose scale is another; what is set for it here must be on the narrowband scale.
4. Packets are as is usual: 20 ms, for G.723.1 its frame of 30 ms. What a codec looks ahead is its own: 5 ms
   of G.729, 7.5 ms of G.723.1, and the 5 ms that AMR keeps at 12.2 kbit/s too, so that it can change its
   rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controlroom.site.model import Codec

SOURCE: Final = "ITU-T G.113 (2024), appendix I"
"""Where the published values are from."""


@dataclass(frozen=True, slots=True)
class CodecValues:
    """What is published of a codec; ``None`` where nothing is."""

    ie: float | None = None
    bpl: float | None = None
    packetisation_s: float | None = None
    look_ahead_s: float = 0.0

    @property
    def source(self) -> str:
        """Where its values are from; empty where there are none."""
        return SOURCE if self.ie is not None else ""


_PUBLISHED: Final = {
    Codec.G711: CodecValues(0.0, 4.3, 0.020),
    Codec.G711_PLC: CodecValues(0.0, 25.1, 0.020),
    Codec.G729A_VAD: CodecValues(11.0, 19.0, 0.020, 0.005),
    Codec.G723_1_VAD: CodecValues(15.0, 16.1, 0.030, 0.0075),
    Codec.GSM_EFR: CodecValues(5.0, 10.0, 0.020),
    Codec.AMR_12_2: CodecValues(5.0, 10.0, 0.020, 0.005),
}


def published(codec: Codec) -> CodecValues:
    """Return what is published of a codec."""
    return _PUBLISHED.get(codec, CodecValues())
