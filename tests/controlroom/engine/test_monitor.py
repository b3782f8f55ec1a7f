"""What the stories do not tell: restarts, acknowledgements in between, a site that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from controlroom.alarms.alarm import Alarm, AlarmState
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.monitor import Monitor
from controlroom.logbook.entry import LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Criticality
from tests.stories.world import BUDGET, START_UTC_S, World, site_of


def states_of(monitor: Monitor) -> list[EndpointState]:
    """Take what the store would hold."""
    return [tracker.state for tracker in monitor.trackers.values()]


def restarted(monitor: Monitor, endpoint_ids: list[str]) -> Monitor:
    """Start a new engine's monitor from what the old one had committed."""
    return Monitor(
        site_of(endpoint_ids),
        {"icmp": True},
        START_UTC_S,
        states=states_of(monitor),
        alarms=monitor.alarms.alarms(),
        next_alarm_number=2,
    )


def down_mast() -> Monitor:
    """A room whose mast is down with alarm number one."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTTTT", "port": "RRRRRRRRR"}).run(9)
    return monitor


def test_an_alarm_survives_a_restart_as_it_was() -> None:
    """Still down after the restart: nothing is told again."""
    monitor = down_mast()
    monitor.alarms.acknowledge(1, "ann", "seen", 5.0)
    again = restarted(monitor, ["mast", "port"])
    world = World(again, {"mast": "TTTTT", "port": "RRRRR"})
    world.run(5)
    assert world.told == []
    alarm = again.alarms.alarms()[0]
    assert (alarm.number, alarm.state, alarm.note) == (1, AlarmState.ACKNOWLEDGED, "seen")


def test_a_return_after_a_restart_needs_as_many_answers_as_any() -> None:
    """It was down, one answer is no recovery, three are; the alarm returns once."""
    again = restarted(down_mast(), ["mast", "port"])
    world = World(again, {"mast": "RTTTRRRRR", "port": "RRRRRRRRR"})
    world.run(9)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast up", "mast alarm_returned down"]


def test_an_alarm_whose_endpoint_left_the_site_ends() -> None:
    """Nobody can mend what is not watched: the alarm ends, and the log says why."""
    again = restarted(down_mast(), ["port"])
    effects = again.begin(10.0)
    assert [(entry.kind, entry.facts["why"]) for entry in effects.entries] == [
        (LogKind.ALARM_ENDED, "site_changed")
    ]
    assert again.alarms.alarms() == []


def test_acknowledged_alarm_returns_and_is_over() -> None:
    """After acknowledgement the return of the link ends the alarm."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRTTTTRRRRR", "port": "RRRRRRRRRRR"})
    world.run(6)
    alarms: list[Alarm] = monitor.alarms.alarms()
    monitor.alarms.acknowledge(alarms[0].number, "ann", "", 5.0)
    later = World(monitor, {"mast": "RRRRRR", "port": "RRRRRR"})
    later.run(6)
    assert monitor.alarms.alarms() == []


