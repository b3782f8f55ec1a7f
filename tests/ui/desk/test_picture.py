"""What the desk makes of readings as they come: the loss of the last minutes, the newest of each probe."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.store.interface import Heartbeat
from tests.ui.desk.room import site_view
from ui.desk.picture import EndpointPicture, Picture
from ui.desk.snapshot import Snapshot

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
