"""What a site wants kept, in the store's terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.engine.retention import retention_in
from controlroom.engine.running_site import RunningSite
from controlroom.errors import ControlroomError
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Retention
from probes.registry import PROBE_TYPES
from tests.end_to_end.test_process import LOOPBACK_SITE

KEPT = "[history]\nraw_days = 3\nminute_months = 4\nhour_years = 5\nmost_gb = 1.5\n\n"


def _site() -> str:
    head, mark, rest = LOOPBACK_SITE.partition("[[")
    return head + KEPT + mark + rest


def test_it_is_that_of_the_folders_own_site(tmp_path: Path) -> None:
    """A gigabyte is a thousand million bytes."""
    folder = DataFolder(tmp_path)
    folder.site_file.write_text(_site(), encoding="utf-8")
    assert retention_in(folder, None, PROBE_TYPES) == Retention(3, 4, 5, 1_500_000_000)


def test_where_the_site_lies_elsewhere_what_runs_stands_for_it(tmp_path: Path) -> None:
    """The folder then holds no site file, but the text that the engine was given last."""
    RunningSite(tmp_path).give(_site())
    assert retention_in(DataFolder(tmp_path), None, PROBE_TYPES) == Retention(3, 4, 5, 1_500_000_000)


def test_a_site_that_cannot_say_is_not_guessed(tmp_path: Path) -> None:
    """Without a site file, or with a broken one, nothing is known; one that was named must be good."""
    folder = DataFolder(tmp_path)
    assert retention_in(folder, None, PROBE_TYPES) is None
    folder.site_file.write_text("[[[", encoding="utf-8")
    assert retention_in(folder, None, PROBE_TYPES) is None
    with pytest.raises(ControlroomError):
        retention_in(folder, folder.site_file, PROBE_TYPES)
