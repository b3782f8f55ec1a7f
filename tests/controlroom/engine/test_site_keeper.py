"""A site file on a real disk: saved whole or not at all, twenty versions, secrets that leave no trace."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from controlroom.engine.secrets import SecretResolver
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.errors import ControlroomError, SecretError
from controlroom.site.difference import difference, unified
from controlroom.site.edit import put_endpoint
from controlroom.site.keeping import CHANGED_OUTSIDE, VERSIONS_KEPT, Author
from controlroom.site.mistakes import SiteError
from controlroom.store.file_lock import try_lock
from probes.registry import PROBE_TYPES

SITE = """# kept
name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "cloud"
address = "127.0.0.1"
probes = [{ type = "icmp" }]
"""
EVA = Author("Eva (ops1)", "configure")
HUSH = "correct horse battery staple"


@pytest.fixture
def keeper(tmp_path: Path) -> FileSiteKeeper:
    """A keeper of a site file in its data folder."""
    (tmp_path / "site.toml").write_text(SITE)
    times = count(1000)
    return FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, lambda: float(next(times)))


def renamed(text: str, name: str) -> str:
    """The text with another name of the room."""
    return text.replace('name = "Room"', f'name = "{name}"')


def save(keeper: FileSiteKeeper, text: str, lead: str = "") -> None:
    """Save a text over what is there now."""
    keeper.save(text, expected_digest=keeper.read().digest, by=EVA, lead=lead)


def everything(folder: Path) -> Iterator[bytes]:
    """The bytes of every file of a folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def test_a_saved_text_is_the_file_and_a_version(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """The text that was found is kept as well, so that the first change can be taken back."""
    save(keeper, renamed(SITE, "North"), "Named it")
    assert (tmp_path / "site.toml").read_text() == renamed(SITE, "North")
    newest, first = keeper.versions()
    assert (newest.by, newest.what) == (EVA, "Named it: changed the site's name")
    assert (first.by, first.what) == (Author(), "The first text that was kept")
    assert keeper.version_text(first.number) == SITE
    assert newest.digest == keeper.digest() == keeper.read().digest


def test_a_text_with_mistakes_is_never_written(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """Every mistake is named, the file stays."""
    broken = SITE.replace("icmp", "icpm")
    assert [mistake.nearest_key for mistake in keeper.judge(broken)] == ["icmp"]
    with pytest.raises(SiteError):
        save(keeper, broken)
    assert (tmp_path / "site.toml").read_text() == SITE
    assert keeper.versions() == ()


def test_who_saves_over_a_change_from_outside_is_refused(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """What somebody wrote with an editor is not lost."""
    seen = keeper.read().digest
    (tmp_path / "site.toml").write_text(renamed(SITE, "Outside"))
    with pytest.raises(ControlroomError) as raised:
        keeper.save(renamed(SITE, "Form"), expected_digest=seen, by=EVA)
    assert raised.value.code == CHANGED_OUTSIDE
    assert "Outside" in (tmp_path / "site.toml").read_text()


def test_what_was_written_outside_is_kept_before_it_is_replaced(
    keeper: FileSiteKeeper, tmp_path: Path
) -> None:
    """Putting another text in its place loses nothing: the replaced text is a version as well."""
    save(keeper, renamed(SITE, "First"))
    (tmp_path / "site.toml").write_text(renamed(SITE, "Outside"))
    save(keeper, renamed(SITE, "First"), "put back")
    texts = [keeper.version_text(version.number) for version in keeper.versions()]
    assert texts == [renamed(SITE, name) for name in ("First", "Outside", "First", "Room")]


def test_two_who_save_at_once_are_told_apart(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """While another desk holds the lock nothing is written."""
    handle = os.open(tmp_path / "site.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        assert try_lock(handle)
        with pytest.raises(ControlroomError, match="Another desk"):
            save(keeper, renamed(SITE, "North"))
    finally:
        os.close(handle)
    assert (tmp_path / "site.toml").read_text() == SITE


def test_twenty_versions_are_kept_and_the_oldest_goes(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """Numbers grow on; what is dropped leaves no file behind."""
    for number in range(25):
        save(keeper, renamed(SITE, f"Room {number}"))
    numbers = [version.number for version in keeper.versions()]
    assert numbers == list(range(26, 26 - VERSIONS_KEPT, -1))
    assert len(list((tmp_path / "site-versions").iterdir())) == 2 * VERSIONS_KEPT
    with pytest.raises(ControlroomError, match="no longer kept"):
        keeper.version_text(1)


def test_damaged_and_foreign_versions_are_passed_over(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """A record that cannot be read is no version, and harms no other."""
    save(keeper, renamed(SITE, "North"))
    folder = tmp_path / "site-versions"
    (folder / "000002.json").write_text("{")
    (folder / "000009.json").write_text('{"at_utc_s": 1, "digest": "", "operator": "", "what": ""}')
    (folder / "readme.txt").write_text("not ours")
    assert [version.number for version in keeper.versions()] == [1]


def test_rights_and_links_stay(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """A site file that is a link stays one, and keeps its own rights."""
    real = tmp_path / "elsewhere.toml"
    (tmp_path / "site.toml").rename(real)
    real.chmod(0o640)
    (tmp_path / "site.toml").symlink_to(real)
    save(keeper, renamed(SITE, "North"))
    assert (tmp_path / "site.toml").is_symlink()
    assert "North" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """Nothing is changed, and the error names the file."""
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ControlroomError):
            save(keeper, renamed(SITE, "North"))
    finally:
        tmp_path.chmod(0o700)
    assert (tmp_path / "site.toml").read_text() == SITE


def test_versions_are_their_owners_alone(keeper: FileSiteKeeper, tmp_path: Path) -> None:
    """No other account reads what the site looks like."""
    save(keeper, renamed(SITE, "North"))
    for path in (tmp_path / "site-versions").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lent_secret_can_be_read_meanwhile_and_leaves_no_trace(
    keeper: FileSiteKeeper, tmp_path: Path
) -> None:
    """Not one file of the data folder holds it afterwards, not even where the block failed."""
    with keeper.unsaved_secret(HUSH) as reference:
        assert SecretResolver(tmp_path)(reference) == HUSH
        assert any(HUSH.encode() in content for content in everything(tmp_path))

    def fail() -> None:
        with keeper.unsaved_secret(HUSH):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not any(HUSH.encode() in content for content in everything(tmp_path))
    assert list((tmp_path / "secrets").iterdir()) == []


def test_a_kept_secret_stands_in_one_file_and_never_over_another(
    keeper: FileSiteKeeper, tmp_path: Path
) -> None:
    """Its reference works, its file is its owner's alone, and the site and its versions never hold it."""
    first = keeper.keep_secret("mast", "snmp", "community", HUSH)
    second = keeper.keep_secret("mast", "snmp", "community", "another")
    assert first != second
    assert SecretResolver(tmp_path)(first) == HUSH
    fresh = {"id": "m", "name": "M", "kind": "cloud", "address": "127.0.0.1"}
    probe = {"type": "snmp", "community": first}
    save(keeper, put_endpoint(SITE, {**fresh, "probes": [probe]}))
    holders = [path for path in tmp_path.rglob("*") if path.is_file() and HUSH.encode() in path.read_bytes()]
    assert [path.name for path in holders] == ["mast.snmp.community"]
    assert stat.S_IMODE(holders[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(holders[0].parent.stat().st_mode) == 0o700


def test_a_secret_is_forgotten_only_where_nothing_refers_to_it(
    keeper: FileSiteKeeper, tmp_path: Path
) -> None:
    """A text that was not saved leaves none behind; what the file refers to stays, and what is none."""
    used = keeper.keep_secret("mast", "snmp", "community", HUSH)
    unused = keeper.keep_secret("mast", "snmp", "community", HUSH)
    fresh = {"id": "m", "name": "M", "kind": "cloud", "address": "127.0.0.1"}
    save(keeper, put_endpoint(SITE, {**fresh, "probes": [{"type": "snmp", "community": used}]}))
    for reference in (used, unused, "file:secrets/../site.toml", "file:site.toml", "file:secrets/.."):
        keeper.forget_secret(reference)
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["mast.snmp.community"]
    assert (tmp_path / "site.toml").exists()


@pytest.mark.parametrize("secret", ["", "two\nlines", "x" * 5000])
def test_what_is_no_usable_secret_is_refused_unnamed(keeper: FileSiteKeeper, secret: str) -> None:
    """The error does not repeat it."""
    with pytest.raises(SecretError) as raised:
        keeper.keep_secret("mast", "snmp", "community", secret)
    assert not secret or secret not in str(raised.value)


def test_the_difference_is_told_in_values_and_in_lines(keeper: FileSiteKeeper) -> None:
    """What was added, changed and taken out, and the lines of it."""
    before = keeper.read()
    text = SITE.replace('name = "Mast"', 'name = "Hill"').replace('type = "icmp"', 'type = "icmp", ttl = 9')
    save(keeper, put_endpoint(text, {"id": "b", "name": "B", "kind": "cloud", "address": "::1",
                                     "probes": [{"type": "icmp"}]}))  # fmt: skip
    after = keeper.read()
    assert before.site is not None
    assert after.site is not None
    found = difference(before.site, after.site)
    assert found.added == (("b", "B"),)
    assert [(key.path, key.before, key.after) for key in found.changed[0].keys] == [
        ("name", "Mast", "Hill"),
        ("probes[icmp].ttl", "64", "9"),
    ]
    assert difference(after.site, before.site).removed == (("b", "B"),)
    assert '+name = "Hill"' in unified(before.text, after.text, "before", "now")
    assert difference(before.site, before.site).empty
