"""Versions: when, who, what; older records are listed; desk and engine keep one at the same moment."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from controlroom.engine.account import owner_of
from controlroom.engine.running_site import RunningSite
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.engine.site_versions import SiteVersions
from controlroom.site.keeping import Author
from controlroom.site.mistakes import SiteError
from probes.registry import PROBE_TYPES
from tests.controlroom.engine.test_site_keeper import EVA, SITE, renamed


@pytest.fixture
def keeper(tmp_path: Path) -> FileSiteKeeper:
    """A keeper of a site file in its data folder, whose first text the engine has loaded."""
    (tmp_path / "site.toml").write_text(SITE)
    keeper = FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, time.time)
    keeper.note_found(SITE)
    return keeper


def save(keeper: FileSiteKeeper, text: str, lead: str = "") -> None:
    """Save a text over what is there now."""
    keeper.save(text, expected_digest=keeper.read().digest, by=EVA, lead=lead)


def told(keeper: FileSiteKeeper) -> list[tuple[Author, str]]:
    """Who and what, newest first."""
    return [(version.by, version.what) for version in keeper.versions()]


def test_an_edit_from_outside_is_told_with_the_files_account(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """Whether the engine comes upon it or a save replaces it."""
    outside = Author(outside=True, account=owner_of(tmp_path / "site.toml"))
    assert outside.account
    (tmp_path / "site.toml").write_text(SITE.replace('"Mast"', '"Hill"'))
    keeper.note_found(keeper.read().text)
    assert told(keeper)[0] == (outside, "Renamed Mast to Hill")
    (tmp_path / "site.toml").write_text("broken = [")
    save(keeper, SITE)
    assert told(keeper)[:2] == [
        (EVA, "Mended: the text before it had mistakes"),
        (outside, "It had mistakes and could not be used"),
    ]


def test_who_takes_an_outside_edit_into_use_is_told_however_quick_the_engine_was(
    keeper: FileSiteKeeper, tmp_path: Path
) -> None:
    """The version that the engine noted first learns it, and no second one is made."""
    changed = SITE.replace('"Mast"', '"Hill"')
    (tmp_path / "site.toml").write_text(changed)
    keeper.note_found(changed)
    keeper.note(changed, by=Author("Eva (ops1)", "configure", outside=True), lead="Taken into use")
    keeper.note_found(changed)
    assert len(keeper.versions()) == 2
    by = Author("Eva (ops1)", "configure", outside=True, account=owner_of(tmp_path / "site.toml"))
    assert told(keeper)[0] == (by, "Taken into use: Renamed Mast to Hill")


def test_a_save_that_the_engine_read_first_is_its_operators(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """The engine may load the file between its writing and its record."""
    keeper.note_found(renamed(SITE, "North"))
    keeper.note(renamed(SITE, "North"), by=EVA)
    assert told(keeper)[0] == (EVA, "Changed the site's name")


def test_bringing_back_is_a_version_and_can_be_undone(keeper: FileSiteKeeper) -> None:
    """Each says what it did to the text before it."""
    save(keeper, renamed(SITE, "North"))
    save(keeper, SITE, "Brought back version 1")
    save(keeper, renamed(SITE, "North"), "Undone")
    words = "changed the site's name"
    assert [what for _, what in told(keeper)] == [
        f"Undone: {words}",
        f"Brought back version 1: {words}",
        f"C{words[1:]}",
        "The first text that was kept",
    ]


def test_records_of_an_older_program_are_listed(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """With what they hold: an operator without a role, or nobody; and their texts can be had."""
    folder = tmp_path / "site-versions"
    for number, operator, what in ((2, "eva", "Changed core"), (3, "", "Loaded by the engine")):
        text = renamed(SITE, f"Room {number}")
        (folder / f"{number:06d}.toml").write_text(text)
        record = {"at_utc_s": 5.0, "digest": "d", "operator": operator, "what": what}
        (folder / f"{number:06d}.json").write_text(json.dumps(record))
    (folder / "000004.toml").write_text(SITE)
    (folder / "000004.json").write_text('{"at_utc_s": 7, "digest": "d"}')
    (folder / "000005.toml").write_text(SITE)
    (folder / "000005.json").write_text("[]")
    assert [version.number for version in keeper.versions()] == [4, 3, 2, 1]
    assert told(keeper)[:3] == [
        (Author(), ""),
        (Author(), "Loaded by the engine"),
        (Author("eva"), "Changed core"),
    ]
    assert keeper.version_text(2) == renamed(SITE, "Room 2")
    save(keeper, renamed(SITE, "North"))
    numbers = [version.number for version in keeper.versions()]
    assert numbers == [7, 6, 4, 3, 2, 1], "no text is written over, not even one without a record"


def test_desk_and_engine_at_the_same_moment_lose_no_text(tmp_path: Path) -> None:
    """Each record stays beside its own text."""

    def keep(who: str) -> None:
        versions = SiteVersions(tmp_path, lambda text: None)
        for number in range(5):
            versions.keep(f"{who} {number}", at_utc_s=1.0, by=Author(who))

    threads = [threading.Thread(target=keep, args=(who,)) for who in ("desk", "engine")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    versions = SiteVersions(tmp_path, lambda text: None)
    texts = {versions.text(each.number) for each in versions.all()}
    assert texts == {f"{who} {number}" for who in ("desk", "engine") for number in range(5)}
    assert all(versions.text(each.number).startswith(each.by.operator) for each in versions.all())


def test_what_runs_is_kept_however_many_versions_came_since(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """It is its owner's alone, and none where no engine ran."""
    running = RunningSite(tmp_path)
    assert (keeper.running(), running.digest()) == (None, "")
    running.give(SITE)
    for number in range(25):
        save(keeper, renamed(SITE, f"Room {number}"))
    assert keeper.running() == SITE
    assert running.digest() not in {version.digest for version in keeper.versions()}
    assert (tmp_path / "running-site.toml").stat().st_mode & 0o777 == 0o600
    running.give(renamed(SITE, "North"))
    assert keeper.running() == renamed(SITE, "North")


@pytest.mark.parametrize("content", [None, b"\xff\xfe no text"])
def test_what_is_no_text_can_be_replaced_and_is_set_aside(
    keeper: FileSiteKeeper, tmp_path: Path, content: bytes | None
) -> None:
    """A file that is gone or unreadable is no dead end; only who knows of it may replace it."""
    path = tmp_path / "site.toml"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    assert keeper.digest() == ""
    with pytest.raises(SiteError):
        keeper.read()
    keeper.save(SITE, expected_digest="", by=EVA, lead="Put back what runs")
    assert path.read_text() == SITE
    aside = tmp_path / "site.toml.unreadable-1"
    assert (aside.read_bytes() if aside.exists() else None) == content