def test_a_suspicion_is_shown_but_not_told() -> None:
    """A first loss marks the state as suspected and writes no log entry."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    world = World(monitor, {"mast": "RRRTT", "port": "RRRRR"})
    world.run(4.9)
    state = monitor.trackers["mast"].state
    assert (state.condition, state.suspected) == (Condition.UP, Condition.DOWN)
    assert world.told == []


def test_two_hundred_endpoints_lost_with_us_are_one_alarm() -> None:
    """A pulled cable in a large room: one alarm, every endpoint unknown, within the re-probe budget."""
    ids = [f"e{number}" for number in range(200)]
    site = site_of([*ids, "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    world = World(monitor, dict.fromkeys([*ids, "gateway"], "RRTTTT"))
    world.run(6)
    assert len(monitor.alarms.alarms()) == 1
    assert {state.condition for state in states_of(monitor)} == {Condition.UNKNOWN}
    assert world.asked < 6 * 201 + 400 * 6


def test_an_endpoint_that_left_and_came_back_silent_has_its_alarm() -> None:
    """Down, taken out of the site, put back: it is judged afresh and its alarm is raised."""
    without = restarted(down_mast(), ["port"])
    gone = without.begin(10.0).states["mast"]
    back = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S, states=[gone], next_alarm_number=2)
    back.begin(START_UTC_S)
    world = World(back, {"mast": "TTTTT", "port": "RRRRR"})
    world.run(5)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast down", "mast alarm_raised down"]


def test_a_fault_without_its_alarm_gets_it_at_the_start() -> None:
    """Whatever happened to the store, no endpoint is down in silence."""
    before = down_mast()
    again = Monitor(
        site_of(["mast", "port"]),
        {"icmp": True},
        START_UTC_S,
        states=states_of(before),
        next_alarm_number=2,
    )
    raised = again.begin(10.0).entries
    assert [(entry.subject, entry.kind) for entry in raised] == [("mast", LogKind.ALARM_RAISED)]


def test_a_slow_second_probe_does_not_hide_an_outage_after_a_restart() -> None:
    """Held as it was until all is measured, unless what is measured shows worse."""
    lines = ["mast", "mast/snmp@120", "port"]
    first = Monitor(site_of(lines), {"icmp": True}, START_UTC_S)
    World(first, {"mast": "RRR", "mast/snmp@120": "RRR", "port": "RRR"}).run(3)
    again = Monitor(site_of(lines), {"icmp": True}, START_UTC_S, states=states_of(first))
    world = World(again, {"mast": "TTTTTT", "mast/snmp@120": "TTTTTT", "port": "RRRRRR"})
    world.run(6)
    assert [line.split(" ", 1)[1] for line in world.told] == ["mast down", "mast alarm_raised down"]


def test_after_a_restart_everything_is_asked_once_without_its_beat() -> None:
    """A probe with a beat of minutes is measured at once."""
    monitor = Monitor(site_of(["mast/icmp@120"]), {"icmp": True}, START_UTC_S)
    assert [str(wish.probe) for wish in monitor.begin(0.0).reprobes] == ["mast/icmp"]


def test_four_hundred_that_fail_together_are_sure_within_seconds() -> None:
    """The witnesses answer for all of them and do not eat the budget."""
    ids = [f"e{number}" for number in range(400)]
    site = site_of([*[f"{key}/icmp@5" for key in ids], "gateway"], anchors=["gateway"])
    monitor = Monitor(site, {"icmp": True}, START_UTC_S)
    letters = dict.fromkeys([f"{key}/icmp@5" for key in ids], "RRRRRTTTTTTTTTTT")
    world = World(monitor, {**letters, "gateway": "R" * 16})
    world.run(16)
    downs = [float(line.split()[0]) for line in world.told if line.endswith(" down")]
    assert len([line for line in world.told if line.endswith(" alarm_raised down")]) == 400
    assert max(downs) < 5.5 + 1.0 + 3.0


def test_two_thousand_that_fail_together_are_no_flood() -> None:
    """Re-probes keep to the budget in each second, critical ones go first, and the beat does the rest."""
    ids = [f"e{number}" for number in range(2000)]
    plain = site_of([*ids, "gateway"], anchors=["gateway"])
    endpoints = tuple(
        item.model_copy(update={"criticality": Criticality.LOW if number % 2 else Criticality.CRITICAL})
        for number, item in enumerate(plain.endpoints)
    )
    monitor = Monitor(plain.model_copy(update={"endpoints": endpoints}), {"icmp": True}, START_UTC_S)
    world = World(monitor, {**dict.fromkeys(ids, "RRRTTTTTTTTTTT"), "gateway": "R" * 14})
    world.run(14)
    fallen = {line.split()[1]: float(line.split()[0]) for line in world.told if line.endswith(" down")}
    downs = {key: at_s for key, at_s in fallen.items() if key.startswith("e")}
    assert len(downs) == 2000
    least_on_the_beat_s = 3.5 + 6 + 1.0  # seven losses a second apart, the last of them at its deadline
    assert max(downs.values()) <= least_on_the_beat_s + 0.1
    left = Counter(int(at_s) for at_s in world.asked_again_s)
    assert max(left.values()) <= 2 * BUDGET  # a full budget may leave at once, and again as it fills
    assert len(world.asked_again_s) < 7.5 * BUDGET
    critical = sorted(at_s for key, at_s in downs.items() if int(key[1:]) % 2 == 0)
    low = sorted(at_s for key, at_s in downs.items() if int(key[1:]) % 2)
    assert critical[-1] < low[0]


def test_a_link_that_became_slow_is_not_asked_without_end() -> None:
    """Answers after 400 ms where they took 20: a few quick questions, and then patience."""
    letters = {"mast": "R" * 30 + "L" * 30, "port": "R" * 60}
    world = World(Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S), letters)
    world.run(60)
    assert world.told == []
    assert len(world.asked_again_s) < 30


def test_a_lossy_link_is_asked_again_after_its_beats_alone() -> None:
    """The quick questions are lost as often; were each loss followed by as many it would never end."""
    letters = {"mast": "RRRRRRRRT" * 8, "port": "R" * 72}
    world = World(Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S), letters)
    world.run(72)
    mast_beats_lost = 8
    assert len(world.asked_again_s) <= mast_beats_lost * 16


CABLE = {"mast": "RRRTTTTTRRRR", "port": "RRRTTTTTRRRR", "loopback": "RRTTTTTTTTTT"}
"""Nothing outside answers from the fourth second to the eighth; on this machine itself something is down."""


def cable_pulled(letters: dict[str, str]) -> tuple[Monitor, World]:
    """Let a cable be pulled and put back, without an anchor."""
    monitor = Monitor(site_of(list(letters)), {"icmp": True}, START_UTC_S)
    monitor.set_local(frozenset({"loopback"}))
    world = World(monitor, letters)
    world.run(12)
    return monitor, world


def beats(readings: Iterable[Reading], endpoint_id: str) -> list[tuple[int, Outcome, Reason]]:
    """Return what was kept of an endpoint's beats, and in which second each was asked."""
    return sorted(
        (int(reading.sent_monotonic_s), reading.outcome, reading.reason)
        for reading in readings
        if reading.beat and reading.probe.endpoint_id == endpoint_id
    )


