"""What any store must do, whatever it is made of: written against the interface alone.

A test module makes a class of ``StoreContract`` and overrides the fixture ``place``.
"""

from __future__ import annotations

import math
import threading
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from controlroom.alarms.alarm import AlarmState
from controlroom.condition.assessment import Assessment
from controlroom.condition.maintenance.window import MaintenanceWindow, OneOff, Recurring
from controlroom.condition.state import Condition, EndpointState
from controlroom.errors import StoreError
from controlroom.logbook.act import Act
from controlroom.logbook.chain import ORIGIN, Chain, first_break
from controlroom.logbook.entry import LogKind
from controlroom.measure.learnt import Learnt
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.route.kept import RouteKind
from controlroom.route.trace import TraceEnd
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE
from controlroom.store.interface import (
    Batch,
    BlindTime,
    EngineStore,
    ReadStore,
    Second,
    TakenAct,
)
from tests.controlroom.route.routes import kept, route
from tests.controlroom.store.examples import (
    GATEWAY,
    RTT,
    START_UTC_S,
    act,
    alarm,
    draft,
    lost,
    measured,
    replied,
    second,
)
from tests.controlroom.store.place import OnePlace, Place, series_of


class StoreContract(OnePlace):
    """The contract. No test knows what the store is made of."""

    # What an engine finds

    def test_a_new_store_remembers_nothing(self, engine: EngineStore) -> None:
        """The first engine starts from the beginning and is told of no engine before it."""
        memory = engine.remember()
        assert (list(memory.states), list(memory.alarms), memory.next_alarm_number) == ([], [], 1)
        assert (memory.last_entry_number, memory.last_entry_hash) == (0, ORIGIN)
        assert (memory.last_heartbeat_utc_s, memory.ended_orderly) == (None, False)

    def test_a_later_engine_finds_what_was_committed(self, place: Place, engine: EngineStore) -> None:
        """States, open alarms, the chain's end and the heartbeat survive the engine."""
        chain = Chain()
        entries = [chain.append(draft(START_UTC_S)), chain.append(draft(START_UTC_S + 1))]
        state = EndpointState("gateway", Condition.DOWN, START_UTC_S + 0.1, "deadline", Condition.UP)
        alarms = [alarm(1, AlarmState.NORMAL), alarm(2, AlarmState.ACKNOWLEDGED, note="Störung: «ja»")]
        engine.commit(Batch(second(START_UTC_S), [state], alarms, entries))
        engine.close()

        memory = place.engine().remember()
        assert list(memory.states) == [state]
        assert list(memory.alarms) == [alarms[1]]
        assert memory.next_alarm_number == 3
        assert (memory.last_entry_number, memory.last_entry_hash) == (2, entries[1].hash)
        assert memory.last_heartbeat_utc_s == START_UTC_S
        assert memory.ended_orderly is False

    def test_an_orderly_end_is_known_by_the_last_entry(self, place: Place, engine: EngineStore) -> None:
        """Only ``engine_stopped`` as the very last entry is an orderly end."""
        chain = Chain()
        engine.commit(Batch(entries=[chain.append(draft(START_UTC_S, LogKind.ENGINE_STOPPED))]))
        assert engine.remember().ended_orderly is True
        engine.commit(Batch(entries=[chain.append(draft(START_UTC_S + 1, LogKind.ENGINE_STARTED))]))
        assert engine.remember().ended_orderly is False

    def test_only_one_engine_at_a_time(self, place: Place, engine: EngineStore) -> None:
        """A second engine is refused, and may come once the first has gone."""
        with pytest.raises(StoreError) as refused:
            place.engine()
        assert refused.value.code == "engine-running"
        engine.close()
        place.engine()

    def test_a_closed_store_refuses_and_closes_twice(self, engine: EngineStore, reader: ReadStore) -> None:
        """After closing, a call is an error with a code, and closing again is none."""
        for side in (engine, reader):
            side.close()
            side.close()
        with pytest.raises(StoreError, match="free"):
            engine.commit(Batch(second(START_UTC_S)))
        with pytest.raises(StoreError, match="given back"):
            reader.states()

    def test_the_committing_thread_may_be_another(self, engine: EngineStore, reader: ReadStore) -> None:
        """An engine opens in one thread and commits in its writer's."""
        writer = threading.Thread(
            target=engine.commit, args=(Batch(second(START_UTC_S, replied(START_UTC_S))),)
        )
        writer.start()
        writer.join()
        assert series_of(reader) == ([START_UTC_S], [0.02])

    # All or nothing

    def test_a_refused_batch_leaves_nothing(self, engine: EngineStore, reader: ReadStore) -> None:
        """A doubled log number refuses the whole batch: no second, state, alarm, act or name of it stays."""
        chain = Chain()
        first = chain.append(draft(START_UTC_S))
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S)), entries=[first]))
        before = engine.remember()

        strange = replied(START_UTC_S + 1, probe=ProbeKey("new", "icmp"))
        bad = Batch(
            second=second(START_UTC_S + 1, strange),
            states=[EndpointState("gateway", Condition.DOWN, START_UTC_S, "deadline")],
            alarms=[alarm(1)],
            entries=[first],
            acts=[TakenAct(act(act_id="a-1"), "desk-1", 17)],
            blind=[BlindTime(START_UTC_S, START_UTC_S + 1, "asleep")],
            site_json="{}",
        )
        with pytest.raises(StoreError) as refused:
            engine.commit(bad)
        assert refused.value.code == "batch-refused"
        assert engine.remember() == before
        assert (reader.states(), reader.alarms(), reader.answers(["a-1"])) == ([], [], {})
        assert (reader.blind_time(0, math.inf), reader.site_json()) == ([], None)
        assert dict(reader.routes("gateway")) == {}
        assert reader.probes() == [GATEWAY]

        engine.commit(Batch(second(START_UTC_S + 1, strange), entries=[chain.append(draft(START_UTC_S + 1))]))
        assert reader.probes() == [GATEWAY, strange.probe]
        assert measured(list(reader.latest(60).values())) == measured([replied(START_UTC_S), strange])

    def test_a_fork_of_the_log_is_refused(self, engine: EngineStore) -> None:
        """An entry that does not follow the last one, in number or in hash, never gets in."""
        chain = Chain()
        engine.commit(Batch(entries=[chain.append(draft(START_UTC_S))]))
        gap, fork = Chain(7, ORIGIN), Chain(1, ORIGIN)
        for other in (gap, fork):
            with pytest.raises(StoreError) as refused:
                engine.commit(Batch(entries=[other.append(draft(START_UTC_S))]))
            assert refused.value.code == "batch-refused"

    def test_what_cannot_be_kept_is_refused_with_a_code(self, engine: EngineStore) -> None:
        """A time that is none and text that is no text are errors with a code, never a crash."""
        broken = EndpointState("gateway", Condition.DOWN, START_UTC_S, "\ud800")
        for batch in (
            Batch(Second(math.nan)),
            Batch(second(START_UTC_S, replied(math.inf))),
            Batch(states=[broken]),
        ):
            with pytest.raises(StoreError):
                engine.commit(batch)
        assert engine.remember().last_heartbeat_utc_s is None

    # What readers see

    def test_readers_find_nothing_before_the_first_engine(self, place: Place) -> None:
        """A desk may come first: everything is empty, and the store is found once it is there."""
        reader = place.reader()
        assert (reader.heartbeat(), reader.site_json()) == (None, None)
        assert (list(reader.states()), list(reader.alarms()), list(reader.entries())) == ([], [], [])
        assert (list(reader.probes()), list(reader.series()), dict(reader.latest(60))) == ([], [], {})
        assert (dict(reader.answers(["a"])), list(reader.blind_time(0, 1))) == ({}, [])
        assert series_of(reader) == ([], [])
        cursor = reader.tail(0).cursor
        place.engine().commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
        assert series_of(reader) == ([START_UTC_S], [0.02])
        assert len(reader.tail(cursor).readings) == 1

    def test_readings_come_back_as_they_were(self, engine: EngineStore, reader: ReadStore) -> None:
        """Outcome, reason, values and beat of every reading; times as exactly as they are kept."""
        host = ProbeKey("server", "host")
        readings = [
            replied(START_UTC_S + 0.123456, 0.0213),
            lost(START_UTC_S - 1.5, beat=False),
            Reading(
                host, START_UTC_S, 5.0, Outcome.REPLIED, values={"cpu_ratio": 0.25, "disk_ratio": 1e-300}
            ),
            Reading(
                ProbeKey("cloud", "snmp"), START_UTC_S, 5.0, Outcome.NOT_RUN, Reason.NO_ROUTE, detail="x"
            ),
        ]
        cursor = reader.tail(0).cursor
        engine.commit(Batch(Second(START_UTC_S + 1, readings)))
        assert measured(reader.tail(cursor).readings) == measured(readings)
        assert all(math.isnan(reading.sent_monotonic_s) for reading in reader.tail(cursor).readings)
        assert set(reader.probes()) == {reading.probe for reading in readings}
        assert set(reader.series()) == {
            RTT,
            SeriesKey("server", "host", "cpu_ratio"),
            SeriesKey("server", "host", "disk_ratio"),
        }

    def test_a_series_has_a_row_for_every_asking(self, engine: EngineStore, reader: ReadStore) -> None:
        """A loss is a row with NaN and its reason; the range includes its start and not its end."""
        for beat in range(10):
            sent = START_UTC_S + beat
            reading = lost(sent) if beat == 4 else replied(sent, beat / 1000, beat=beat != 5)
            other = replied(sent, 9.0, probe=ProbeKey("other", "icmp"))
            engine.commit(Batch(second(sent + 1, other, reading)))
        samples = reader.samples(RTT, START_UTC_S + 3, START_UTC_S + 7)
        assert samples.at_utc_s.tolist() == [START_UTC_S + beat for beat in (3, 4, 5, 6)]
        np.testing.assert_array_equal(samples.value, [0.003, np.nan, 0.005, 0.006])
        lost_row = (OUTCOME_CODE[Outcome.NO_REPLY], REASON_CODE[Reason.DEADLINE])
        assert (samples.outcome[1], samples.reason[1]) == lost_row
        assert samples.beat.tolist() == [True, True, False, True]
        unmeasured = reader.samples(SeriesKey("gateway", "icmp", "ttl"), START_UTC_S, START_UTC_S + 3)
        assert np.isnan(unmeasured.value).tolist() == [True] * 3
        assert len(reader.samples(SeriesKey("nobody", "icmp", "rtt_s"), 0, math.inf).value) == 0

    def test_a_reading_is_found_by_its_own_time(self, engine: EngineStore, reader: ReadStore) -> None:
        """A late answer belongs to its sending, and a clock set by an hour in between loses no reading."""
        engine.commit(Batch(second(START_UTC_S + 60, lost(START_UTC_S))))
        engine.commit(Batch(second(START_UTC_S + 7200, replied(START_UTC_S + 3600))))
        assert len(reader.samples(RTT, START_UTC_S, START_UTC_S + 1).value) == 1
        assert len(reader.samples(RTT, START_UTC_S + 3599, START_UTC_S + 3601).value) == 1
        assert len(reader.samples(RTT, START_UTC_S + 7199, START_UTC_S + 7201).value) == 0
        engine.commit(Batch(second(START_UTC_S + 9000, replied(START_UTC_S + 9030))))
        assert len(reader.samples(RTT, START_UTC_S + 9029, START_UTC_S + 9031).value) == 1

    def test_a_clock_set_back_harms_nothing(self, engine: EngineStore, reader: ReadStore) -> None:
        """After the clock went back an hour all readings are there and the newest is the last committed."""
        cursor = reader.tail(0).cursor
        times = [START_UTC_S, START_UTC_S + 1, START_UTC_S - 3599, START_UTC_S - 3598]
        for number, sent in enumerate(times):
            engine.commit(Batch(second(sent + 0.5, replied(sent, number / 10))))
        assert [reading.sent_utc_s for reading in reader.tail(cursor).readings] == times
        assert series_of(reader) == (sorted(times), [0.2, 0.3, 0.0, 0.1])
        assert reader.latest(10)[GATEWAY].values == {"rtt_s": 0.3}
        heartbeat = reader.heartbeat()
        assert heartbeat is not None
        assert heartbeat.at_utc_s == times[-1] + 0.5

    def test_the_newest_reading_of_each_probe(self, engine: EngineStore, reader: ReadStore) -> None:
        """Only beats count, a rare probe is found far back, and beyond the horizon nothing is."""
        rare, old = ProbeKey("rare", "snmp"), ProbeKey("old", "snmp")
        engine.commit(Batch(second(START_UTC_S - 500, replied(START_UTC_S - 500, probe=old))))
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S, probe=rare))))
        for beat in range(1, 40):
            engine.commit(Batch(second(START_UTC_S + beat, replied(START_UTC_S + beat, beat))))
        engine.commit(
            Batch(second(START_UTC_S + 40, replied(START_UTC_S + 40, beat=False), lost(START_UTC_S + 38.5)))
        )
        found = reader.latest(300)
        assert set(found) == {GATEWAY, rare}
        assert found[GATEWAY].sent_utc_s == START_UTC_S + 38.5
        assert set(reader.latest(5)) == {GATEWAY}
        assert reader.latest(300, off_beat=True)[GATEWAY].sent_utc_s == START_UTC_S + 40
        assert set(reader.latest(300, off_beat=True)) == {GATEWAY, rare}

    def test_tail_gives_each_reading_once(self, engine: EngineStore, reader: ReadStore) -> None:
        """Cursor 0 starts at now; from then on every reading comes once and in order."""
        engine.commit(Batch(second(START_UTC_S, replied(START_UTC_S))))
        start = reader.tail(0)
        assert start.readings in ((), [])
        seen: list[float] = []
        cursor = start.cursor
        for number in range(1, 8):
            engine.commit(Batch(second(START_UTC_S + number, replied(START_UTC_S + number, number))))
            if number % 3 == 0:
                step = reader.tail(cursor)
                cursor = step.cursor
                seen += [reading.values["rtt_s"] for reading in step.readings]
        seen += [reading.values["rtt_s"] for reading in reader.tail(cursor).readings]
        assert seen == [float(number) for number in range(1, 8)]

    def test_the_heartbeat_moves_with_every_second(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """The sequence grows by one a second, goes on after a restart, and names the engine that lives."""
        assert reader.heartbeat() is None
        sequences = []
        for number in range(3):
            engine.commit(Batch(second(START_UTC_S + number)))
            heartbeat = reader.heartbeat()
            assert heartbeat is not None
            sequences.append(heartbeat.sequence)
            assert heartbeat.at_utc_s == START_UTC_S + number
            assert heartbeat.health == {"lateness_p99_s": 0.003}
            assert heartbeat.engine_pid is not None
        engine.close()
        silent = reader.heartbeat()
        assert silent is not None
        assert (silent.sequence, silent.engine_pid) == (sequences[-1], None)
        place.engine().commit(Batch(second(START_UTC_S + 9)))
        again = reader.heartbeat()
        assert again is not None
        assert [*sequences, again.sequence] == list(range(sequences[0], sequences[0] + 4))

    def test_entries_by_number_time_and_kind(self, engine: EngineStore, reader: ReadStore) -> None:
        """The log comes back exactly, its chain whole, and each filter does what it says."""
        chain = Chain()
        kinds = [LogKind.ENGINE_STARTED, LogKind.NOTE, LogKind.ALARM_RAISED, LogKind.NOTE, LogKind.NOTE]
        entries = [chain.append(draft(START_UTC_S + n / 3, kind)) for n, kind in enumerate(kinds)]
        engine.commit(Batch(entries=entries[:2]))
        engine.commit(Batch(entries=entries[2:]))
        assert list(reader.entries()) == entries
        assert first_break(reader.entries()) is None
        assert list(reader.entries(after_number=3)) == entries[3:]
        assert list(reader.entries(newest=2)) == entries[3:]
        assert list(reader.entries(newest=0)) == []
        assert list(reader.entries(kinds=frozenset({LogKind.NOTE}), newest=2)) == entries[3:]
        assert list(reader.entries(kinds=frozenset())) == []
        middle = reader.entries(since_utc_s=entries[1].at_utc_s, until_utc_s=entries[3].at_utc_s)
        assert list(middle) == entries[1:3]

    def test_alarms_open_and_ended(self, engine: EngineStore, reader: ReadStore) -> None:
        """Open alarms always, ended ones since a time, newest first, each in its last state."""
        ended_early, ended_late = alarm(1, AlarmState.NORMAL), alarm(30, AlarmState.NORMAL)
        engine.commit(Batch(alarms=[alarm(1), alarm(2), alarm(30)]))
        engine.commit(Batch(alarms=[ended_early, ended_late, alarm(2, AlarmState.ACKNOWLEDGED)]))
        assert list(reader.alarms()) == [alarm(2, AlarmState.ACKNOWLEDGED)]
        since = START_UTC_S + 50
        assert list(reader.alarms(ended_since_utc_s=since)) == [ended_late, alarm(2, AlarmState.ACKNOWLEDGED)]

    def test_states_site_and_blind_time(self, engine: EngineStore, reader: ReadStore) -> None:
        """The last word on each holds; a blind time that goes on grows instead of doubling."""
        up = EndpointState("a", Condition.UP, START_UTC_S + 1 / 3, "none")
        engine.commit(Batch(states=[EndpointState("a", Condition.UNKNOWN, START_UTC_S, "not_measured_yet")]))
        engine.commit(Batch(states=[up], site_json='{"name":"A"}'))
        engine.commit(Batch(site_json='{"name":"B"}'))
        assert (list(reader.states()), reader.site_json()) == ([up], '{"name":"B"}')
        asleep = BlindTime(START_UTC_S + 10, START_UTC_S + 40, "asleep")
        engine.commit(Batch(blind=[BlindTime(START_UTC_S, START_UTC_S + 5, "engine_stopped")]))
        engine.commit(Batch(blind=[BlindTime(START_UTC_S + 10, START_UTC_S + 20, "asleep")]))
        engine.commit(Batch(blind=[asleep]))
        assert list(reader.blind_time(START_UTC_S + 30, START_UTC_S + 35)) == [asleep]
        assert len(reader.blind_time(START_UTC_S, START_UTC_S + 100)) == 2
        assert list(reader.blind_time(START_UTC_S + 41, START_UTC_S + 100)) == []

    def test_routes(self, place: Place, engine: EngineStore, reader: ReadStore) -> None:
        """One of each kind and endpoint, the last word; the next engine knows the good ones again."""
        good = kept("gateway", RouteKind.GOOD, route("a", "b/c", ""))
        engine.commit(
            Batch(routes=[kept("gateway", RouteKind.GOOD, route("x")), kept("other", RouteKind.GOOD)])
        )
        newest = kept("gateway", RouteKind.NEWEST, route("a", end=TraceEnd.SILENT), operator="ann")
        engine.commit(Batch(routes=[good, newest]))
        assert dict(reader.routes("gateway")) == {RouteKind.GOOD: good, RouteKind.NEWEST: newest}
        assert dict(reader.routes("nobody")) == {}
        engine.close()
        remembered = {each.endpoint_id: each for each in place.engine().remember().routes}
        assert remembered.keys() == {"gateway", "other"}
        assert remembered["gateway"] == good

    def test_what_was_learnt(self, place: Place, engine: EngineStore, reader: ReadStore) -> None:
        """One of each probe and subject, the last word; desks see it, and the next engine goes on with it."""
        probe = ProbeKey("gateway", "icmp")
        first = [Learnt(probe, "silence", "{}"), Learnt(probe, "normal", "{}")]
        engine.commit(Batch(learnt=[*first, Learnt(ProbeKey("mast", "icmp"), "silence", "ä")]))
        engine.commit(Batch(learnt=[Learnt(probe, "silence", '{"lost": 3}')]))
        assert {each.subject: each.text for each in reader.learnt("gateway")} == {
            "silence": '{"lost": 3}',
            "normal": "{}",
        }
        assert list(reader.learnt("nobody")) == []
        engine.close()
        remembered = {(each.probe, each.subject): each.text for each in place.engine().remember().learnt}
        assert remembered == {
            (probe, "silence"): '{"lost": 3}',
            (probe, "normal"): "{}",
            (ProbeKey("mast", "icmp"), "silence"): "ä",
        }

    def test_assessments(self, engine: EngineStore, reader: ReadStore) -> None:
        """The newest of each endpoint."""
        good = Assessment("gateway", "icmp", START_UTC_S, 300.0, "good", "none", {"rtt_s": 0.02})
        poor = replace(good, at_utc_s=START_UTC_S + 60, grade="poor", reason="rtt_s:0.4")
        other = replace(good, endpoint_id="mast")
        assert list(reader.assessments()) == []
        engine.commit(Batch(assessments=[good, other]))
        engine.commit(Batch(assessments=[poor]))
        assert {each.endpoint_id: each for each in reader.assessments()} == {"gateway": poor, "mast": other}

    def test_remarks(self, place: Place, engine: EngineStore, reader: ReadStore) -> None:
        """The newest of each probe, also that all is told again; the next engine knows them."""
        probe = ProbeKey("gateway", "snmp")
        strange = Remark(probe, {"rsrp_dbm": 'cannot be decoded: "N/Ä\x1b?"'})
        other = Remark(ProbeKey("mast", "snmp"), {"load": "outside of what is possible: 700"})
        assert list(reader.remarks()) == []
        engine.commit(Batch(remarks=[strange, other]))
        assert {each.probe: each for each in reader.remarks()} == {probe: strange, other.probe: other}
        engine.commit(Batch(remarks=[Remark(probe)]))
        engine.close()
        remembered = {each.probe: dict(each.unknown) for each in place.engine().remember().remarks}
        assert remembered == {probe: {}, other.probe: dict(other.unknown)}

    def test_maintenance(self, place: Place, engine: EngineStore, reader: ReadStore) -> None:
        """The newest of each number, in order; the next engine knows them, and which number comes next."""
        one = MaintenanceWindow(
            number=2,
            title="Mast",
            reason="New radio\nby the carrier",
            planned_by="anna",
            planned_utc_s=START_UTC_S,
            endpoint_ids=("mast",),
            group_ids=(),
            zone_name="Europe/Berlin",
            plan=OneOff(START_UTC_S, START_UTC_S + 60.5),
        )
        other = replace(
            one, number=1, plan=Recurring(datetime.fromisoformat("2026-03-01T02:30"), 60.0, "FREQ=DAILY")
        )
        assert list(reader.maintenance()) == []
        engine.commit(Batch(maintenance=[one, other]))
        assert list(reader.maintenance()) == [other, one]
        ended = replace(one, ended_utc_s=START_UTC_S + 3, ended_by="bert")
        engine.commit(Batch(maintenance=[ended]))
        engine.close()
        memory = place.engine().remember()
        assert list(memory.maintenance) == [other, ended]
        assert memory.next_window_number == 3

    # Acts

    def test_acts_wait_until_a_batch_takes_them(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """Acts come oldest first per desk, again until taken, then never more; their answers are kept."""
        first, second_act, other = act("first"), act("second"), act("other desk")
        early, late = place.inbox("desk-1"), place.inbox("desk-2")
        early.put(first)
        early.put(second_act)
        late.put(other)
        waiting = engine.waiting_acts()
        assert [taken.act for taken in waiting if taken.desk_id == "desk-1"] == [first, second_act]
        assert [taken.act for taken in waiting if taken.desk_id == "desk-2"] == [other]
        assert list(engine.waiting_acts()) == list(waiting)

        taken = TakenAct(
            waiting[0].act, waiting[0].desk_id, waiting[0].place, accepted=False, answer="no_alarm"
        )
        engine.commit(Batch(acts=[taken]))
        assert [left.act for left in engine.waiting_acts()] == [second_act, other]
        assert dict(reader.answers([first.id, second_act.id])) == {first.id: taken}

    def test_acts_are_taken_once_across_engines(self, place: Place, engine: EngineStore) -> None:
        """What one engine took, the next is not given; what it did not, it is."""
        inbox = place.inbox("desk-1")
        inbox.put(act("taken"))
        engine.commit(Batch(acts=engine.waiting_acts()))
        inbox.put(act("left"))
        engine.close()
        assert [taken.act.note for taken in place.engine().waiting_acts()] == ["left"]

    def test_a_repeated_act_is_refused_not_done_again(
        self, place: Place, engine: EngineStore, reader: ReadStore
    ) -> None:
        """An act with an id that was used is answered as a duplicate, and the first answer stays."""
        once = act(act_id="same")
        inbox = place.inbox("desk-1")
        inbox.put(once)
        inbox.put(once)
        waiting = engine.waiting_acts()
        assert [(taken.accepted, taken.answer) for taken in waiting] == [(True, ""), (False, "duplicate")]
        engine.commit(Batch(acts=waiting))
        inbox.put(once)
        again = engine.waiting_acts()
        assert [taken.answer for taken in again] == ["duplicate"]
        engine.commit(Batch(acts=again))
        assert list(engine.waiting_acts()) == []
        assert reader.answers(["same"])["same"].accepted is True

    def test_an_act_that_breaks_the_rules_is_refused_at_the_desk(
        self, place: Place, engine: EngineStore
    ) -> None:
        """A note too long or with control characters is told to the desk and never reaches the engine."""
        inbox = place.inbox("desk-1")
        bad: list[Act] = [act("x" * 4001), act("bell\x07"), act("\ud800"), act(act_id="../x")]
        for each in bad:
            with pytest.raises(StoreError) as refused:
                inbox.put(each)
            assert refused.value.code == "act-malformed"
        assert list(engine.waiting_acts()) == []

    def test_a_desk_has_its_inbox_to_itself(self, place: Place) -> None:
        """A second desk of the same name is refused while the first lives."""
        inbox = place.inbox("desk-1")
        with pytest.raises(StoreError) as refused:
            place.inbox("desk-1")
        assert refused.value.code == "desk-open"
        inbox.close()
        place.inbox("desk-1").put(act())

    # Tending
