"""A real SNMP agent watched by a real engine: by v2c and by v3, its values in the store, its end noticed."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.condition.state import Condition
from controlroom.reading import ProbeKey
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_read_store
from tests.end_to_end.room import MAIN, Program, until
from tests.lab import snmpd

pytestmark = pytest.mark.lab


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[snmpd.Agent]:
    """A running agent, or a skip with the reason."""
    missing = snmpd.why_not()
    if missing is not None:
        pytest.skip(missing)
    folder = tmp_path / "agent"
    folder.mkdir()
    with snmpd.running_agent(folder) as running:
        yield running


def site_text(port: int, secrets: dict[str, str]) -> str:
    """Write a site with one device asked by ping, by v2c and by v3."""
    return f"""
format = 1
name = "Device room"
[[endpoints]]
id = "router"
name = "Mobile router"
kind = "mobile-link"
address = "127.0.0.1"
criticality = "high"
[[endpoints.probes]]
type = "icmp"
[[endpoints.probes]]
type = "snmp"
name = "signal"
period_s = 1.0
timeout_s = 0.8
port = {port}
community = "file:{secrets["community"]}"
objects = [{{ oid = "{snmpd.CONTACT}", metric = "rsrp_dbm", unit = "dBm" }}]
[[endpoints.probes]]
type = "snmp"
name = "uptime"
period_s = 1.0
timeout_s = 0.8
port = {port}
version = "3"
user = "sealed-sha-aes"
auth_protocol = "SHA1"
auth = "file:{secrets["auth"]}"
privacy_protocol = "AES128"
privacy = "file:{secrets["privacy"]}"
"""


def test_a_device_is_measured_and_its_agents_end_is_told_apart(agent: snmpd.Agent, tmp_path: Path) -> None:
    """Values with unit in the store; with the agent gone the device still answers pings: degraded."""
    secrets = {
        "community": snmpd.secret_file(tmp_path, "community", snmpd.COMMUNITY),
        "auth": snmpd.secret_file(tmp_path, "auth", snmpd.AUTH_PASSWORD),
        "privacy": snmpd.secret_file(tmp_path, "privacy", snmpd.PRIVACY_PASSWORD),
    }
    site, folder = tmp_path / "site.toml", DataFolder(tmp_path / "data")
    site.write_text(site_text(agent.port, secrets), encoding="utf-8")
    command = [*MAIN, "engine", "--site", str(site), "--data", str(folder.path)]
    with Program(command, stderr=subprocess.PIPE, text=True) as engine:
        try:
            store = open_read_store(folder)
            until(lambda: [s for s in store.states() if s.condition is Condition.UP], 20, "the router up")
            until(lambda: len(store.latest(10.0)) == 3, 5, "the second's readings")
            latest = store.latest(10.0)
            assert latest[ProbeKey("router", "signal")].values == {"rsrp_dbm": -98.0}
            assert latest[ProbeKey("router", "uptime")].values["uptime_s"] >= 0.0
            agent_ended = time.monotonic()
            subprocess.run(["kill", str(agent.pid)], check=True)
            degraded = [Condition.DEGRADED]
            until(lambda: [s for s in store.states() if s.condition in degraded], 15, "the degradation")
            assert time.monotonic() - agent_ended < 6.0
            store.close()
        finally:
            engine.terminate()
            _, complaint = engine.communicate(timeout=15)
    kept = b"".join(path.read_bytes() for path in folder.path.rglob("*") if path.is_file())
    for secret in (snmpd.COMMUNITY, snmpd.AUTH_PASSWORD, snmpd.PRIVACY_PASSWORD):
        assert secret.encode() not in kept
        assert secret not in complaint