def test_what_is_lost_to_our_own_connection_is_not_run() -> None:
    """Every loss of that time, also those told after it; the first, told before we knew, is disbelieved."""
    _, world = cable_pulled(CABLE)
    ours = Outcome.NOT_RUN, Reason.BLIND
    for endpoint_id in ("mast", "port"):
        kept = beats(world.kept, endpoint_id)
        assert kept[3:8] == [
            (3, Outcome.NO_REPLY, Reason.DEADLINE),
            *((number, *ours) for number in range(4, 8)),
        ]
        assert {outcome for number, outcome, _ in kept if not 3 <= number < 8} == {Outcome.REPLIED}
        assert beats(world.disbelieved, endpoint_id) == [kept[3]]


def test_what_is_lost_on_this_machine_itself_is_lost() -> None:
    """No cable leads there: it is down as ever, and nothing of it is taken back."""
    _, world = cable_pulled(CABLE)
    assert "loopback down" in [line.split(" ", 1)[1] for line in world.told]
    assert {outcome for number, outcome, _ in beats(world.kept, "loopback") if number > 2} == {
        Outcome.NO_REPLY
    }
    assert beats(world.disbelieved, "loopback") == []


def test_blind_time_begins_with_the_first_loss_though_another_endpoint_is_certain_first() -> None:
    """One was lost at the slow beat before the other; the time, the alarm and the states count from it."""
    letters = {"slow/icmp@3": "RRRTTTTTTTTT", "mast": "RRRRTTTTTTTT", "port": "RRRRTTTTTTTT"}
    monitor, world = cable_pulled(letters)
    assert [line.split(" ", 1)[1] for line in world.told] == [
        "engine own_connection_lost",
        "engine alarm_raised own_connection_lost",
    ]
    first_utc_s = min(reading.sent_utc_s for reading in world.disbelieved)
    blind = monitor.blind_now(START_UTC_S + 12)
    assert blind is not None
    assert blind.from_utc_s == pytest.approx(first_utc_s)
    assert {round(tracker.state.since_utc_s, 3) for tracker in monitor.trackers.values()} == {
        round(first_utc_s, 3)
    }


