"""The site file, its zone, its secrets and the keyring: real files with real mistakes."""

from __future__ import annotations

import shlex
import sys
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

import resources
from controlroom.doctor.secrets import check_secrets
from controlroom.doctor.site import check_site
from controlroom.doctor.zone import check_zone
from controlroom.engine.profile_files import read_profiles
from controlroom.finding import Finding, Health
from controlroom.site.load import load_site
from controlroom.site.model import Site
from probes.registry import PROBE_TYPES
from ui.terminal.arguments import build_parser

PROFILES = read_profiles(resources.path("profiles"))

SNMP = """
name = "Room"
time_zone = "Europe/Berlin"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "192.0.2.1"
[[endpoints.probes]]
type = "snmp"
community = "REFERENCE"
[[endpoints.probes.objects]]
oid = "1.3.6.1.2.1.1.3.0"
metric = "uptime_s"
unit = "s"
"""


class Kept(KeyringBackend):
    """A keyring that would betray being asked for a secret."""

    priority = 5
    name = "A Keyring"

    def get_password(self, service: str, username: str) -> str | None:
        """Nobody may ask."""
        raise AssertionError((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nobody may change it."""
        raise AssertionError((service, username, password))


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    """Begin without a keyring, whatever this machine has."""
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]  # the package is untyped there
    yield
    keyring.set_keyring(before)


def site(reference: str) -> Site:
    """A site with one secret."""
    return load_site(SNMP.replace("REFERENCE", reference), "room.toml", PROBE_TYPES)


def secrets(reference: str, base: Path) -> tuple[Finding, Finding]:
    """What is found about the files and about the keyring."""
    files, backend = check_secrets(site(reference), base)
    return files, backend


def test_a_right_site_file_is_counted() -> None:
    """And returned for the other checks."""
    found, loaded = check_site(resources.path("examples/minimal.toml"), PROBE_TYPES, may_be_missing=False)
    assert found.health is Health.OK
    assert "1 endpoint, 1 probe" in found.found
    assert loaded is not None


def test_mistakes_are_counted_and_the_cure_lists_them(tmp_path: Path) -> None:
    """The first is told with its line; the command is one that the program knows."""
    path = tmp_path / "my room.toml"
    path.write_text('name = "Room"\ntimezone = "UTC"\nfoo = 1\n')
    found, loaded = check_site(path, PROBE_TYPES, may_be_missing=True)
    assert loaded is None
    assert (found.health, found.code) == (Health.TROUBLE, "site-mistakes")
    assert "has 2 mistakes; line 2: timezone" in found.found
    chosen = build_parser().parse_args(shlex.split(found.cure)[1:])
    assert (chosen.command, chosen.file) == ("check", path)


def test_a_missing_file_is_well_only_where_a_first_start_writes_it(tmp_path: Path) -> None:
    """One named by hand is most likely mistyped."""
    path = tmp_path / "site.toml"
    assert check_site(path, PROBE_TYPES, may_be_missing=True)[0].code == "not-there-yet"
    found, _ = check_site(path, PROBE_TYPES, may_be_missing=False)
    assert (found.health, found.code) == (Health.TROUBLE, "site-unreadable")
    assert list(tmp_path.iterdir()) == []


def test_a_file_behind_a_closed_folder_is_not_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it is there cannot be known, so no first start is promised."""

    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "lstat", closed)
    found, _ = check_site(tmp_path / "site.toml", PROBE_TYPES, may_be_missing=True)
    assert (found.health, found.code) == (Health.TROUBLE, "site-unreadable")


def test_the_sites_zone_is_loaded() -> None:
    """And where it came from is told."""
    (found,) = check_zone(site("file:community"))
    assert found.health is Health.OK
    assert found.found.startswith("Europe/Berlin, from ")


def test_zone_data_that_are_not_there_are_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the system's nor the package's: the times would be those of another place."""
    loaded = site("file:community")
    monkeypatch.setitem(sys.modules, "tzdata", None)
    monkeypatch.delitem(sys.modules, "tzdata.zoneinfo.Europe", raising=False)
    monkeypatch.setitem(sys.modules, "tzdata.zoneinfo", None)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        (found,) = check_zone(loaded)
    finally:
        zoneinfo.reset_tzpath(before)
        zoneinfo.ZoneInfo.clear_cache()
    assert (found.health, found.code) == (Health.TROUBLE, "zone-unknown")
    assert "sudo apt-get install tzdata" in found.cure


def test_a_site_that_cannot_be_read_leaves_zone_and_secrets_unknown(tmp_path: Path) -> None:
    """What it would have needed nobody knows."""
    (zone,) = check_zone(None, site_is_broken=True)
    files, _ = check_secrets(None, tmp_path, site_is_broken=True)
    assert {zone.health, files.health} == {Health.UNKNOWN}


def test_no_keyring_is_trouble_only_where_the_site_needs_one(tmp_path: Path) -> None:
    """Files serve as well; the cure says how."""
    _, needed = secrets("keyring:snmp/mast", tmp_path)
    assert (needed.health, needed.code) == (Health.TROUBLE, "no-keyring")
    assert "install -m 600 /dev/null PATH" in needed.cure
    _, spare = secrets("file:community", tmp_path)
    assert (spare.health, spare.code) == (Health.OK, "none-needed")


def test_a_keyring_is_named_and_never_asked_for_a_secret(tmp_path: Path) -> None:
    """To ask might open a window."""
    keyring.set_keyring(Kept())  # type: ignore[no-untyped-call]  # the package is untyped there
    _, found = secrets("keyring:snmp/mast", tmp_path)
    assert (found.health, found.found) == (Health.OK, "A Keyring; the site keeps 1 there")


def test_secret_files_must_be_there_and_closed_to_others(tmp_path: Path) -> None:
    """What is in them is never told."""
    missing, _ = secrets("file:community", tmp_path)
    assert (missing.health, missing.code) == (Health.TROUBLE, "secret-missing")
    path = tmp_path / "community"
    path.write_text("a-very-secret-word\n")
    path.chmod(0o644)
    bare, _ = secrets("file:community", tmp_path)
    assert (bare.health, bare.code) == (Health.TROUBLE, "secret-open-to-others")
    path.chmod(0o600)
    well, _ = secrets("file:community", tmp_path)
    assert well.health is Health.OK
    assert "a-very-secret-word" not in f"{bare}{well}"


def test_a_simulated_site_is_told_as_one() -> None:
    """Whoever looks whether all is well must not take it for a real room."""
    found, _ = check_site(resources.path("demo/site.toml"), PROBE_TYPES, PROFILES, may_be_missing=False)
    assert found.health is Health.OK
    assert "SIMULATED" in found.found
    real, _ = check_site(resources.path("examples/minimal.toml"), PROBE_TYPES, may_be_missing=False)
    assert "SIMULATED" not in real.found
