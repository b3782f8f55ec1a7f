"""What the desk makes of readings as they come: the loss of the last minutes, the newest of each probe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.site.view import SeenMetric
from controlroom.store.codes import OUTCOMES
from controlroom.store.interface import Heartbeat, Samples
from tests.ui.desk.room import site_view
from ui.desk.picture import EndpointPicture, Picture
from ui.desk.snapshot import Recent, Snapshot

START_UTC_S = 1_700_000_000.0


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


def test_the_first_metric_with_a_figure_stands_for_the_endpoint(picture: Picture) -> None:
    """A device need not have all that its template knows, and a judgement of a state is no figure."""
    endpoint = watched(picture)
    assert endpoint.probe is not None
    level = SeenMetric(name="level_dbm", unit="dBm", title="Level")
    judged = SeenMetric(name="state_fault", unit="", title="Fault", judges="state")
    state = SeenMetric(name="state", unit="", title="State")
    probe = endpoint.probe.model_copy(update={"metrics": (level, judged, state)})
    endpoint.seen = endpoint.seen.model_copy(update={"probes": (probe,)})
    assert endpoint.metric == level
    told = replace(asked(picture, 0, Outcome.REPLIED), values={"state_fault": 1.0, "state": 2.0})
    take(picture, told)
    assert endpoint.metric == state