def test_an_endpoint_that_answers_one_late_question_keeps_its_answer() -> None:
    """An answer to what was asked before is no loss, and none of our own."""
    monitor = Monitor(site_of(["mast", "port"]), {"icmp": True}, START_UTC_S)
    World(monitor, {"mast": "RRTTTTT", "port": "RRTTTTT"}).run(7)
    assert monitor.cut_off
    answer = Reading(ProbeKey("mast", "icmp"), START_UTC_S + 2, 2.0, Outcome.REPLIED, values={"rtt_s": 4.0})
    assert monitor.believed(answer) is answer
    monitor.handle(answer, 6.0, START_UTC_S + 6)
    assert monitor.cut_off


WITHOUT_WAY_OUT = {"mast": "RRRNNNNNN", "port": "RRRNNNNNN", "printer": "RRRRRRRRR"}


def no_way_out() -> Monitor:
    """A room whose default route is gone; the printer stands on its own network."""
    monitor = Monitor(site_of(list(WITHOUT_WAY_OUT)), {"icmp": True}, START_UTC_S)
    monitor.set_beyond(dict.fromkeys(WITHOUT_WAY_OUT, 4))
    World(monitor, WITHOUT_WAY_OUT).run(9)
    return monitor


def causes(monitor: Monitor) -> list[tuple[str, str, AlarmState]]:
    """Return what the alarms are about, and where they stand."""
    return [(alarm.subject, alarm.cause.value, alarm.state) for alarm in monitor.alarms.alarms()]


def test_a_missing_way_out_survives_a_restart_as_one_alarm() -> None:
    """Before anybody has looked for ways out it stays as it was; then it ends with the last that answers."""
    again = restarted(no_way_out(), list(WITHOUT_WAY_OUT))
    assert again.begin(START_UTC_S).entries == []
    standing = [("engine", "no_way_out_v4", AlarmState.UNACKNOWLEDGED)]
    assert causes(again) == standing
    again.set_beyond(dict.fromkeys(WITHOUT_WAY_OUT, 4))
    world = World(again, {"mast": "NNNNRRRR", "port": "NNNNNNRR", "printer": "RRRRRRRR"})
    world.run(6)
    assert causes(again) == standing
    world.run(8)
    assert causes(again) == [("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED)]


def test_what_lacks_a_route_though_the_way_out_is_back_has_an_alarm_of_its_own() -> None:
    """A route of its own is missing: that is no longer the fault of all."""
    monitor = no_way_out()
    monitor.set_beyond({})
    World(monitor, {"mast": "NNNN", "port": "RRRR", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [
        ("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED),
        ("mast", "not_measured", AlarmState.UNACKNOWLEDGED),
    ]


def test_each_ip_version_has_its_own_way_out() -> None:
    """An alarm that stands for want of IPv6 hides no loss of the IPv4 one."""
    monitor = Monitor(site_of(["cloud", "mast", "printer"]), {"icmp": True}, START_UTC_S)
    monitor.set_beyond({"cloud": 6})
    World(monitor, {"cloud": "NNNN", "mast": "RRRR", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [("engine", "no_way_out_v6", AlarmState.UNACKNOWLEDGED)]
    monitor.set_beyond({"cloud": 6, "mast": 4, "printer": 4})
    World(monitor, {"cloud": "NNNN", "mast": "NNNN", "printer": "RRRR"}).run(4)
    assert causes(monitor) == [
        ("engine", "no_way_out_v6", AlarmState.UNACKNOWLEDGED),
        ("engine", "no_way_out_v4", AlarmState.UNACKNOWLEDGED),
    ]


def test_a_missing_way_out_ends_with_the_last_endpoint_that_was_beyond() -> None:
    """The site was changed, at a start and under way: nobody is beyond any more."""
    returned = [("engine", "no_way_out_v4", AlarmState.RETURNED_UNACKNOWLEDGED)]
    again = restarted(no_way_out(), ["printer"])
    again.begin(START_UTC_S)
    assert causes(again) == returned
    monitor = no_way_out()
    monitor.adopt(site_of(["printer"]), {"icmp": True}, 9.0, START_UTC_S + 9)
    assert causes(monitor) == returned
