"""A device asked by its template, over UDP: rows by name, rates, limits of the agent, nothing made up."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from controlroom.measure.remark import unknown_of
from controlroom.probe import ProberContext, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from probes.snmp import template_library
from probes.snmp.client import SnmpClient
from probes.snmp.gufo_client import GufoClient
from probes.snmp.parameters import SnmpParameters
from probes.snmp.plan import RowState
from probes.snmp.prober import SnmpProber
from probes.snmp.row_search import LOOK_AGAIN_S
from probes.snmp.template import Template
from tests.lab.snmp_agent import COMMUNITY, RecordedAgent, serving
from tests.lab.snmp_recording import COUNTER32, INTEGER, OCTETS, TICKS, Recorded

KEY = ProbeKey("site-4", "router")
BASE = "1.3.6.1.4.1.99999"
UPTIME = "1.3.6.1.2.1.1.3.0"

TEMPLATE = Template.model_validate(
    {
        "format": 1,
        "id": "lab-router",
        "title": "Router of the lab",
        "maker": "Lab",
        "source": "this test",
        "tables": {
            "modem": {"title": "Modem", "label": [f"{BASE}.2.1.2"]},
            "port": {"title": "Port", "label": [f"{BASE}.3.1.2"]},
        },
        "states": {
            "link": [
                {"code": 1, "meaning": "connected"},
                {"code": 2, "meaning": "searching", "severity": "warning"},
                {"code": 3, "meaning": "no service", "severity": "fault"},
            ]
        },
        "bands": {"rsrp": {"excellent": -80, "good": -90, "fair": -100, "source": "the lab"}},
        "values": [
            {
                "name": "temperature_c",
                "title": "Temperature",
                "unit": "°C",
                "oid": [f"{BASE}.1.0"],
                "divide": 10,
            },
            {
                "name": "rsrp_dbm",
                "title": "RSRP",
                "unit": "dBm",
                "table": "modem",
                "oid": [f"{BASE}.2.1.9", f"{BASE}.2.1.3"],
                "none": [-9999],
                "bands": "rsrp",
            },
            {
                "name": "link_state",
                "title": "Link",
                "table": "modem",
                "oid": [f"{BASE}.2.1.4"],
                "states": "link",
            },
            {
                "name": "received_bit_per_s",
                "title": "Received",
                "unit": "bit/s",
                "table": "port",
                "oid": [f"{BASE}.3.1.3"],
                "counter": 32,
                "multiply": 8,
                "discontinuity": f"{BASE}.3.1.9",
            },
        ],
    }
)


def device(*, shift: int = 0, octets: int = 1000, uptime: int = 360_000) -> list[Recorded]:
    """The lab's router with two modems and two ports; ``shift`` numbers its rows otherwise."""
    first, second = 1 + shift, 2 + shift
    return [
        Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"router"),
        Recorded(UPTIME, TICKS, uptime),
        Recorded(f"{BASE}.1.0", INTEGER, 415),
        Recorded(f"{BASE}.2.1.2.{first}", OCTETS, b"Modem A"),
        Recorded(f"{BASE}.2.1.2.{second}", OCTETS, b"Modem B"),
        Recorded(f"{BASE}.2.1.3.{first}", OCTETS, b"-85 dBm"),
        Recorded(f"{BASE}.2.1.3.{second}", INTEGER, -104),
        Recorded(f"{BASE}.2.1.4.{first}", INTEGER, 1),
        Recorded(f"{BASE}.2.1.4.{second}", INTEGER, 3),
        Recorded(f"{BASE}.3.1.2.{first}", OCTETS, b"wan"),
        Recorded(f"{BASE}.3.1.2.{second}", OCTETS, b"lan"),
        Recorded(f"{BASE}.3.1.3.{first}", COUNTER32, octets),
        Recorded(f"{BASE}.3.1.3.{second}", COUNTER32, 7),
    ]


