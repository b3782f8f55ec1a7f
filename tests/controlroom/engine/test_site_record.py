"""What the engine notes of what it runs; that it cannot be noted stops nothing."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from controlroom.engine.running_site import RunningSite
from controlroom.engine.site_file import read_site
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.engine.site_record import SiteRecord
from probes.registry import PROBE_TYPES
from tests.controlroom.engine.test_site_keeper import SITE


def test_what_is_given_runs_and_is_a_version(tmp_path: Path) -> None:
    """Once, however often it is given."""
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    record = SiteRecord(path, tmp_path, PROBE_TYPES, lambda: 5.0)
    for _ in range(2):
        record.given(read_site(path, PROBE_TYPES))
    assert RunningSite(tmp_path).text() == SITE
    (only,) = FileSiteKeeper(path, tmp_path, PROBE_TYPES, lambda: 6.0).versions()
    assert only.at_utc_s == 5.0


def test_what_cannot_be_noted_is_logged_and_the_site_is_used(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A room is watched also where nothing more can be written."""
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    for name in ("site-versions", "running-site.toml"):
        (tmp_path / name).mkdir()
    (tmp_path / "site-versions").rmdir()
    (tmp_path / "site-versions").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        loaded = SiteRecord(path, tmp_path, PROBE_TYPES).given(read_site(path, PROBE_TYPES))
    assert loaded.text == SITE
    assert "cannot be kept" in caplog.text
    assert len(caplog.records) == 2
