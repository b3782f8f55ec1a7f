"""How a site asks: communities that everybody knows are trouble, the oldest version is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.doctor.asking import ASKING, check_asking
from controlroom.finding import Health
from controlroom.site.load import load_site
from controlroom.site.model import Site
from probes.registry import PROBE_TYPES


def site(*probes: str) -> Site:
    """A site with an endpoint that is asked so."""
    head = 'name = "Room"\n[[endpoints]]\nid = "mast"\nname = "Mast"\nkind = "radio-gateway"\n'
    return load_site(
        f'{head}address = "192.0.2.1"\nprobes = [{", ".join(probes)}]\n', "room.toml", PROBE_TYPES
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A data folder with two communities."""
    for name, word in (("known", "public"), ("own", "a-word-of-ours")):
        (tmp_path / name).touch(0o600)
        (tmp_path / name).write_text(word)
    return tmp_path


def test_a_community_that_everybody_knows_is_trouble(base: Path) -> None:
    """The probe is named, the secret is not."""
    found = check_asking(site('{ type = "snmp", community = "file:known" }'), PROBE_TYPES, base)
    assert (found.name, found.title) == ASKING
    assert (found.health, found.code) == (Health.TROUBLE, "community-well-known")
    assert "mast/snmp" in found.found
    assert "public" not in found.found + found.cure
    assert "Set a community of your own" in found.cure


def test_the_oldest_version_is_told_and_no_trouble(base: Path) -> None:
    """Whoever has such a device cannot help it."""
    found = check_asking(site('{ type = "snmp", version = "1", community = "file:own" }'), PROBE_TYPES, base)
    assert (found.health, found.code) == (Health.OK, "snmp-version-1")
    assert "version 1" in found.found


def test_all_is_well_and_no_secret_is_missed(base: Path) -> None:
    """Secrets that cannot be had are judged elsewhere, and the keyring is never asked."""
    probes = (
        '{ type = "icmp" }',
        '{ type = "snmp", community = "file:own" }',
        '{ type = "snmp", name = "b", community = "file:nowhere" }',
        '{ type = "snmp", name = "c", community = "keyring:snmp/mast" }',
    )
    assert check_asking(site(*probes), PROBE_TYPES, base).code == "ok"
    assert check_asking(None, PROBE_TYPES, base).health is Health.OK
    assert check_asking(None, PROBE_TYPES, base, site_is_broken=True).health is Health.UNKNOWN


def test_a_limit_that_no_answer_passes_is_trouble(base: Path) -> None:
    """It is named with the timeout; what is below the timeout, or the type's own, is not doubted."""
    row = '{ metric = "rtt_s", raise_above = %s, clear_below = 0.1 }'
    limit = f'{{ type = "%s", timeout_s = %s, limits = [{row}] }}'
    found = check_asking(site(limit % ("icmp", 1, 150)), PROBE_TYPES, base)
    assert (found.health, found.code) == (Health.TROUBLE, "limit-never-passed")
    assert found.found.startswith("mast/icmp: The limit on rtt_s never alarms: raise_above is 150 s")
    assert "timeout_s (1 s)" in found.found
    assert "150 ms is 0.15" in found.cure
    assert check_asking(site(limit % ("icmp", 1, 1)), PROBE_TYPES, base).code == "limit-never-passed"
    assert check_asking(site(limit % ("icmp", 1, 0.9)), PROBE_TYPES, base).code == "ok"
    usual = '{ type = "sip", timeout_s = 0.4 }'
    assert check_asking(site(usual), PROBE_TYPES, base).code == "ok"
