"""Bursts to a real echo and to a real reflector: what comes back counts, what was made up does not."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from controlroom.reading import Outcome, Reason
from probes.udp_echo import UDP_ECHO
from probes.udp_echo.parameters import Mode, UdpEchoParameters
from tests.lab.reflector import reflect
from tests.lab.scripted import Script, Server, datagram_server
from tests.lab.snmpd import free_port
from tests.probes.asking import Asked, ask


def asked(script: Script, *, timeout_s: float = 0.5, **given: object) -> tuple[Asked, Server]:
    """Send one burst to a server that answers by the script."""
    with datagram_server(script) as server:
        base: dict[str, object] = {"port": server.port, "packets": 5, "gap_s": 0.01}
        parameters = UdpEchoParameters.model_validate(base | given)
        return ask(UDP_ECHO, parameters, timeout_s=timeout_s), server


def test_an_echo() -> None:
    """All of a burst comes back, on its pace and in its size, and nobody waits for the deadline."""
    done, server = asked(lambda data, _number: [data], timeout_s=2.0, payload_bytes=100)
    read = done.only()
    assert (read.outcome, read.reason) == (Outcome.REPLIED, Reason.NONE)
    assert 0.0 < read.values["rtt_s"] < 0.1
    assert read.values["burst_loss_ratio"] == 0.0
    assert 0.0 <= read.values["jitter_s"] < 0.1
    assert read.detail == "5 of 5 came back"
    assert {len(data) for data in server.received} == {100}
    assert done.took_s < 1.0
    assert server.received_at_s[-1] - server.received_at_s[0] == pytest.approx(0.04, abs=0.03)


@pytest.mark.parametrize("ptp", [False, True])
@pytest.mark.parametrize("ahead_s", [0.0, 86_400.0, -3e9])
def test_a_reflector(ahead_s: float, ptp: bool) -> None:
    """Whatever its clock says, and in whichever format; what it held is no part of the round trip."""
    if ptp and ahead_s < 0:
        ahead_s = -1e9

    def script(data: bytes, _number: int) -> Sequence[bytes | float]:
        return [0.02, reflect(data, ahead_s=ahead_s - 0.02, held_s=0.02, ptp=ptp)]

    done, _ = asked(script, mode="stamp", gap_s=0.03, timeout_s=1.0)
    read = done.only()
    assert read.outcome is Outcome.REPLIED
    assert set(read.values) == {
        metric.name for metric in UDP_ECHO.metrics(UdpEchoParameters(mode=Mode.STAMP))
    }
    assert 0.0 <= read.values["rtt_s"] < 0.02
    assert 0.0 <= read.values["forward_jitter_s"] < 0.02
    assert 0.0 <= read.values["backward_jitter_s"] < 0.02


def test_a_slow_way_there_is_told_from_a_slow_way_back() -> None:
    """Every second packet is late on one way alone."""

    def there(data: bytes, number: int) -> Sequence[bytes | float]:
        time.sleep(0.08 * (number % 2))
        return [reflect(data)]

    def back(data: bytes, number: int) -> Sequence[bytes | float]:
        return [0.08 * (number % 2), reflect(data)]

    for script, slow, even in ((there, "forward", "backward"), (back, "backward", "forward")):
        done, _ = asked(script, mode="stamp", gap_s=0.12, timeout_s=2.0)
        values = done.only().values
        assert values[f"{slow}_jitter_s"] == pytest.approx(0.08, abs=0.04)
        assert values[f"{even}_jitter_s"] < 0.04


def test_a_reflector_without_a_clock() -> None:
    """Has a round trip and no ways."""
    done, _ = asked(lambda data, _number: [reflect(data, stamps=False)], mode="stamp")
    assert set(done.only().values) == {"rtt_s", "burst_loss_ratio", "jitter_s"}


def test_a_clock_that_is_set_meanwhile_spoils_nothing() -> None:
    """Ours is looked at once."""
    times = iter([time.time(), time.time(), *[time.time() + 5000.0] * 20])
    with datagram_server(lambda data, _number: [reflect(data)]) as server:
        given = UdpEchoParameters.model_validate({"port": server.port, "mode": "stamp", "packets": 5})
        done = ask(UDP_ECHO, given, utc_s=lambda: next(times))
    assert done.only().values["forward_jitter_s"] < 0.1


def test_what_is_lost_within_a_burst_is_a_figure() -> None:
    """And only a burst of which nothing comes back is lost."""
    done, _ = asked(lambda data, number: [data] if number % 2 else [])
    assert done.only().outcome is Outcome.REPLIED
    assert done.only().values["burst_loss_ratio"] == pytest.approx(0.6)
    silent, _ = asked(lambda _data, _number: [])
    assert (silent.only().outcome, silent.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert silent.only().values == {}
    assert silent.took_s < 0.7


def test_doubled_and_reordered_packets_are_told() -> None:
    """They count once each."""
    kept: list[bytes] = []

    def script(data: bytes, number: int) -> Sequence[bytes]:
        kept.append(data)
        return [] if number == 0 else [data, data, kept[0]] if number == 1 else [data]

    done, _ = asked(script)
    assert done.only().values["burst_loss_ratio"] == 0.0
    assert done.only().detail == "5 of 5 came back, 1 more than once, 1 out of order"
    assert done.health["udp-echo_duplicates"] == 1.0


@pytest.mark.parametrize("mode", ["echo", "stamp"])
def test_forged_packets_are_counted_and_not_believed(mode: str) -> None:
    """Neither one of another burst, nor a guess at number or time, nor what is cut or changed."""
    old: list[bytes] = []

    def script(data: bytes, _number: int) -> Sequence[bytes]:
        answer = data if mode == "echo" else reflect(data)
        old.append(answer)
        changed = bytearray(answer)
        changed[27 if mode == "stamp" else 3] ^= 1  # the number that is sent back, or the bytes of chance
        timed = bytearray(answer)
        timed[35 if mode == "stamp" else 7] ^= 1
        return [bytes(changed), bytes(timed)]

    done, _ = asked(script, mode=mode)
    assert (done.only().outcome, done.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    assert done.health["udp-echo_forged"] == 10.0
    replayed, _ = asked(lambda _data, number: [old[number]], mode=mode)
    assert replayed.only().outcome is Outcome.NO_REPLY
    assert replayed.health["udp-echo_forged"] == 5.0


def test_nonsense_is_told() -> None:
    """A reflector that is none."""
    done, _ = asked(lambda _data, _number: [b"nonsense"], mode="stamp", timeout_s=0.2)
    assert (done.only().outcome, done.only().reason) == (Outcome.NO_REPLY, Reason.UNDECODABLE)
    assert done.health["udp-echo_malformed"] == 5.0


def test_a_closed_port() -> None:
    """Ends the burst at once."""
    done = ask(UDP_ECHO, UdpEchoParameters(port=free_port(), packets=50, gap_s=0.02), timeout_s=2.0)
    assert (done.only().outcome, done.only().reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)
    assert done.took_s < 1.0


@pytest.mark.parametrize(
    ("packets", "gap_s", "timeout_s", "pace_s"),
    [(10, 0.02, 1.0, 0.02), (11, 0.2, 1.0, 0.05), (1, 1.0, 0.5, 0.25), (2, 0.02, 0.01, 0.005)],
)
def test_a_burst_leaves_half_of_the_timeout_for_its_last(
    packets: int, gap_s: float, timeout_s: float, pace_s: float
) -> None:
    """So that no packet is lost for want of time."""
    assert UdpEchoParameters(packets=packets, gap_s=gap_s).pace_s(timeout_s) == pytest.approx(pace_s)


def test_metrics_follow_from_the_parameters() -> None:
    """One packet has no variation; an echo does not tell the ways apart."""
    names = {
        (packets, mode): [
            metric.name
            for metric in UDP_ECHO.metrics(
                UdpEchoParameters.model_validate({"packets": packets, "mode": mode})
            )
        ]
        for packets in (1, 2)
        for mode in ("echo", "stamp")
    }
    assert names[1, "stamp"] == names[1, "echo"] == ["rtt_s", "burst_loss_ratio"]
    assert names[2, "echo"] == ["rtt_s", "burst_loss_ratio", "jitter_s"]
    assert names[2, "stamp"][3:] == ["forward_jitter_s", "backward_jitter_s"]
