"""Asking a time server: a known offset is found, and one that lies or has no time is not believed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import ALIVE_BUT_UNMEASURED, Outcome, Reason
from probes.ntp import NTP
from probes.ntp.asking import Exchange, judged
from probes.ntp.packet import Reply, parse_reply
from probes.ntp.parameters import NtpParameters
from probes.ntp_time import wire_time
from tests.lab import chronyd
from tests.lab.scripted import Script, datagram_server
from tests.lab.snmpd import free_port
from tests.probes.asking import Asked, ask
from tests.probes.ntp.servers import reply


def asked(script: Script, *, timeout_s: float = 1.0, **given_parameters: object) -> Asked:
    """Ask a server that answers by the script."""
    with datagram_server(script) as server:
        parameters = NtpParameters.model_validate({"port": server.port, **given_parameters})
        return ask(NTP, parameters, timeout_s=timeout_s)


@pytest.mark.parametrize("ahead_s", [0.0, 0.25, -3.5, 86_400.0, -2_000_000_000.0])
def test_the_offset_is_that_of_the_servers_clock(ahead_s: float) -> None:
    """Signed: positive where the server is ahead."""
    read = asked(lambda data, _number: [reply(data, ahead_s=ahead_s)]).only()
    assert (read.outcome, read.reason) == (Outcome.REPLIED, Reason.NONE)
    assert read.values["offset_s"] == pytest.approx(ahead_s, abs=0.02)
    assert 0.0 < read.values["rtt_s"] < 0.2
    assert read.values["stratum_level"] == 2.0
    assert read.values["root_dispersion_s"] == pytest.approx(0.25)
    assert read.values["leap_code"] == 0.0
    assert read.detail == "stratum 2, source 192.0.2.1"


def test_what_the_server_takes_is_no_delay_of_the_network() -> None:
    """It says how long it held the request, and that is taken off."""
    read = asked(lambda data, _number: [0.1, reply(data, held_s=0.1)]).only()
    assert read.values["rtt_s"] > 0.1
    assert read.values["delay_s"] < 0.05
    assert read.values["offset_s"] == pytest.approx(0.0, abs=0.03)


def test_an_exact_exchange() -> None:
    """Sent at 100, there 0.5 later by a clock that is 7 ahead, held for 0.25, back within one second."""
    data = reply(bytes(48), ahead_s=7.0, held_s=0.25, now_s=100.5)
    read = parse_reply(data)
    assert read is not None
    answer = judged(Exchange(read, wire_time(100.0), 1.0), 15)
    assert answer.values["offset_s"] == pytest.approx(7.125, abs=1e-6)
    assert answer.values["delay_s"] == pytest.approx(0.75, abs=1e-6)
    assert answer.values["rtt_s"] == 1.0


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"leap": 3}, Reason.NTP_UNSYNCHRONISED),
        ({"stratum": 16}, Reason.NTP_UNSYNCHRONISED),
        ({"stratum": 0, "reference": bytes(4)}, Reason.NTP_UNSYNCHRONISED),
        ({"stratum": 0, "reference": b"INIT"}, Reason.NTP_UNSYNCHRONISED),
        ({"stratum": 0, "reference": b"STEP"}, Reason.NTP_UNSYNCHRONISED),
        ({"stratum": 0, "reference": b"RATE"}, Reason.NTP_TOO_OFTEN),
        ({"stratum": 0, "reference": b"DENY"}, Reason.NTP_DENIED),
        ({"stratum": 0, "reference": b"RSTR"}, Reason.NTP_RESTRICTED),
        ({"stratum": 0, "reference": b"NKEY"}, Reason.AUTHENTICATION_FAILED),
        ({"stratum": 0, "reference": b"\x1b[2J"}, Reason.NTP_OTHER_KISS),
    ],
)
def test_a_server_without_time_or_will_says_why(fields: dict[str, object], reason: Reason) -> None:
    """Each with a reason of its own, and without any figure."""
    read = asked(lambda data, _number: [reply(data, **fields)]).only()  # type: ignore[arg-type] # of one's choice
    assert (read.outcome, read.reason, read.values) == (Outcome.REFUSED, reason, {})
    assert "\x1b" not in read.detail


def test_being_turned_away_says_nothing_of_the_servers_health() -> None:
    """Having no time does."""
    assert {Reason.NTP_TOO_OFTEN, Reason.NTP_DENIED, Reason.NTP_RESTRICTED} <= ALIVE_BUT_UNMEASURED
    assert Reason.NTP_UNSYNCHRONISED not in ALIVE_BUT_UNMEASURED


def test_how_far_away_is_for_the_site_to_say() -> None:
    """A server of a server of a server may be too far."""
    assert asked(lambda data, _number: [reply(data, stratum=4)]).only().outcome is Outcome.REPLIED
    far = asked(lambda data, _number: [reply(data, stratum=4)], highest_stratum=3).only()
    assert far.reason is Reason.NTP_UNSYNCHRONISED


def test_forged_replies_are_counted_and_the_right_one_is_taken() -> None:
    """A reply that does not send our number back is nobody's we asked, however right it looks."""

    def script(data: bytes, _number: int) -> Sequence[bytes]:
        wrong = reply(data, ahead_s=500.0, origin=bytes(8))
        kiss = reply(data, stratum=0, reference=b"DENY", origin=bytes(range(8)))
        return [wrong, kiss, b"x", data, reply(data)]

    done = asked(script)
    assert done.only().values["offset_s"] == pytest.approx(0.0, abs=0.02)
    assert done.health["ntp_forged"] == 2.0
    assert done.health["ntp_malformed"] == 2.0


