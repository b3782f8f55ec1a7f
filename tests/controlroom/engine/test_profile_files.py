"""Profiles are read from their folder; a file that is none stops the program with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.engine.profile_files import read_profiles
from controlroom.errors import ControlroomError
from tests.controlroom.site.test_profile import PROFILE


def test_a_folder_of_profiles_is_read_in_order_of_titles(tmp_path: Path) -> None:
    """Other files in it are left alone."""
    (tmp_path / "radio.toml").write_text(PROFILE, encoding="utf-8")
    other = PROFILE.replace('"radio"', '"zebra"').replace('"Radio"', '"airwave"')
    (tmp_path / "zebra.toml").write_text(other, encoding="utf-8")
    (tmp_path / "README").write_text("no profile", encoding="utf-8")
    assert list(read_profiles(tmp_path)) == ["zebra", "radio"]
    assert read_profiles(tmp_path / "none") == {}


@pytest.mark.parametrize("content", [b"\xff", b"format = 1", PROFILE.encode()])
def test_a_file_that_is_no_profile_is_named(tmp_path: Path, content: bytes) -> None:
    """Not text, not whole, or not of that name."""
    (tmp_path / "broken.toml").write_bytes(content)
    with pytest.raises(ControlroomError, match="broken") as caught:
        read_profiles(tmp_path)
    assert caught.value.code == "profile-bad"
