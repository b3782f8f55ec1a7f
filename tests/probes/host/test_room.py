"""Memory, swap space and the disk that is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil  # type: ignore[import-untyped] # psutil ships no type information
import pytest

from probes.host.machine import Machine
from probes.host.parameters import HostParameters
from probes.host.room import measure_room


def test_a_disk_is_measured_as_df_does(tmp_path: Path) -> None:
    """The share of what may be filled."""
    disk = shutil.disk_usage(tmp_path)
    found = measure_room(str(tmp_path)).values["disk_ratio"]
    assert found == pytest.approx(disk.used / (disk.used + disk.free), abs=0.01)


def test_swap_space_that_is_not_there_is_not_empty() -> None:
    """No figure, rather than zero."""
    assert ("swap_ratio" in measure_room("/").values) == (psutil.swap_memory().total > 0)


def test_the_disk_is_the_data_folders_unless_another_is_named() -> None:
    """A folder that is not there shows which one was looked at."""
    machine = Machine("/no/data", sleep=lambda seconds: None)
    assert any("/no/data" in note for note in machine.measure(HostParameters()).notes)
    named = machine.measure(HostParameters(disk="/no/other")).notes
    assert any("/no/other" in note for note in named)
    assert not any("/no/data" in note for note in named)
