"""A whole engine against recorded links: what it keeps is what the recording says."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.reading import Outcome, ProbeKey
from tests.end_to_end.room import until
from tests.lab.live import link_address, recorded_room
from tests.lab.namespace import LabNetwork
from tests.lab.recording import RECORDED, missing_recordings

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(missing_recordings() is not None, reason=missing_recordings() or ""),
]


def test_it_runs_without_a_view_or_a_keyboard(tmp_path: Path) -> None:
    """For as long as it is told, and what was measured is in the data folder that was named."""
    data = tmp_path / "kept"
    command = [sys.executable, "-m", "tests.lab.live", "--view", "none", "--for", "2", "--data", str(data)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (data / "store.db").is_file()
    assert (data / "site.toml").is_file()


def test_every_recorded_link_is_measured_as_it_was(lab: LabNetwork, tmp_path: Path) -> None:
    """Round trips of each link are those that the lab played, and in both classes."""
    room = recorded_room(lab, tmp_path)
    room.start()
    try:
        keys = [ProbeKey(link.id, name) for link in RECORDED for name in ("voice", "data")]
        with closing(room.read()) as store:
            until(lambda: set(keys) <= set(store.latest(60.0)), 15, "every link in both classes")
            time.sleep(3.0)
            newest = store.latest(60.0)
    finally:
        room.end()
    played = lab.seen()
    checked = 0
    for place, link in enumerate(RECORDED):
        address = link_address(lab, place)
        mine = [seen for seen in played if seen.address == address]
        assert {seen.traffic_class for seen in mine} == {46 << 2, 0}
        for name in ("voice", "data"):
            reading = newest[ProbeKey(link.id, name)]
            if reading.outcome is Outcome.REPLIED:
                sent = min(mine, key=lambda seen: abs(seen.arrived_utc_s - reading.sent_utc_s))
                assert sent.rtt_s == pytest.approx(reading.values["rtt_s"], abs=0.005)
                checked += 1
    assert checked >= len(RECORDED)