def test_the_number_is_new_with_every_request() -> None:
    """And tells nothing of this machine's clock."""
    with datagram_server(lambda data, _number: [reply(data)]) as server:
        ask(NTP, *[NtpParameters(port=server.port)] * 10)
    assert len({data[40:48] for data in server.received}) == 10
    assert {data[:40] for data in server.received} == {b"\x23" + bytes(39)}


def test_silence_a_closed_port_and_nonsense() -> None:
    """Each is what it is."""
    silent = asked(lambda _data, _number: [], timeout_s=0.1)
    assert (silent.only().outcome, silent.only().reason) == (Outcome.NO_REPLY, Reason.DEADLINE)
    nonsense = asked(lambda _data, _number: [b"nonsense"], timeout_s=0.1).only()
    assert (nonsense.outcome, nonsense.reason) == (Outcome.NO_REPLY, Reason.UNDECODABLE)
    closed = ask(NTP, NtpParameters(port=free_port())).only()
    assert (closed.outcome, closed.reason) == (Outcome.REFUSED, Reason.PORT_UNREACHABLE)


def test_times_that_contradict_each_other_are_not_believed() -> None:
    """Sent back before it came, or held for longer than we waited."""
    for held_s in (-1.0, 5.0):
        read = asked(lambda data, _number, held_s=held_s: [reply(data, held_s=held_s)]).only()  # type: ignore[misc]
        assert (read.outcome, read.reason, read.values) == (Outcome.REPLIED, Reason.UNDECODABLE, {})


def test_our_own_clock_set_meanwhile_spoils_nothing() -> None:
    """The wall clock is looked at once, when the request leaves; the wait counts half for either way."""
    times = iter([time.time(), time.time(), time.time() + 9999.0])
    with datagram_server(lambda data, _number: [0.05, reply(data)]) as server:
        done = ask(NTP, NtpParameters(port=server.port), utc_s=lambda: next(times))
    assert done.only().values["offset_s"] == pytest.approx(-0.025, abs=0.02)


@given(st.binary(min_size=47, max_size=47), st.floats(0.0, 60.0))
def test_whatever_a_server_says_is_judged(body: bytes, elapsed_s: float) -> None:
    """Any message behind the mark of a server comes to an answer with figures or a reason."""
    read = parse_reply(b"\x24" + body)
    assert isinstance(read, Reply)
    answer = judged(Exchange(read, wire_time(1e9), elapsed_s), 15)
    assert bool(answer.values) is (answer.reason is Reason.NONE)


def test_a_real_server(tmp_path: Path) -> None:
    """One that serves its own clock, which is this machine's."""
    if (reason := chronyd.why_not()) is not None:
        pytest.skip(reason)
    with chronyd.running_server(tmp_path) as port:
        read = ask(NTP, NtpParameters(port=port)).only()
    assert (read.outcome, read.reason) == (Outcome.REPLIED, Reason.NONE), read.detail
    assert read.values["offset_s"] == pytest.approx(0.0, abs=0.005)
    assert read.values["stratum_level"] == chronyd.STRATUM


def test_a_real_server_without_a_time(tmp_path: Path) -> None:
    """One that has not yet found any source."""
    if (reason := chronyd.why_not()) is not None:
        pytest.skip(reason)
    with chronyd.running_server(tmp_path, local=False) as port:
        read = ask(NTP, NtpParameters(port=port)).only()
    assert (read.outcome, read.reason) == (Outcome.REFUSED, Reason.NTP_UNSYNCHRONISED), read.detail
