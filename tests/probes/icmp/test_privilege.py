"""Whether an account may ping: a real one without rights, in network namespaces with ranges of their own."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from controlroom.finding import Health
from probes.icmp.packet import Version
from probes.icmp.privilege import Privilege, check_privilege, read_privilege

ACCOUNT = 54321
SYSCTL = "net.ipv4.ping_group_range"
in_a_namespace = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="needs root and unshare"
)

_LOOK = f"""
import json, os, sys
from dataclasses import asdict
from probes.icmp.privilege import check_privilege
os.setgroups([]); os.setgid({ACCOUNT}); os.setuid({ACCOUNT})
print(json.dumps([asdict(each) for each in check_privilege()]))
"""


def _as_an_account(group_range: str) -> list[dict[str, str]]:
    """What an account without rights finds where these groups may ping."""
    write = f"echo '{group_range}' > /proc/sys/net/ipv4/ping_group_range && exec \"$@\""
    command = ["unshare", "--net", "sh", "-c", write, "sh", sys.executable, "-c", _LOOK]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    if "unshare failed" in done.stderr:
        pytest.skip("no network namespace can be made here")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def _refused_with(number: int, **facts: object) -> list[tuple[Health, str, str]]:
    def refuse(_version: Version) -> bool:
        raise OSError(number, os.strerror(number))

    privilege = Privilege(
        own_group=ACCOUNT,
        groups=frozenset({ACCOUNT}),
        allowed=facts.get("allowed", (1, 0)),  # type: ignore[arg-type]  # as the test gives it
        raw=bool(facts.get("raw", False)),
    )
    return [(each.health, each.code, each.cure) for each in check_privilege(refuse, lambda: privilege)]


@in_a_namespace
def test_an_account_without_rights_is_told_the_exact_cure() -> None:
    """For both families; the interpreter is left alone."""
    for found in _as_an_account("1 0"):
        assert (found["health"], found["code"]) == ("trouble", "no-privilege")
        lines = found["cure"].splitlines()
        assert lines[0] == f'sudo sysctl -w {SYSCTL}="{ACCOUNT} {ACCOUNT}"'
        assert f"echo '{SYSCTL} = {ACCOUNT} {ACCOUNT}' | sudo tee /etc/sysctl.d/" in lines[1]
        assert "AmbientCapabilities=CAP_NET_RAW" in lines[2]
        assert lines[3].startswith("Never run setcap on a Python interpreter")


@in_a_namespace
def test_the_cure_cures() -> None:
    """With just the range that it names, the same account may ping."""
    for found in _as_an_account(f"{ACCOUNT} {ACCOUNT}"):
        assert (found["health"], found["code"]) == ("ok", "ok")
        assert f"{SYSCTL} = {ACCOUNT} {ACCOUNT}" in found["found"]


@in_a_namespace
def test_a_range_in_use_is_widened_and_not_taken_away() -> None:
    """Those who may ping today go on."""
    for found in _as_an_account("100 200"):
        assert found["cure"].splitlines()[0] == f'sudo sysctl -w {SYSCTL}="100 {ACCOUNT}"'


def test_a_right_that_does_not_help_blames_the_sandbox() -> None:
    """Then no range helps either."""
    for told in (_refused_with(errno.EPERM, raw=True), _refused_with(errno.EACCES, allowed=(0, 2**31 - 1))):
        assert {(health, code) for health, code, _ in told} == {(Health.TROUBLE, "forbidden-here")}


def test_a_machine_without_ipv6_is_well() -> None:
    """Only endpoints with such addresses would mind; without IPv4 it is trouble."""
    four, six = _refused_with(errno.EAFNOSUPPORT)
    assert (four[0], four[1]) == (Health.TROUBLE, "unsupported")
    assert (six[0], six[1]) == (Health.OK, "unsupported")


def test_another_refusal_is_told_as_it_is() -> None:
    """No right would mend it."""
    assert _refused_with(errno.EMFILE)[0][1] == "socket-failed"


def test_what_the_kernel_says_is_read(tmp_path: Path) -> None:
    """The range, the groups and the capability; what is not said is unknown."""
    (tmp_path / "sys/net/ipv4").mkdir(parents=True)
    (tmp_path / "self").mkdir()
    (tmp_path / "sys/net/ipv4/ping_group_range").write_text("10\t20\n")
    (tmp_path / "self/status").write_text("Name:\tpython\nCapEff:\t0000000000002000\nSeccomp:\t0\n")
    read = read_privilege(tmp_path)
    assert (read.allowed, read.raw, read.own_group) == ((10, 20), True, os.getegid())
    (tmp_path / "self/status").write_text("CapEff:\t000001ffffffdfff\n")
    (tmp_path / "sys/net/ipv4/ping_group_range").write_text("nonsense")
    read = read_privilege(tmp_path)
    assert (read.allowed, read.raw) == (None, False)
    assert read_privilege(tmp_path / "nowhere").raw is None
