"""The lab itself: made, used and always removed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.script import TargetScript

pytestmark = pytest.mark.lab

NAMESPACES = Path("/run/netns")


@pytest.fixture(autouse=True)
def _only_with_a_lab() -> None:
    """Skip where no lab can be made."""
    missing = lab_available()
    if missing is not None:
        pytest.skip(missing)


def test_a_lab_leaves_nothing_behind() -> None:
    """Also when the test inside it fails."""
    network = LabNetwork()

    def fail_inside() -> None:
        with network:
            assert (NAMESPACES / network.name).exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert not (NAMESPACES / network.name).exists()
    with pytest.raises(RuntimeError, match="not running"):
        network.seen()


def test_labs_of_dead_processes_are_removed() -> None:
    """A killed run cannot clean up; the next one does."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    abandoned = f"crlab-{ended.pid}-1"
    subprocess.run(["ip", "netns", "add", abandoned], check=True)
    with LabNetwork():
        assert not (NAMESPACES / abandoned).exists()


def test_programs_run_inside(lab: LabNetwork) -> None:
    """They see the lab's interfaces, and a started program is the process that was started."""
    assert "10.98.0.1/24" in lab.run(["ip", "-brief", "address"]).stdout
    program = "import os; print(os.getpid(), flush=True); input()"
    with lab.popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        assert int(started.stdout.readline()) == started.pid
        started.terminate()
        assert started.wait(5) == -15


def test_entering_is_for_a_while(lab: LabNetwork) -> None:
    """Sockets made inside stay inside; the thread comes home."""
    home = os.readlink("/proc/thread-self/ns/net")
    with lab.enter():
        assert os.readlink("/proc/thread-self/ns/net") != home
        inside = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    assert os.readlink("/proc/thread-self/ns/net") == home
    with inside:
        inside.connect((lab.address(1), 9))
        assert inside.getsockname()[0] == "10.98.0.1"


def test_the_system_ping_agrees(lab: LabNetwork) -> None:
    """A ping that is none of ours is answered as scripted, so the lab speaks ICMP and not our dialect."""
    program = (
        "import sys; from icmplib import ping\n"
        "for address in sys.argv[1:]:\n"
        "    host = ping(address, count=2, interval=0.01, timeout=0.2)\n"
        "    print(host.packets_received, host.avg_rtt)\n"
    )
    lab.script_all(TargetScript(delay_s=0.03))
    lab.script(lab.address(2), TargetScript(silent=True))
    addresses = [lab.address(1), lab.address_v6(1), lab.address(2)]
    lines = lab.run([sys.executable, "-c", program, *addresses]).stdout.splitlines()
    received = [int(line.split()[0]) for line in lines]
    average_ms = [float(line.split()[1]) for line in lines]
    assert received == [2, 2, 0]
    assert 30 <= min(average_ms[:2]) < 60
    assert [seen.answered for seen in lab.seen(lab.address(2))] == [False, False]


def test_everything_else_leads_nowhere_or_into_the_tunnel(lab: LabNetwork, routed_lab: LabNetwork) -> None:
    """Without a default route there is none; with one, any address is a host of the lab."""
    assert lab.run(["ip", "route", "show", "default"]).stdout == ""
    assert routed_lab.gateway in routed_lab.run(["ip", "route", "show", "default"]).stdout
    assert routed_lab.gateway_v6 in routed_lab.run(["ip", "-6", "route", "show", "default"]).stdout
    program = "import sys; from icmplib import ping; print(all(ping(a, 1).is_alive for a in sys.argv[1:]))"
    addresses = [routed_lab.gateway, routed_lab.gateway_v6, "203.0.113.53", "2001:db8::53"]
    assert routed_lab.run([sys.executable, "-c", program, *addresses]).stdout == "True\n"
    assert [seen.address for seen in routed_lab.seen()] == addresses


def test_scripts_change_while_running_and_reset_forgets(lab: LabNetwork) -> None:
    """The next request meets the new script."""
    program = "import sys; from icmplib import ping; print(ping(sys.argv[1], 1, timeout=0.1).is_alive)"
    command = [sys.executable, "-c", program, lab.address(1)]
    assert lab.run(command).stdout == "True\n"
    lab.script(lab.address(1), TargetScript(silent=True))
    assert lab.run(command).stdout == "False\n"
    assert len(lab.seen()) == 2
    lab.reset()
    assert lab.seen() == []
    assert lab.run(command).stdout == "True\n"
