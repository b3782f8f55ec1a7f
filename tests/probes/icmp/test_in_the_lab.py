"""Readings against the truth: hosts in a network namespace that do what a script says."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

import pytest

from controlroom.reading import Outcome, Reading, Reason
from probes.icmp import IcmpParameters
from tests.lab.namespace import LabNetwork
from tests.lab.script import TargetScript
from tests.probes.icmp.asking import Asking, ask, new_prober, question

pytestmark = pytest.mark.lab

WITHOUT_RIGHTS = ["setpriv", "--bounding-set", "-net_raw,-net_admin", "--inh-caps", "-net_raw,-net_admin"]


def both(lab: LabNetwork, number: int) -> tuple[str, str]:
    """Return the IPv4 and the IPv6 address of a host."""
    return lab.address(number), lab.address_v6(number)


def ends(asking: Asking) -> dict[str, tuple[Outcome, Reason]]:
    """Return outcome and reason by address."""
    return {each.probe.endpoint_id: (each.outcome, each.reason) for each in asking.readings}


def ask_without_rights(lab: LabNetwork, addresses: Sequence[str], *more: str) -> list[dict[str, object]]:
    """Ask from a process without CAP_NET_RAW; return its readings and, last, its health."""
    command = [*WITHOUT_RIGHTS, sys.executable, "-m", "tests.probes.icmp.asking", *addresses, *more]
    return [json.loads(line) for line in lab.run(command).stdout.splitlines()]


def pairs(lab: LabNetwork, asking: Asking, addresses: Sequence[str]) -> list[tuple[Reading, float | None]]:
    """Return each reading with the round-trip time the lab knows of: None where it did not answer."""
    seen = lab.seen()
    found: list[tuple[Reading, float | None]] = []
    for address in addresses:
        truths = [each.rtt_s if each.answered else None for each in seen if each.address == address]
        found += zip(asking.of(address), truths, strict=True)
    return found


def test_round_trip_times_are_the_truth(lab: LabNetwork) -> None:
    """Never less than the lab kept the request, and hardly more, in both families.

    The lab's own clock is off by what the machine keeps it waiting: so the best of three times counts, which
    a time that is taken wrongly does not help.
    """
    lab.script_all(TargetScript(delay_s=0.02, jitter_s=0.01))
    medians_s = []
    for tries in range(3):
        addresses = [address for number in range(1, 26) for address in both(lab, 25 * tries + number)]
        asking = ask([question(address) for address in addresses], lab, rounds=3, round_s=0.05)
        errors_s = []
        for reading, truth_s in pairs(lab, asking, addresses):
            assert reading.outcome is Outcome.REPLIED
            assert truth_s is not None
            errors_s.append(reading.values["rtt_s"] - truth_s)
        assert len(errors_s) == 150
        assert min(errors_s) > -1e-6
        medians_s.append(statistics.median(errors_s))
        if medians_s[-1] < 0.0005:
            break
    assert min(medians_s) < 0.0005


def test_scripted_loss_is_found_exactly(lab: LabNetwork) -> None:
    """Every request the lab let go unanswered is no reply, and no other."""
    lab.script_all(TargetScript(loss_ratio=0.2, delay_s=0.005))
    addresses = [lab.address(number) for number in range(1, 101)]
    asking = ask([question(address, timeout_s=0.2) for address in addresses], lab, rounds=3, round_s=0.03)
    found = pairs(lab, asking, addresses)
    lost = sum(truth_s is None for _reading, truth_s in found)
    assert 30 < lost < 90
    for reading, truth_s in found:
        wanted = (Outcome.NO_REPLY, Reason.DEADLINE) if truth_s is None else (Outcome.REPLIED, Reason.NONE)
        assert (reading.outcome, reading.reason) == wanted
        assert ("rtt_s" in reading.values) == (truth_s is not None)


def test_silence_is_told_soon_after_the_deadline(lab: LabNetwork) -> None:
    """The reading of a silent host comes at its deadline, not a beat later."""
    lab.script_all(TargetScript(silent=True))
    began_s = time.monotonic()
    asking = ask([question(lab.address(1), timeout_s=0.1), question(lab.address_v6(1), timeout_s=0.15)], lab)
    assert 0.15 <= time.monotonic() - began_s < 0.5
    assert set(ends(asking).values()) == {(Outcome.NO_REPLY, Reason.DEADLINE)}


@pytest.mark.parametrize("script", [TargetScript(wrong_secret=True), TargetScript(wrong_source=True)])
def test_forged_replies_are_counted_and_never_believed(lab: LabNetwork, script: TargetScript) -> None:
    """Neither a reply with other data nor one from another address makes a host reachable."""
    lab.script_all(script)
    addresses = both(lab, 1) + both(lab, 3)
    asking = ask([question(address, timeout_s=0.1) for address in addresses], lab)
    assert set(ends(asking).values()) == {(Outcome.NO_REPLY, Reason.DEADLINE)}
    assert asking.health["forged_replies"] == asking.health["lately_forged_replies"] == 4
    assert asking.health["replies"] == 0


def test_second_replies_are_counted(lab: LabNetwork) -> None:
    """One reading for each question, and the second reply is told in health."""
    lab.script_all(TargetScript(duplicate=True))
    asking = ask([question(address) for address in both(lab, 1)], lab, linger_s=0.05)
    assert [each.outcome for each in asking.readings] == [Outcome.REPLIED] * 2
    assert asking.health["duplicate_replies"] == 2
    assert asking.health["lately_duplicate_replies"] == 2
    assert [asking.health[f"lately_duplicate_replies@{address}"] for address in both(lab, 1)] == [1, 1]
    assert asking.health["forged_replies"] == 0


def test_late_replies_are_counted(lab: LabNetwork) -> None:
    """A reply after the deadline changes nothing any more."""
    lab.script_all(TargetScript(delay_s=0.15))
    asking = ask([question(address, timeout_s=0.05) for address in both(lab, 1)], lab, linger_s=0.4)
    assert set(ends(asking).values()) == {(Outcome.NO_REPLY, Reason.DEADLINE)}
    assert asking.health["late_replies"] == 2
    assert [asking.health[f"lately_late_replies@{address}"] for address in both(lab, 1)] == [1, 1]


def test_a_reply_in_time_counts_however_late_it_is_read(lab: LabNetwork) -> None:
    """While the program stands still past the deadline, the kernel's stamp keeps the truth."""
    lab.script_all(TargetScript(delay_s=0.02))
    addresses = both(lab, 1)
    asking = ask(
        [question(address, timeout_s=0.1) for address in addresses], lab, after=lambda: time.sleep(0.3)
    )
    for reading, truth_s in pairs(lab, asking, addresses):
        assert truth_s is not None
        assert 0 <= reading.values["rtt_s"] - truth_s < 0.05


