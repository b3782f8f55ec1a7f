"""Which folders can be looked at, and what is said of the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from controlroom.errors import StoreError
from controlroom.store.folder import DataFolder
from ui.terminal.data_folder import NEVER_RAN, NO_FOLDER, refuse_empty, refuse_unreadable


def test_a_prepared_folder_can_be_looked_at_and_is_empty(tmp_path: Path) -> None:
    """It is the right one, though no engine has written yet."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    refuse_unreadable(folder)
    with pytest.raises(StoreError, match="No engine has run") as caught:
        refuse_empty(folder)
    assert caught.value.code == NEVER_RAN
    folder.store_file.touch()
    refuse_unreadable(folder)
    refuse_empty(folder)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing", "There is no data folder"),
        ("file", "is no folder"),
        ("file/deeper", "There is no data folder"),
        ("other", "holds no store"),
    ],
)
def test_a_mistyped_folder_is_refused_and_stays_as_it_is(tmp_path: Path, name: str, said: str) -> None:
    """Where it is and what to do stand in the sentence; nothing is made."""
    (tmp_path / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").touch()
    with pytest.raises(StoreError, match=said) as caught:
        refuse_unreadable(DataFolder(tmp_path / name))
    assert caught.value.code == NO_FOLDER
    assert str(tmp_path / name) in caught.value.happened
    assert "--data" in caught.value.advice
    assert sorted(os.listdir(tmp_path)) == ["file", "other"]
    assert os.listdir(tmp_path / "other") == ["letter.txt"]


def test_a_name_that_steers_the_screen_is_escaped(tmp_path: Path) -> None:
    """Whatever was typed is shown as text."""
    with pytest.raises(StoreError) as caught:
        refuse_unreadable(DataFolder(tmp_path / "a\x1b[2J"))
    assert "\x1b" not in str(caught.value)


def test_a_name_that_is_too_long_is_a_sentence(tmp_path: Path) -> None:
    """What the system says of it is passed on."""
    with pytest.raises(StoreError, match="cannot be read by this account: File name too long"):
        refuse_unreadable(DataFolder(tmp_path / ("a" * 300)))
