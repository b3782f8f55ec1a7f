"""What the desk makes of readings as they come: the loss of the last minutes, the newest of each probe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from controlroom.condition.state import Condition, EndpointState
from controlroom.measure.remark import Remark
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.site.view import SeenMetric, SeenProbe
from controlroom.store.codes import OUTCOMES
from controlroom.store.interface import Heartbeat, Samples
from tests.ui.desk.room import site_view
from ui.desk.faces import tile_face
from ui.desk.picture import EndpointPicture, Picture
from ui.desk.snapshot import Recent, Snapshot

START_UTC_S = 1_700_000_000.0
RTT = SeenMetric(name="rtt_s", unit="s", title="Round-trip time")
SLOW = {"rtt_s": 0.9}


def watched(picture: Picture) -> EndpointPicture:
    """Return the first endpoint of the picture."""
    return next(iter(picture.endpoints.values()))


@pytest.fixture
def picture() -> Picture:
    """A site that nothing was measured of yet."""
    picture = Picture()
    picture.fold(Snapshot(0.0, Heartbeat(1, START_UTC_S, {}, None), site=site_view()))
    return picture


def take(picture: Picture, *readings: Reading) -> None:
    """Let the desk come upon readings."""
    picture.fold(Snapshot(0.0, picture.heartbeat, readings=readings))


def asked(picture: Picture, number: int, outcome: Outcome, reason: Reason = Reason.NONE) -> Reading:
    """Make a reading of the first endpoint's first probe."""
    endpoint = watched(picture)
    assert endpoint.probe is not None
    key = ProbeKey(endpoint.seen.id, endpoint.probe.name)
    values = {"rtt_s": 0.02} if outcome is Outcome.REPLIED else {}
    return Reading(key, START_UTC_S + number, 0.0, outcome, reason, values)


def test_a_loss_that_was_our_own_is_taken_back(picture: Picture) -> None:
    """Told first as lost, then as blind: it counts neither as asked nor as lost."""
    losses = [asked(picture, number, Outcome.NO_REPLY, Reason.DEADLINE) for number in (3, 4, 5)]
    take(picture, *(asked(picture, number, Outcome.REPLIED) for number in (0, 1, 2)), *losses)
    assert watched(picture).loss.ratio() == 0.5
    take(picture, *(replace(loss, reason=Reason.BLIND) for loss in losses[1:]))
    assert watched(picture).loss.ratio() == 0.25
    take(picture, replace(losses[2], reason=Reason.BLIND), asked(picture, 6, Outcome.NOT_RUN, Reason.BLIND))
    assert watched(picture).loss.ratio() == 0.25


def test_what_is_told_again_is_not_the_newest(picture: Picture) -> None:
    """A newer reading stays what is shown; where it is the newest itself, it is shown as it is told now."""
    loss, newest = asked(picture, 0, Outcome.NO_REPLY), asked(picture, 1, Outcome.NOT_RUN, Reason.BLIND)
    again = replace(loss, reason=Reason.BLIND)
    take(picture, loss)
    take(picture, again)
    assert watched(picture).reading == again
    take(picture, newest, again)
    assert watched(picture).reading == newest


def burst(picture: Picture, number: int, lost: float) -> Reading:
    """Make a reading of a burst that was answered, of which a share was lost."""
    return replace(asked(picture, number, Outcome.REPLIED), values={"rtt_s": 0.02, "burst_loss_ratio": lost})


def test_a_burst_counts_with_what_was_lost_of_it(picture: Picture) -> None:
    """One ping of five lost is a fifth, though every reading is answered; one without any answer is whole."""
    take(picture, *(burst(picture, number, 0.2) for number in range(3)))
    assert watched(picture).loss.ratio() == pytest.approx(0.2)
    take(picture, asked(picture, 3, Outcome.NO_REPLY, Reason.DEADLINE))
    assert watched(picture).loss.ratio() == pytest.approx(0.4)


def test_shares_leave_nothing_behind(picture: Picture) -> None:
    """Once the lossy minutes are past, the loss is none, not a little more or less than none."""
    take(picture, *(burst(picture, number, number / 7) for number in range(7)))
    take(picture, *(burst(picture, 400 + number, 0.0) for number in range(3)))
    assert watched(picture).loss.ratio() == 0.0


@pytest.mark.parametrize(("metric", "ratio"), [("burst_loss_ratio", 0.4), ("rtt_s", 1 / 3)])
def test_bursts_before_the_desk_was_opened_count_alike(picture: Picture, metric: str, ratio: float) -> None:
    """The values read ahead are shares where they are those of bursts; a re-probe is none."""
    probe = asked(picture, 0, Outcome.REPLIED).probe
    outcomes = [OUTCOMES.index(each) for each in (Outcome.REPLIED, Outcome.NO_REPLY, Outcome.REPLIED)]
    samples = Samples(
        START_UTC_S + np.arange(4.0),
        np.array([0.2, np.nan, 0.0, 0.9]),
        np.array([*outcomes, outcomes[0]], np.uint8),
        np.zeros(4, np.uint8),
        np.array([True, True, True, False]),
    )
    picture.fold_recent(Recent(SeriesKey(probe.endpoint_id, probe.probe_name, metric), samples))
    assert watched(picture).loss.ratio() == pytest.approx(ratio)