ERRORS = [
    ((3, 0), (1, 0), Reason.NETWORK_UNREACHABLE),
    ((3, 1), (1, 3), Reason.HOST_UNREACHABLE),
    ((3, 3), (1, 4), Reason.PORT_UNREACHABLE),
    ((3, 13), (1, 1), Reason.PROHIBITED),
    ((11, 0), (3, 0), Reason.TTL_EXCEEDED),
    ((3, 4), (2, 0), Reason.FRAGMENTATION_NEEDED),
]


def script_errors(lab: LabNetwork, quote_bytes: int | None) -> dict[str, tuple[Outcome, Reason]]:
    """Let hosts 1 to 6 answer with the errors above and return what must be read of them."""
    wanted = {}
    for number, (kind, kind_v6, reason) in enumerate(ERRORS, start=1):
        for address, each in zip(both(lab, number), (kind, kind_v6), strict=True):
            lab.script(address, TargetScript(icmp_error=each, quote_bytes=quote_bytes))
            wanted[address] = (Outcome.REFUSED, reason)
    return wanted


@pytest.mark.parametrize("quote_bytes", [None, 8])
def test_icmp_errors_have_their_reasons(lab: LabNetwork, quote_bytes: int | None) -> None:
    """Also where a router quotes the least it must."""
    wanted = script_errors(lab, quote_bytes)
    asking = ask([question(address) for address in wanted], lab)
    assert ends(asking) == wanted
    details = {each.probe.endpoint_id: each.detail for each in asking.readings}
    assert details[lab.address(2)] == f"ICMP type 3 code 1 from {lab.address(2)}"
    assert asking.health["raw_sockets"] == 2


def test_size_ttl_and_traffic_class_are_as_set(lab: LabNetwork) -> None:
    """What the parameters promise is what the wire carries, question by question."""
    own = IcmpParameters(payload_bytes=1000, ttl=7, dscp=46)
    questions = [question(address, parameters=own) for address in both(lab, 1)]
    questions += [question(address) for address in both(lab, 2)]
    asking = ask(questions, lab)
    assert {each.outcome for each in asking.readings} == {Outcome.REPLIED}
    carried = {each.address: (each.size_bytes, each.ttl, each.traffic_class) for each in lab.seen()}
    assert [carried[address] for address in both(lab, 1)] == [(1008, 7, 46 << 2)] * 2
    assert [carried[address] for address in both(lab, 2)] == [(64, 64, 0)] * 2


def test_a_reply_cut_behind_the_mark_is_a_reply(lab: LabNetwork) -> None:
    """Some hosts return only part of long data."""
    lab.script_all(TargetScript(echo_bytes=64))
    asking = ask([question(lab.address(1), parameters=IcmpParameters(payload_bytes=400))], lab)
    assert asking.only().outcome is Outcome.REPLIED


def test_our_own_full_buffer_is_never_taken_for_loss(lab: LabNetwork) -> None:
    """With room for a few packets and nobody reading, the dropped replies are not run."""
    addresses = [lab.address(number) for number in range(1, 41)]
    asking = ask(
        [question(address, timeout_s=0.2) for address in addresses],
        lab,
        after=lambda: time.sleep(0.1),
        buffer_bytes=1,
    )
    counted = [each for each in asking.readings if each.reason is Reason.OWN_BUFFER_FULL]
    assert sum(seen.answered for seen in lab.seen()) == 40
    assert {each.outcome for each in counted} == {Outcome.NOT_RUN}
    assert len(counted) >= 20
    assert sum(each.outcome is Outcome.REPLIED for each in asking.readings) == 40 - len(counted)
    assert asking.health["own_drops"] == len(counted)