@pytest.fixture(autouse=True)
def _only_the_labs_template(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library holds the lab's template; who has read it before keeps what it is."""
    known = {TEMPLATE.id: TEMPLATE}
    for module in ("parameters", "declaration", "devices"):
        monkeypatch.setattr(f"probes.snmp.{module}.templates", lambda: known)
    assert template_library.templates() is not known


class Walkable(RecordedAgent):
    """Answers what it is asked by name, and walks only while it ``walks``."""

    walks = True

    def _answer(self, datagram: bytes) -> bytes | None:
        walks = datagram[datagram.index(COMMUNITY.encode()) + len(COMMUNITY)] in (0xA1, 0xA5)
        return None if walks and not self.walks else super()._answer(datagram)


class Unwalked(Walkable):
    """Answers no walk."""

    walks = False


def parameters(agent: RecordedAgent, *rows: str, version: str = "2c") -> SnmpParameters:
    """What a site would say."""
    return SnmpParameters.model_validate(
        {
            "community": "file:community",
            "port": agent.port,
            "template": TEMPLATE.id,
            "rows": rows,
            "version": version,
        }
    )


class Clock:
    """A monotonic clock that a test may push on."""

    def __init__(self) -> None:
        """Begin at the system's."""
        self.ahead_s = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return time.monotonic() + self.ahead_s


def asked(
    client: SnmpClient,
    wanted: SnmpParameters,
    between: Sequence[Callable[[Clock], None]] = (),
    *,
    beat: bool = True,
) -> list[Reading]:
    """Ask once, and once more after each of these."""

    async def whole() -> list[Reading]:
        came: asyncio.Queue[Reading] = asyncio.Queue()
        clock = Clock()
        context = ProberContext(came.put_nowait, time.time, clock, lambda reference: COMMUNITY)
        prober = SnmpProber(context, client)
        await prober.start()
        readings = []
        for change in (None, *between):
            if change is not None:
                change(clock)
            prober.ask(Question(KEY, "127.0.0.1", wanted, 2.0, beat=beat))
            readings.append(await asyncio.wait_for(came.get(), 5))
        await prober.stop()
        return readings

    return asyncio.run(whole())


@pytest.fixture
def agent() -> Iterator[Walkable]:
    """The lab's router."""
    running = Walkable(device())
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_rows_are_told_by_their_names(stack: Callable[[], SnmpClient], agent: RecordedAgent) -> None:
    """Numbers, states with their severity, and the grade of the signal, each under its row's name."""
    wanted = parameters(agent, "modem/Modem A", "modem/Modem B", "port/wan")
    (reading,) = asked(stack(), wanted)
    assert (reading.outcome, reading.reason) == (Outcome.REPLIED, Reason.NONE)
    assert reading.values == {
        "temperature_c": 41.5,
        "modem_a_rsrp_dbm": -85,
        "modem_a_link_state": 1,
        "modem_a_link_state_severity": 0,
        "modem_a_signal_grade": 3,
        "modem_a_modem_row_state": 1,
        "modem_a_modem_row_state_severity": 0,
        "modem_b_rsrp_dbm": -104,
        "modem_b_link_state": 3,
        "modem_b_link_state_severity": 2,
        "modem_b_signal_grade": 1,
        "modem_b_modem_row_state": 1,
        "modem_b_modem_row_state_severity": 0,
        "wan_port_row_state": 1,
        "wan_port_row_state_severity": 0,
        "uptime_s": 3600,
    }
    assert "Modem B: Link: no service" in reading.detail


def test_the_same_in_version_1(stack: Callable[[], SnmpClient], agent: RecordedAgent) -> None:
    """Though it refuses a whole message for the one column that this device has not."""
    (reading,) = asked(stack(), parameters(agent, "modem/Modem A", version="1"))
    assert reading.values["modem_a_rsrp_dbm"] == -85
    assert reading.values["temperature_c"] == 41.5


def test_a_device_that_numbers_its_rows_anew_mixes_none_up(
    stack: Callable[[], SnmpClient], agent: RecordedAgent
) -> None:
    """The modems change places: one answer is given up, and the next tells each under its own name."""

    def swap(_clock: Clock) -> None:
        for index, name in ((1, b"Modem B"), (2, b"Modem A")):
            agent.changed(Recorded(f"{BASE}.2.1.2.{index}", OCTETS, name))
        agent.changed(Recorded(f"{BASE}.2.1.3.1", INTEGER, -104))
        agent.changed(Recorded(f"{BASE}.2.1.3.2", INTEGER, -85))

    wanted = parameters(agent, "modem/Modem A", "modem/Modem B")
    first, during, after = asked(stack(), wanted, [swap, lambda _: None])
    assert "modem_a_rsrp_dbm" not in during.values
    assert "sought again" in during.detail
    for reading in (first, after):
        assert (reading.values["modem_a_rsrp_dbm"], reading.values["modem_b_rsrp_dbm"]) == (-85, -104)


def test_a_row_that_is_not_there_is_named(stack: Callable[[], SnmpClient], agent: RecordedAgent) -> None:
    """The others are told; nothing is invented for it, and that it is missing is a fault."""
    (reading,) = asked(stack(), parameters(agent, "modem/Modem C", "modem/Modem A"))
    assert reading.values["modem_a_rsrp_dbm"] == -85
    of_it = {name: value for name, value in reading.values.items() if name.startswith("modem_c")}
    assert of_it == {"modem_c_modem_row_state": 2, "modem_c_modem_row_state_severity": 2}
    assert "modem Modem C: no such row" in reading.detail


def later(seconds: float) -> Callable[[Clock], None]:
    """Let time go by."""

    def change(clock: Clock) -> None:
        clock.ahead_s += seconds

    return change


def test_a_row_that_vanishes_is_told_and_takes_no_other_along(
    stack: Callable[[], SnmpClient], agent: RecordedAgent
) -> None:
    """For one question it is being sought, which is no fault; then it is not there, until it is again."""

    def vanishes(_clock: Clock) -> None:
        for column in (2, 3, 4):
            agent.gone(f"{BASE}.2.1.{column}.1")

    def returns(_clock: Clock) -> None:
        for each in device(shift=8):
            if each.oid.startswith(f"{BASE}.2.1.") and each.oid.endswith(".9"):
                agent.changed(each)

    wanted = parameters(agent, "modem/Modem A", "modem/Modem B")
    changes = [vanishes, later(1), later(1), returns, later(10)]
    readings = asked(stack(), wanted, changes)
    assert [reading.values.get("modem_a_modem_row_state") for reading in readings] == [1, None, 2, 2, 2, 1]
    assert [reading.values.get("modem_a_rsrp_dbm") for reading in readings] == [-85, *[None] * 4, -85]
    assert [reading.values["modem_b_rsrp_dbm"] for reading in readings] == [-104] * 6
    assert {reading.reason for reading in readings} == {Reason.NONE}
    assert "modem Modem A: it is not where it was: it is sought again" in readings[1].detail
    assert "modem Modem A: no such row" in readings[2].detail


def test_a_name_that_several_rows_have_is_told_from_one_that_none_has(agent: RecordedAgent) -> None:
    """Who seeks it anew cannot say which one is meant."""
    double = Recorded(f"{BASE}.2.1.2.2", OCTETS, b"Modem A")
    agent.changed(double)
    (reading,) = asked(GufoClient(), parameters(agent, "modem/Modem A"))
    assert (
        reading.values["modem_a_modem_row_state"],
        reading.values["modem_a_modem_row_state_severity"],
    ) == (3, 2)
    assert "modem Modem A: several rows have this name" in reading.detail
    by_place, alone = asked(
        GufoClient(),
        parameters(agent, "modem/Modem A (1)"),
        [lambda _: agent.changed(Recorded(double.oid, OCTETS, b"Modem B"))],
    )
    assert by_place.values["modem_a_1_rsrp_dbm"] == alone.values["modem_a_1_rsrp_dbm"] == -85
    (again,) = asked(GufoClient(), parameters(agent, "modem/Modem A (1)"))
    assert again.values["modem_a_1_modem_row_state"] == 1


def test_a_row_whose_name_another_one_takes_is_told_no_more(agent: Walkable) -> None:
    """At the next look, which no question waits for; and again, from its new place, when it is alone."""

    def doubles(_clock: Clock) -> None:
        agent.changed(Recorded(f"{BASE}.3.1.2.2", OCTETS, b"wan"))

    def moves(clock: Clock) -> None:
        clock.ahead_s += 10
        agent.gone(f"{BASE}.3.1.2.1")

    def counts(clock: Clock) -> None:
        clock.ahead_s += 10
        agent.changed(Recorded(f"{BASE}.3.1.3.2", COUNTER32, 1257))
        agent.changed(Recorded(UPTIME, TICKS, 361_000))

    changes = [doubles, later(LOOK_AGAIN_S), later(1), later(1), moves, counts]
    readings = asked(GufoClient(), parameters(agent, "port/wan"), changes)
    assert [reading.values.get("wan_port_row_state") for reading in readings] == [1, 1, 1, 3, 3, 1, 1]
    rates = [reading.values.get("wan_received_bit_per_s") for reading in readings]
    assert rates[3:6] == [None] * 3
    assert rates[6] == pytest.approx(1000, rel=0.05)
    assert "port wan: several rows have this name" in readings[3].detail


def test_a_look_that_is_not_answered_says_nothing(agent: Walkable) -> None:
    """What was found counts on."""

    def silences(clock: Clock) -> None:
        clock.ahead_s += LOOK_AGAIN_S
        agent.walks = False

    changes = [silences, later(1), later(1), later(100)]
    readings = asked(GufoClient(), parameters(agent, "modem/Modem A"), changes)
    assert [reading.values["modem_a_modem_row_state"] for reading in readings] == [1] * 5
    assert [reading.values["modem_a_rsrp_dbm"] for reading in readings] == [-85] * 5


def test_a_value_that_is_gone_is_told_no_more_though_it_was_walked(agent: RecordedAgent) -> None:
    """A row that nothing names is found by its values: what it said then is not what it says now."""
    agent.gone(f"{BASE}.2.1.2.1")
    agent.gone(f"{BASE}.2.1.2.2")

    def loses_its_level(_clock: Clock) -> None:
        agent.gone(f"{BASE}.2.1.3.1")

    def is_gone(_clock: Clock) -> None:
        agent.gone(f"{BASE}.2.1.4.1")

    readings = asked(
        GufoClient(), parameters(agent, "modem/1"), [loses_its_level, is_gone, later(1), later(1)]
    )
    assert [reading.values.get("row_1_rsrp_dbm") for reading in readings] == [-85, *[None] * 4]
    assert [reading.values.get("row_1_link_state") for reading in readings] == [1, 1, None, None, None]
    assert [reading.values.get("row_1_modem_row_state") for reading in readings] == [1, 1, None, 2, 2]


def test_rows_that_were_found_stay_though_others_are_sought_for_ever(agent: RecordedAgent) -> None:
    """A table that this device has not is looked for again each minute; no other loses a row by it."""

    def a_minute_later(clock: Clock) -> None:
        clock.ahead_s += 61

    wanted = parameters(agent, "modem/Modem A", "port/nowhere")
    readings = asked(GufoClient(), wanted, [a_minute_later] * 4)
    assert [reading.values.get("modem_a_rsrp_dbm") for reading in readings] == [-85] * 5


def test_of_several_rows_none_is_told_unnamed(agent: RecordedAgent) -> None:
    """Which one it would be nobody could say; the only row of a table is told."""
    (reading,) = asked(GufoClient(), parameters(agent))
    assert set(reading.values) == {"temperature_c", "uptime_s"}
    for oid in (f"{BASE}.2.1.2.2", f"{BASE}.2.1.3.2", f"{BASE}.2.1.4.2"):
        agent.gone(oid)
    (reading,) = asked(GufoClient(), parameters(agent))
    assert reading.values["rsrp_dbm"] == -85
    assert reading.values["modem_row_state"] == RowState.THERE


def test_the_only_row_of_a_table_is_missed_once_it_is_gone(agent: Walkable) -> None:
    """Each of its values is unknown then, with why; so it is where another row comes beside it.

    Both are faults, as they are of a row that is named; of a row that never was there nothing is missed.
    """

    def second(clock: Clock) -> None:
        clock.ahead_s += 60
        for column, value in ((2, b"Modem A"), (4, b"1")):
            agent.changed(Recorded(f"{BASE}.2.1.{column}.1", OCTETS, value))
        agent.changed(Recorded(f"{BASE}.2.1.2.7", OCTETS, b"Modem B"))

    def vanishes(_clock: Clock) -> None:
        for column in (2, 3, 4):
            agent.gone(f"{BASE}.2.1.{column}.1")

    for column in (2, 3, 4):
        agent.gone(f"{BASE}.2.1.{column}.2")
    readings = asked(GufoClient(), parameters(agent), [vanishes, later(1), later(1), second])
    modem = ("rsrp_dbm", "link_state", "signal_grade")
    told = [{name: unknown_of(reading.detail).get(name) for name in modem} for reading in readings]
    assert [set(each.values()) for each in told] == [
        {None},
        {None},  # it is being sought
        {"no row of Modem"},
        {"no row of Modem"},
        {"several rows of Modem, and the site names none"},
    ]
    assert [set(modem) <= reading.values.keys() for reading in readings] == [True, *[False] * 4]
    ports = {unknown_of(reading.detail).get("received_bit_per_s") for reading in readings}
    assert ports == {"several rows of Port, and the site names none"}
    states = [reading.values.get("modem_row_state") for reading in readings]
    assert states == [RowState.THERE, None, RowState.NOT_THERE, RowState.NOT_THERE, RowState.SEVERAL]
    severities = [reading.values.get("modem_row_state_severity") for reading in readings]
    assert severities == [0.0, None, 2.0, 2.0, 2.0]
    assert not [reading for reading in readings if "port_row_state" in reading.values]


def test_counters_become_rates_and_a_restart_is_no_spike(agent: RecordedAgent) -> None:
    """The first time none; a restart none again, though the counter is lower than before."""

    def goes_on(clock: Clock) -> None:
        clock.ahead_s += 10
        agent.changed(Recorded(f"{BASE}.3.1.3.1", COUNTER32, 126_000))
        agent.changed(Recorded(UPTIME, TICKS, 361_000))

    def restarts(clock: Clock) -> None:
        clock.ahead_s += 10
        agent.changed(Recorded(f"{BASE}.3.1.3.1", COUNTER32, 50))
        agent.changed(Recorded(UPTIME, TICKS, 300))

    first, second, third = asked(GufoClient(), parameters(agent, "port/wan"), [goes_on, restarts])
    assert "wan_received_bit_per_s" not in first.values
    assert second.values["wan_received_bit_per_s"] == pytest.approx(100_000, rel=0.01)
    assert "wan_received_bit_per_s" not in third.values
    assert "started again" in third.detail


def test_a_sentinel_and_an_unknown_state_are_unknown(agent: RecordedAgent) -> None:
    """With what came, for people; never 0."""
    agent.changed(Recorded(f"{BASE}.2.1.3.1", INTEGER, -9999))
    agent.changed(Recorded(f"{BASE}.2.1.4.1", INTEGER, 77))
    (reading,) = asked(GufoClient(), parameters(agent, "modem/Modem A"))
    told = {"temperature_c", "uptime_s", "modem_a_modem_row_state", "modem_a_modem_row_state_severity"}
    assert set(reading.values) == told
    assert "modem_a_rsrp_dbm: unknown (the device says that it has none: -9999)" in reading.detail
    assert "modem_a_link_state: unknown (a state that the template does not know: 77)" in reading.detail


def test_an_agent_that_takes_few_objects_is_asked_in_parts(stack: Callable[[], SnmpClient]) -> None:
    """It says tooBig; half as many are asked, and that is remembered."""
    with serving(device(), most_objects=3) as agent:
        client = stack()
        wanted = parameters(agent, "modem/Modem A", "modem/Modem B")
        before = 0

        def count(_clock: Clock) -> None:
            nonlocal before
            before = agent.asked

        first, second = asked(client, wanted, [count])
        assert first.values == second.values
        assert len(first.values) == 14
        assert agent.asked - before <= 4


def test_a_re_probe_asks_for_little(agent: RecordedAgent) -> None:
    """It wants to know whether the device is there."""
    (reading,) = asked(GufoClient(), parameters(agent, "modem/Modem A"), beat=False)
    assert (reading.outcome, set(reading.values)) == (Outcome.REPLIED, {"uptime_s"})
    assert agent.asked == 1


@pytest.mark.parametrize("version", ["1", "2c"])
def test_a_re_probe_takes_any_word_for_a_sign_of_life(version: str) -> None:
    """An agent that hides its uptime, as views often do, is there; the beat asks for its figures."""
    hidden = [each for each in device() if each.oid != UPTIME]
    with serving(hidden) as agent:
        wanted = parameters(agent, "modem/Modem A", version=version)
        (re_probe,) = asked(GufoClient(), wanted, beat=False)
        (beat,) = asked(GufoClient(), wanted)
    assert (re_probe.outcome, re_probe.reason, re_probe.values) == (Outcome.REPLIED, Reason.NONE, {})
    assert beat.outcome is Outcome.REPLIED
    assert beat.values


@pytest.mark.parametrize(
    ("kind", "outcome", "reason", "words"),
    [
        (Unwalked, Outcome.REPLIED, Reason.NONE, "modem Modem A: its row is being sought"),
        (RecordedAgent, Outcome.REFUSED, Reason.NO_SUCH_OBJECT, "modem Modem A: no such row"),
    ],
)
def test_rows_that_are_still_sought_are_no_fault(
    kind: type[RecordedAgent], outcome: Outcome, reason: Reason, words: str
) -> None:
    """A device of rows alone tells nothing at first: it answers, and that is all; once sought it is told."""
    agent = kind([Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"router")])
    agent.start()
    try:
        (reading,) = asked(GufoClient(), parameters(agent, "modem/Modem A"))
    finally:
        agent.stop()
    assert (reading.outcome, reading.reason) == (outcome, reason)
    assert words in reading.detail


def test_a_counter_that_says_that_it_began_anew_has_no_rate(agent: RecordedAgent) -> None:
    """By the column that the template names; a device that lacks the column is not asked for it for ever."""
    column = f"{BASE}.3.1.9"
    agent.changed(Recorded(f"{column}.1", TICKS, 0))

    def goes_on(count: int, stamp: int) -> Callable[[Clock], None]:
        def change(clock: Clock) -> None:
            clock.ahead_s += 10
            agent.changed(Recorded(f"{BASE}.3.1.3.1", COUNTER32, count))
            agent.changed(Recorded(f"{BASE}.3.1.3.2", COUNTER32, count))
            agent.changed(Recorded(f"{column}.1", TICKS, stamp))
            agent.changed(Recorded(UPTIME, TICKS, 360_000 + count // 100))

        return change

    changes = [goes_on(126_000, 0), goes_on(226_000, 900), goes_on(326_000, 900)]
    readings = asked(GufoClient(), parameters(agent, "port/wan", "port/lan"), changes)
    told = ["wan_received_bit_per_s" in reading.values for reading in readings]
    assert told == [False, True, False, True]
    assert "lan_received_bit_per_s" in readings[2].values
