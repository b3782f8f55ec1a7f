"""Figures of recorded links against the summaries recorded with them. Skips where there are none."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from controlroom.measure.asked import asked_of
from controlroom.measure.figures import LinkFigures, link_figures
from controlroom.measure.voice import NoEstimate, VoiceAssumptions, assumptions_of, estimate
from controlroom.site.model import Codec, Voice
from tests.lab.recording import RECORDINGS

FOLDER = RECORDINGS / "latency" / "multi-operator"
DAYS = ("20230513", "20230515")
Burst = tuple[str, str]


def rows(file: Path) -> list[dict[str, str]]:
    """Read a table; skip the test where there is none."""
    if not file.exists():
        pytest.skip(f"there is no recording {file}; CONTROLROOM_DATA names the folder of recordings")
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def figures(pings: list[dict[str, str]]) -> LinkFigures:
    """The figures of one burst, five pings a second."""
    sent_utc_s = np.array([datetime.fromisoformat(ping["sent"]).timestamp() for ping in pings])
    lost = np.array([not ping["rtt_ms"] for ping in pings])
    rtt_s = np.array([float(ping["rtt_ms"] or "nan") / 1e3 for ping in pings])
    asked = asked_of(sent_utc_s, rtt_s, lost, np.zeros(len(pings), dtype=np.bool_))
    copies = sum(int(ping["duplicates"]) for ping in pings)
    return link_figures(asked, sent_utc_s.min() - 1, sent_utc_s.max() + 1, copies)


@pytest.fixture(scope="module")
def recorded() -> dict[Burst, LinkFigures]:
    """The figures of each burst of two days, by operator and name."""
    bursts: defaultdict[Burst, list[dict[str, str]]] = defaultdict(list)
    for day in DAYS:
        for ping in rows(FOLDER / f"pings-{day}.csv"):
            bursts[ping["operator"], ping["burst"]].append(ping)
    return {burst: figures(pings) for burst, pings in bursts.items()}


def test_bursts_over_mobile_networks(recorded: dict[Burst, LinkFigures]) -> None:
    """Sent, received, copies, longest run of losses; least, mean, median and greatest round trip.

    The 95 % of the summaries have a rank that is rounded down, so they are not those of RFC 2330.
    """
    told = {(row["operator"], row["burst"]): row for row in rows(FOLDER / "bursts.csv")}
    assert len(recorded) > 250
    for burst, found in recorded.items():
        row, loss, latency = told[burst], found.losses, found.latency
        counts = (loss.loss.sent, latency.count, found.arrivals.duplicates, loss.longest_run or 0)
        assert counts == tuple(
            int(row[key]) for key in ("sent", "received", "duplicates", "longest_loss_run")
        )
        times_s = (latency.min_s, latency.mean_s, latency.median_s, latency.max_s)
        summary = [row[f"rtt_{key}_ms"] for key in ("min", "avg", "median", "max")]
        if not latency.count:
            assert times_s == (None,) * 4
            assert not any(summary)
        else:
            assert [1e3 * (time_s or 0.0) for time_s in times_s] == pytest.approx(
                [float(time_ms) for time_ms in summary], abs=6e-4
            )


def test_estimates_of_them_are_estimates(recorded: dict[Burst, LinkFigures]) -> None:
    """Every burst with enough replies has one, bad links a bad one, and dead links none."""
    taken = assumptions_of(Voice(codec=Codec.G711_PLC))
    assert isinstance(taken, VoiceAssumptions)
    scores = []
    for found in recorded.values():
        voice = estimate(found, taken)
        if isinstance(voice, NoEstimate):
            assert found.latency.count < 20
            continue
        scores.append(voice.score)
        assert voice.score_least <= voice.score <= voice.score_most
        if voice.loss_ratio > 0.3 or voice.delay_s > 0.5:
            assert voice.score < 3.1
    assert min(scores) < 2 < 4 < max(scores)