def test_a_stepped_clock_gives_no_time(lab: LabNetwork) -> None:
    """The wall clock set while a question is open: not run, never a wrong round-trip time."""
    lab.script_all(TargetScript(delay_s=0.03))
    shift_ns = [0]

    def step() -> None:
        shift_ns[0] = 3_600_000_000_000

    asking = ask([question(address) for address in both(lab, 1)], lab, after=step, shift_ns=shift_ns)
    assert set(ends(asking).values()) == {(Outcome.NOT_RUN, Reason.CLOCK_STEPPED)}
    assert asking.health["clock_steps"] == 1


def test_no_route_is_not_run(lab: LabNetwork) -> None:
    """The lab has no default route; an address outside says nothing of the endpoint."""
    asking = ask([question("203.0.113.1"), question("2001:db8::1")], lab)
    assert set(ends(asking).values()) == {(Outcome.NOT_RUN, Reason.NO_ROUTE)}


def test_two_probers_do_not_disturb_each_other(lab: LabNetwork) -> None:
    """Each raw socket sees only its own replies."""
    other = lab.popen(
        [sys.executable, "-m", "tests.probes.icmp.asking", *both(lab, 1)], stdout=subprocess.DEVNULL
    )
    asking = ask([question(address) for address in both(lab, 1)], lab, rounds=20, round_s=0.02)
    assert other.wait(10) == 0
    assert {each.outcome for each in asking.readings} == {Outcome.REPLIED}
    strays = ("forged_replies", "malformed_packets", "duplicate_replies", "late_replies", "own_drops")
    assert [asking.health[name] for name in strays] == [0] * 5


def test_a_stop_answers_what_is_open(lab: LabNetwork) -> None:
    """Questions that the stop cuts short are not run; a reply that has come is a reply."""
    lab.script(lab.address(1), TargetScript(silent=True))

    async def run() -> Asking:
        asking = Asking()
        prober = new_prober(asking.readings.append)
        with lab.enter():
            await prober.start()
        for number in (1, 2):
            prober.ask(question(lab.address(number), timeout_s=5.0))
        _wait_until(lambda: any(seen.answered for seen in lab.seen()))
        await prober.stop()
        return asking

    assert ends(asyncio.run(run())) == {
        lab.address(1): (Outcome.NOT_RUN, Reason.STOPPED),
        lab.address(2): (Outcome.REPLIED, Reason.NONE),
    }


def _wait_until(condition: Callable[[], bool]) -> None:
    """Stand still until a condition holds, two seconds at most."""
    until_s = time.monotonic() + 2.0
    while not condition() and time.monotonic() < until_s:
        time.sleep(0.005)


def test_without_the_right_to_raw_sockets_ping_sockets_serve(lab: LabNetwork) -> None:
    """The unprivileged way yields the same: replies, silence, and errors with their reasons."""
    wanted = script_errors(lab, None)
    silent, answering = both(lab, 11), both(lab, 12)
    for address in silent:
        lab.script(address, TargetScript(silent=True))
        wanted[address] = (Outcome.NO_REPLY, Reason.DEADLINE)
    for address in answering:
        wanted[address] = (Outcome.REPLIED, Reason.NONE)
    lab.allow_ping_groups(allowed=True)
    # That a packet is too big is told only to who forbids to cut it.
    *told, health = ask_without_rights(
        lab, list(wanted), "--pause-s", "0.003", "--parameters", '{"dont_fragment": true}'
    )
    assert {each["address"]: (each["outcome"], each["reason"]) for each in told} == wanted
    counts = health["health"]
    assert isinstance(counts, dict)
    assert (counts["datagram_sockets"], counts["raw_sockets"], counts["send_failures"]) == (4, 0, 0)


def test_without_any_right_nothing_is_run(lab: LabNetwork) -> None:
    """No socket of either kind: every question says why, at once."""
    lab.allow_ping_groups(allowed=False)
    *told, _health = ask_without_rights(lab, both(lab, 1))
    assert [(each["outcome"], each["reason"]) for each in told] == [("not_run", "no_privilege")] * 2
    assert lab.seen() == []


def test_a_right_given_meanwhile_is_made_use_of(lab: LabNetwork) -> None:
    """The cure that the doctor names takes effect within seconds, without a new start."""
    lab.allow_ping_groups(allowed=False)
    cure = threading.Timer(3.0, lambda: lab.allow_ping_groups(allowed=True))  # a start takes a second or two
    cure.start()
    *told, _health = ask_without_rights(lab, [both(lab, 1)[0]] * 6, "--pause-s", "1.05")
    cure.join()
    outcomes = [str(each["outcome"]) for each in told]
    assert outcomes[0] == "not_run"
    assert outcomes[-1] == "replied"
    assert outcomes == sorted(outcomes), "once it is there, it is made use of for good"
