"""Published codec values, and none that is not."""

from __future__ import annotations

import pytest

from controlroom.measure.codec import CodecValues, published
from controlroom.site.model import Codec


@pytest.mark.parametrize(
    ("codec", "ie", "bpl"),
    [
        (Codec.G711, 0, 4.3),
        (Codec.G711_PLC, 0, 25.1),
        (Codec.G729A_VAD, 11, 19.0),
        (Codec.G723_1_VAD, 15, 16.1),
        (Codec.GSM_EFR, 5, 10.0),
        (Codec.AMR_12_2, 5, 10.0),
    ],
)
def test_the_table_of_g113(codec: Codec, ie: float, bpl: float) -> None:
    """Impairment, robustness, and where they are from."""
    values = published(codec)
    assert (values.ie, values.bpl) == (ie, bpl)
    assert values.source.startswith("ITU-T G.113")
    assert values.packetisation_s is not None


@pytest.mark.parametrize("codec", [Codec.TETRA_ACELP, Codec.EVS, Codec.OTHER, Codec.NO_VOICE])
def test_nothing_is_invented(codec: Codec) -> None:
    """What is not published is not known."""
    assert published(codec) == CodecValues(None, None, None)
    assert published(codec).source == ""


def test_every_codec_is_one_or_the_other() -> None:
    """A codec that is added to the site must be decided on here."""
    known = {codec for codec in Codec if published(codec).ie is not None}
    assert len(known) == 6
    assert set(Codec) - known == {Codec.TETRA_ACELP, Codec.EVS, Codec.OTHER, Codec.NO_VOICE}
