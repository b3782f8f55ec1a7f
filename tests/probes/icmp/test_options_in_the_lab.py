"""What can be set for a ping, and what the network says of it, by raw and by unprivileged sockets."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from controlroom.reading import Outcome, Reading, Reason
from probes.icmp import IcmpParameters
from tests.lab.namespace import LabNetwork
from tests.lab.script import TargetScript
from tests.probes.icmp.asking import ask, new_prober, question
from tests.probes.icmp.test_in_the_lab import WITHOUT_RIGHTS, both

pytestmark = pytest.mark.lab

End = tuple[str, str, str]
AskAll = Callable[..., dict[str, End]]


@pytest.fixture(params=["raw", "unprivileged"])
def ask_all(lab: LabNetwork, request: pytest.FixtureRequest) -> AskAll:
    """Ask addresses with parameters in a process with or without rights; tell outcome, reason and detail."""
    rights = [] if request.param == "raw" else WITHOUT_RIGHTS
    lab.allow_ping_groups(allowed=True)

    def run(addresses: Sequence[str], *more: str, **parameters: object) -> dict[str, End]:
        program = [sys.executable, "-m", "tests.probes.icmp.asking", *addresses]
        command = [*rights, *program, "--parameters", json.dumps(parameters), *more]
        *told, health = [json.loads(line) for line in lab.run(command).stdout.splitlines()]
        assert (health["health"]["datagram_sockets"] > 0) == bool(rights)
        return {each["address"]: (each["outcome"], each["reason"], each["detail"]) for each in told}

    return run


REPLIED: End = ("replied", "none", "")


def test_requests_leave_by_the_source_that_was_set(lab: LabNetwork, ask_all: AskAll) -> None:
    """An address, an interface or both; without either the system chooses."""
    lab.run(["ip", "address", "replace", "10.98.0.2/32", "dev", lab.device])
    address = lab.address(1)
    for parameters, source in (
        ({}, "10.98.0.1"),
        ({"source_address": "10.98.0.2"}, "10.98.0.2"),
        ({"interface": lab.device}, "10.98.0.1"),
        ({"interface": lab.device, "source_address": "10.98.0.2"}, "10.98.0.2"),
    ):
        assert ask_all([address], **parameters) == {address: REPLIED}
        assert lab.seen()[-1].source == source
    assert ask_all([lab.address_v6(1)], source_address="fd98::1", interface=lab.device)
    assert lab.seen()[-1].source == "fd98::1"


@pytest.mark.parametrize(
    "parameters", [{"source_address": "192.0.2.77"}, {"source_address": "2001:db8::77"}, {"interface": "no0"}]
)
def test_a_source_that_is_not_there_is_not_run(
    lab: LabNetwork, ask_all: AskAll, parameters: dict[str, str]
) -> None:
    """Nothing leaves by another way than the one set, and the endpoint is not blamed."""
    ends = ask_all(both(lab, 1), **parameters)
    assert {end[:2] for end in ends.values()} == {("not_run", "no_source")}
    assert lab.seen() == []


def test_the_network_is_forbidden_to_cut_only_where_that_was_set(lab: LabNetwork, ask_all: AskAll) -> None:
    """What our own network cannot carry whole is not run; the mark stands on what leaves."""
    address = lab.address(1)
    for forbidden in (True, False):
        assert ask_all([address], dont_fragment=forbidden, payload_bytes=1472) == {address: REPLIED}
        assert lab.seen()[-1].dont_fragment is forbidden
    ends = ask_all(both(lab, 1), dont_fragment=True, payload_bytes=1473)
    assert ends[address][:2] == ("not_run", "packet_too_big")
    assert ends[lab.address_v6(1)][:2] == ("not_run", "packet_too_big")


def test_a_router_that_needs_to_cut_tells_its_mtu(lab: LabNetwork, ask_all: AskAll) -> None:
    """The size that would pass stands in the detail, in both families; every question asks the path anew."""
    v4, v6 = both(lab, 1)
    lab.script(v4, TargetScript(icmp_error=(3, 4), mtu=1400, error_sender=lab.address(200)))
    lab.script(v6, TargetScript(icmp_error=(2, 0), mtu=1380, error_sender=lab.address_v6(200)))
    for _ in range(2):
        ends = ask_all([v4, v6], dont_fragment=True, payload_bytes=1400)
        assert ends == {
            v4: ("refused", "fragmentation_needed", f"ICMP type 3 code 4 from {lab.address(200)}, MTU 1400"),
            v6: (
                "refused",
                "fragmentation_needed",
                f"ICMP type 2 code 0 from {lab.address_v6(200)}, MTU 1380",
            ),
        }


def test_the_router_where_the_time_to_live_ends_is_named(lab: LabNetwork, ask_all: AskAll) -> None:
    """Hop by hop, up to the endpoint itself; another route shows other routers."""
    v4, v6 = both(lab, 1)
    for first in (201, 211):
        for address, hop in ((v4, lab.address), (v6, lab.address_v6)):
            lab.script(address, TargetScript(route=(hop(first), hop(first + 1))))
        for ttl in (1, 2):
            ends = ask_all([v4, v6], ttl=ttl)
            hops = lab.address(first + ttl - 1), lab.address_v6(first + ttl - 1)
            assert ends[v4] == ("refused", "ttl_exceeded", f"ICMP type 11 code 0 from {hops[0]}")
            assert ends[v6] == ("refused", "ttl_exceeded", f"ICMP type 3 code 0 from {hops[1]}")
        assert ask_all([v4, v6], ttl=3) == {v4: REPLIED, v6: REPLIED}


def test_one_endpoint_in_two_classes_side_by_side(lab: LabNetwork) -> None:
    """Each probe's requests carry their own class, whatever is asked in between."""
    voice, best_effort = IcmpParameters(dscp="EF"), IcmpParameters()
    questions = [
        question(address, parameters=each) for each in (voice, best_effort) for address in both(lab, 1)
    ]
    asking = ask(questions, lab, rounds=2, round_s=0.02)
    assert {each.outcome for each in asking.readings} == {Outcome.REPLIED}
    for address in both(lab, 1):
        assert [seen.traffic_class for seen in lab.seen(address)] == [46 << 2, 0] * 2