LEVEL = SeenMetric(name="level_dbm", unit="dBm", title="Level")
JUDGED = SeenMetric(name="state_fault", unit="", title="Fault", judges="state")
STATE = SeenMetric(name="state", unit="", title="State", meanings=((2, "on battery", "fault"),))


def device(picture: Picture, *more: SeenProbe) -> EndpointPicture:
    """Give the first endpoint a probe that reads a device, and others."""
    endpoint = watched(picture)
    assert endpoint.probe is not None
    probe = endpoint.probe.model_copy(update={"metrics": (LEVEL, JUDGED, STATE)})
    endpoint.seen = endpoint.seen.model_copy(update={"probes": (probe, *more)})
    return endpoint


def told(picture: Picture, number: int, **values: float) -> Reading:
    """Make an answer of the device."""
    return replace(asked(picture, number, Outcome.REPLIED), values=values)


def metric(endpoint: EndpointPicture) -> SeenMetric | None:
    """Return the metric that stands for an endpoint."""
    return None if endpoint.chief is None else endpoint.chief.metric


def test_the_first_metric_that_was_ever_told_stands_for_the_endpoint(picture: Picture) -> None:
    """A device need not have all that its template knows, and a judgement of a state is no figure."""
    endpoint = device(picture)
    assert metric(endpoint) == LEVEL
    take(picture, told(picture, 0, state_fault=1.0, state=2.0))
    assert metric(endpoint) == STATE


def test_a_figure_that_is_missing_makes_no_room_for_another(picture: Picture) -> None:
    """What was told before is unknown now; nothing else is shown in its place."""
    endpoint = device(picture)
    take(picture, told(picture, 0, level_dbm=-90.0, state=2.0))
    take(picture, told(picture, 1, state=2.0))
    assert metric(endpoint) == LEVEL
    face = tile_face(endpoint, START_UTC_S + 1, 0.0, live=True)
    assert (face.title, face.figure) == ("Level", "unknown")


def test_what_was_told_before_the_desk_was_opened_counts(picture: Picture) -> None:
    """The store knows every series; the newest reading alone would not tell."""
    endpoint = device(picture)
    assert endpoint.probe is not None
    series = [SeriesKey(endpoint.seen.id, endpoint.probe.name, name) for name in ("state", "level_dbm")]
    picture.fold(Snapshot(0.0, picture.heartbeat, series=series))
    take(picture, told(picture, 0, state=2.0))
    assert metric(endpoint) == LEVEL


def test_the_figure_of_the_condition_stands_for_the_endpoint(picture: Picture) -> None:
    """Whichever probe tells it, with the age of that probe's reading; it goes back when the limit clears."""
    ping = SeenProbe(
        name="ping", type="icmp", title="Ping", period_s=1, timeout_s=1, metrics=(RTT,), limits=()
    )
    endpoint = device(picture, ping)
    take(picture, told(picture, 0, level_dbm=-90.0, state=2.0))
    other = Reading(ProbeKey(endpoint.seen.id, "ping"), START_UTC_S - 9, 0.0, Outcome.REPLIED, values=SLOW)
    take(picture, other)
    endpoint.state = EndpointState(endpoint.seen.id, Condition.DEGRADED, START_UTC_S, "limit:state:2")
    assert metric(endpoint) == STATE
    face = tile_face(endpoint, START_UTC_S, 0.0, live=True)
    assert (face.title, face.figure) == ("State", "on battery")
    endpoint.state = replace(endpoint.state, reason="limit:rtt_s:0.9")
    assert (metric(endpoint), endpoint.reading, endpoint.age_s(1.0)) == (RTT, other, 10.0)
    assert tile_face(endpoint, START_UTC_S, 0.0, live=True).title == ""
    endpoint.state = replace(endpoint.state, condition=Condition.UP, reason="none")
    assert metric(endpoint) == LEVEL


def test_the_graph_offers_what_was_told(picture: Picture) -> None:
    """All figures while nothing is known, then those that were told and what is drawn; judgements never."""
    endpoint = device(picture)

    def offered(*kept: SeriesKey) -> list[str]:
        return [each.metric for each, _, _ in picture.series_of(endpoint.seen.id, *kept)]

    assert offered() == ["level_dbm", "state"]
    take(picture, told(picture, 0, state=2.0, state_fault=1.0))
    assert offered() == ["state"]
    assert endpoint.probe is not None
    kept = SeriesKey(endpoint.seen.id, endpoint.probe.name, "level_dbm")
    assert offered(kept) == ["level_dbm", "state"]


def test_what_an_answer_did_not_tell_is_known_by_probe(picture: Picture) -> None:
    """The newest remarks count, and only those."""
    endpoint = device(picture)
    assert endpoint.probe is not None
    key = ProbeKey(endpoint.seen.id, endpoint.probe.name)
    picture.fold(Snapshot(0.0, picture.heartbeat, remarks=[Remark(key, {"level_dbm": "?"})]))
    assert endpoint.unknown == {key.probe_name: {"level_dbm": "?"}}
    take(picture, told(picture, 0, state=2.0))
    assert endpoint.unknown == {key.probe_name: {"level_dbm": "?"}}
    picture.fold(Snapshot(0.0, picture.heartbeat, remarks=[]))
    assert endpoint.unknown == {}
