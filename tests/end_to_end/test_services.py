"""Name, time and telephone servers and an echo, watched by a real engine: values kept, each fault told."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from controlroom.condition.state import Condition
from controlroom.reading import ProbeKey
from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_read_store
from tests.end_to_end.room import MAIN, until
from tests.lab.reflector import reflect
from tests.lab.scripted import datagram_server
from tests.probes.dns.test_asking import answered
from tests.probes.ntp.servers import reply
from tests.probes.sip.servers import respond

PROBES = {
    "names": 'type = "dns"\nquery_name = "dispatch.lab.test"\nexpected = ["192.0.2.1"]',
    "time": 'type = "ntp"',
    "trunk": 'type = "sip"',
    "router": 'type = "udp-echo"\nmode = "stamp"\npackets = 3',
}
NAMED = {"names": "dns", "time": "ntp", "trunk": "sip", "router": "udp-echo"}


class Services:
    """Four services as they are in good times, until a test lets the times turn bad."""

    def __init__(self) -> None:
        """All is well."""
        self.good = True

    def answer(self, service: str, data: bytes) -> Sequence[bytes]:
        """Answer as the service does at present."""
        if service == "names":
            return [answered(data, "192.0.2.1" if self.good else "203.0.113.66")]
        if service == "time":
            return [reply(data, ahead_s=0.0 if self.good else 5.0)]
        if service == "trunk":
            return [respond(data, "200 OK" if self.good else "503 Service Unavailable")]
        return [reflect(data)] if self.good else []


def site_text(ports: dict[str, int]) -> str:
    """Write a site of the four, asked twice a second."""
    parts = ['format = 1\nname = "Services"\n']
    for endpoint, probe in PROBES.items():
        parts.append(
            f'[[endpoints]]\nid = "{endpoint}"\nname = "{endpoint}"\nkind = "infrastructure"\n'
            f'address = "127.0.0.1"\n[[endpoints.probes]]\n{probe}\nport = {ports[endpoint]}\n'
            "period_s = 0.5\ntimeout_s = 0.4\nconfirm_attempts = 2\n"
        )
    return "".join(parts)


def test_services_are_measured_and_each_fault_has_its_reason(tmp_path: Path) -> None:
    """Up with their figures; then a wrong answer, a wrong clock, a trunk out of service, and silence."""
    services, folder = Services(), DataFolder(tmp_path / "data")
    with ExitStack() as running:
        ports = {
            name: running.enter_context(
                datagram_server(lambda data, _number, name=name: services.answer(name, data))  # type: ignore[misc]
            ).port
            for name in PROBES
        }
        site = tmp_path / "site.toml"
        site.write_text(site_text(ports), encoding="utf-8")
        command = [*MAIN, "engine", "--site", str(site), "--data", str(folder.path)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as engine:
            try:
                store = open_read_store(folder)

                def conditions() -> dict[str, tuple[Condition, str]]:
                    return {
                        state.endpoint_id: (state.condition, ":".join(state.reason.split(":")[:2]))
                        for state in store.states()
                    }

                up = {(name, Condition.UP) for name in PROBES}
                until(lambda: {(name, each) for name, (each, _) in conditions().items()} == up, 20, "all up")
                until(lambda: len(store.latest(10.0)) == len(PROBES), 5, "the second's readings")
                latest = store.latest(10.0)
                for endpoint, metric in (("names", "ttl_s"), ("time", "offset_s"), ("trunk", "status_code")):
                    assert metric in latest[ProbeKey(endpoint, NAMED[endpoint])].values
                assert "forward_jitter_s" in latest[ProbeKey("router", "udp-echo")].values
                services.good = False
                told = {
                    "names": (Condition.DOWN, "dns_other_answer"),
                    "time": (Condition.DEGRADED, "limit:offset_s"),
                    "trunk": (Condition.DOWN, "sip_unavailable"),
                    "router": (Condition.DOWN, "deadline"),
                }
                until(lambda: conditions() == told, 20, "each fault with its reason")
                store.close()
            finally:
                engine.terminate()
                engine.communicate(timeout=15)
