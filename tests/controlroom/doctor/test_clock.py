"""The clock: the kernel's word, the traces of those who keep it, and a cure for each case."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from controlroom.doctor.clock import KernelClock, ask_kernel, check_clock
from controlroom.finding import Finding, Health


def _judge(kernel: KernelClock | None, run: Path) -> Finding:
    (found,) = check_clock(lambda: kernel, run)
    return found


def test_a_kept_clock_is_well_and_its_bound_is_told(tmp_path: Path) -> None:
    """By whom, where they left a trace."""
    (tmp_path / "chrony").mkdir()
    (tmp_path / "chrony" / "chronyd.pid").write_text("1")
    found = _judge(KernelClock(True, 0.0125), tmp_path)
    assert (found.health, found.found) == (
        Health.OK,
        "synchronised by chrony, wrong by 12.5 ms at most",
    )


@pytest.mark.parametrize(
    ("trace", "cure"),
    [
        ("", "sudo apt-get install chrony"),
        ("chronyd.pid", "chronyc sources"),
        ("ntpd.pid", "ntpq -p"),
        ("systemd/timesync/x", "timedatectl timesync-status"),
    ],
)
def test_a_free_clock_is_trouble_with_the_cure_for_its_keeper(tmp_path: Path, trace: str, cure: str) -> None:
    """None installed, or one that reaches no server."""
    if trace:
        (tmp_path / trace).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / trace).write_text("")
    found = _judge(KernelClock(False, 16.0), tmp_path)
    assert (found.health, found.code) == (Health.TROUBLE, "clock-free")
    assert found.cure.splitlines()[0] == cure


def test_a_clock_that_may_be_wrong_by_seconds_is_trouble(tmp_path: Path) -> None:
    """The kernel still calls it synchronised up to sixteen seconds."""
    assert _judge(KernelClock(True, 2.5), tmp_path).code == "clock-vague"


def test_a_silent_kernel_is_unknown_unless_the_service_left_its_mark(tmp_path: Path) -> None:
    """The service of systemd makes a file once it has set the clock."""
    assert _judge(None, tmp_path).health is Health.UNKNOWN
    (tmp_path / "systemd" / "timesync").mkdir(parents=True)
    (tmp_path / "systemd" / "timesync" / "synchronized").write_text("")
    assert _judge(None, tmp_path).health is Health.OK


def test_the_kernel_is_asked_and_the_clock_is_left_alone() -> None:
    """An error bound is at least as plausible as the kernel's own limit; time goes on as before."""
    before_s = time.time() - time.monotonic()
    kernel = ask_kernel()
    if kernel is None:
        pytest.skip("this kernel does not say")
    assert 0 <= kernel.most_error_s <= 3600
    assert abs(time.time() - time.monotonic() - before_s) < 0.05