def test_an_address_of_the_other_version_is_not_asked(lab: LabNetwork) -> None:
    """A probe that insists on IPv6 says nothing of how IPv4 is doing."""
    asking = ask([question(lab.address(1), parameters=IcmpParameters(ip_version="ipv6"))], lab)
    assert (asking.only().outcome, asking.only().reason) == (Outcome.NOT_RUN, Reason.NO_NAME)
    assert lab.seen() == []


def test_a_burst_is_one_reading_with_the_truth_of_all_its_pings(lab: LabNetwork) -> None:
    """Loss, median, spread and jitter are those of the lab's own record."""
    lab.script_all(TargetScript(delay_s=0.02, jitter_s=0.015, loss_ratio=0.3))
    addresses = [lab.address(number) for number in range(1, 21)]
    burst = IcmpParameters(burst_count=6)
    asking = ask([question(address, timeout_s=0.5, parameters=burst) for address in addresses], lab)
    assert len(asking.readings) == 20
    for address in addresses:
        (reading,) = asking.of(address)
        truth = [seen.rtt_s if seen.answered else None for seen in lab.seen(address)]
        assert len(truth) == 6
        assert reading.values["burst_loss_ratio"] == pytest.approx(truth.count(None) / 6)
        times_s = [rtt_s for rtt_s in truth if rtt_s is not None]
        steps_s = [
            abs(after - before)
            for before, after in itertools.pairwise(truth)
            if before is not None and after is not None
        ]
        assert reading.values["rtt_s"] == pytest.approx(statistics.median(times_s), abs=0.003)
        if steps_s:
            assert reading.values["burst_jitter_s"] == pytest.approx(statistics.fmean(steps_s), abs=0.005)
        if len(times_s) > 1:
            spread_s = max(times_s) - min(times_s)
            assert reading.values["burst_spread_s"] == pytest.approx(spread_s, abs=0.005)


def test_a_burst_into_silence_is_no_reply_by_its_deadline(lab: LabNetwork) -> None:
    """One reading, at the timeout counted from the first ping, and without any figure."""
    lab.script_all(TargetScript(silent=True))
    began_s = time.monotonic()
    burst = IcmpParameters(burst_count=10)
    asking = ask([question(lab.address(1), timeout_s=0.2, parameters=burst)], lab)
    assert 0.2 <= time.monotonic() - began_s < 0.6
    reading = asking.only()
    assert (reading.outcome, reading.reason, reading.values) == (Outcome.NO_REPLY, Reason.DEADLINE, {})
    assert len(lab.seen()) == 10


def test_a_burst_that_the_network_refuses_says_why(lab: LabNetwork) -> None:
    """The router's word counts for more than mere silence."""
    lab.script_all(TargetScript(icmp_error=(3, 13), loss_ratio=0.5))
    asking = ask([question(lab.address(1), parameters=IcmpParameters(burst_count=8))], lab)
    assert (asking.only().outcome, asking.only().reason) == (Outcome.REFUSED, Reason.PROHIBITED)


def test_a_question_off_the_beat_is_a_single_ping(lab: LabNetwork) -> None:
    """To confirm an outage quickly, one reply or one silence is what counts."""
    asking = ask([question(lab.address(1), parameters=IcmpParameters(burst_count=8), beat=False)], lab)
    assert list(asking.only().values) == ["rtt_s"]
    assert len(lab.seen()) == 1


def test_a_stop_within_a_burst_leaves_one_reading(lab: LabNetwork) -> None:
    """Of what came by then it is told, and of pings that never left nothing is lost."""

    async def run() -> list[Reading]:
        readings: list[Reading] = []
        prober = new_prober(readings.append)
        with lab.enter():
            await prober.start()
        lab.script(lab.address(1), TargetScript(silent=True))
        for number in (1, 2):
            prober.ask(question(lab.address(number), timeout_s=5.0, parameters=IcmpParameters(burst_count=9)))
        await asyncio.sleep(0.05)
        await prober.stop()
        return readings

    ends = {each.probe.endpoint_id: each for each in asyncio.run(run())}
    assert len(ends) == 2
    assert ends[lab.address(1)].reason is Reason.STOPPED
    assert ends[lab.address(2)].outcome is Outcome.REPLIED
    assert ends[lab.address(2)].values["burst_loss_ratio"] == 0


def test_replies_out_of_order_are_counted_and_counted_as_replies(lab: LabNetwork) -> None:
    """A reply overtaken by a younger one has its own, longer, round-trip time."""
    lab.script_all(TargetScript(delay_s=0.01, reorder_ratio=0.4, reorder_s=0.06, seed=3))
    burst = IcmpParameters(burst_count=10)
    asking = ask([question(lab.address(1), timeout_s=0.6, parameters=burst)], lab)
    assert asking.only().values["burst_loss_ratio"] == 0
    order = sorted(lab.seen(), key=lambda seen: seen.replied_monotonic_s or 0.0)
    sequences = [seen.sequence for seen in order]
    overtaken = sum(one < max(sequences[:place]) for place, one in enumerate(sequences) if place)
    assert overtaken > 0
    assert asking.health["reordered_replies"] == overtaken
    assert asking.health["late_replies"] == asking.health["forged_replies"] == 0


def test_a_stall_past_every_deadline_with_a_small_buffer_loses_nothing(
    lab: LabNetwork, ask_all: AskAll
) -> None:
    """What our own buffer dropped while we stood still is not run; the rest are replies. Nothing is lost."""
    addresses = [address for number in range(1, 61) for address in both(lab, number)]
    ends = ask_all(addresses, "--stall-s", "0.6", "--buffer-bytes", "1")
    found = {end[:2] for end in ends.values()}
    assert found == {("replied", "none"), ("not_run", "own_buffer_full")}
    assert len(ends) == 120


def test_a_stall_past_every_deadline_with_a_wide_buffer_costs_nothing(
    lab: LabNetwork, ask_all: AskAll
) -> None:
    """Replies that came in time are read late and count; silence is silence."""
    addresses = [address for number in range(1, 61) for address in both(lab, number)]
    lab.script(addresses[0], TargetScript(silent=True))
    ends = ask_all(addresses, "--stall-s", "0.6")
    assert ends.pop(addresses[0])[:2] == ("no_reply", "deadline")
    assert set(ends.values()) == {REPLIED}


@pytest.fixture
def narrow_way_out(lab: LabNetwork) -> Iterator[None]:
    """A queue before the interface that takes some twenty packets and lets out few."""
    queue = ["tc", "qdisc", "replace", "dev", lab.device, "root", "tbf"]
    made = lab.run([*queue, "rate", "64kbit", "burst", "1600", "limit", "3000"], check=False)
    if made.returncode:
        pytest.skip(f"no queue that drops can be made here: {made.stderr.strip()}")
    yield
    lab.run(["tc", "qdisc", "delete", "dev", lab.device, "root"])


@pytest.mark.usefixtures("narrow_way_out")
def test_what_our_own_queue_dropped_of_ipv6_is_not_run(lab: LabNetwork) -> None:
    """The same by a raw socket; the kernel tells nothing of it by an unprivileged one."""
    addresses = [lab.address_v6(number) for number in range(1, 101)]
    asking = ask([question(address, timeout_s=1.5) for address in addresses], lab)
    left = {seen.address for seen in lab.seen()}
    assert 0 < len(left) < 100
    for reading in asking.readings:
        came = reading.probe.endpoint_id in left
        wanted = (Outcome.REPLIED, Reason.NONE) if came else (Outcome.NOT_RUN, Reason.OWN_BUFFER_FULL)
        assert (reading.outcome, reading.reason) == wanted


@pytest.mark.usefixtures("narrow_way_out")
def test_what_our_own_queue_dropped_before_it_left_is_not_run(lab: LabNetwork, ask_all: AskAll) -> None:
    """Requests that never left this machine say nothing of anyone."""
    addresses = [lab.address(number) for number in range(1, 101)]
    ends = ask_all(addresses, "--timeout-s", "1.5")
    left = {seen.address for seen in lab.seen()}
    assert 0 < len(left) < 100
    assert {address: ends[address] for address in left} == dict.fromkeys(left, REPLIED)
    for address in set(addresses) - left:
        assert ends[address][:2] == ("not_run", "own_buffer_full")


def test_refusals_by_one_host_cost_no_other_its_asking(lab: LabNetwork, ask_all: AskAll) -> None:
    """The kernel reports an error with the next call, whoever that is for; nobody pays for it."""
    addresses = [address for number in range(1, 41) for address in both(lab, number)]
    for number in range(2, 41, 2):
        lab.script(lab.address(number), TargetScript(icmp_error=(3, 1)))
        lab.script(lab.address_v6(number), TargetScript(icmp_error=(1, 3)))
    ends = ask_all(addresses, "--pause-s", "0.002")
    for number in range(1, 41):
        wanted = ("replied", "none") if number % 2 else ("refused", "host_unreachable")
        assert {ends[address][:2] for address in both(lab, number)} == {wanted}
