"""What the probes learnt: to the store a few at a time, and back at the start. It stores nothing.

Rules:
1. Each endpoint's turn comes every ``EVERY_SECONDS``, spread over them, with a second that is committed
   anyway. So a kill costs some minutes of learning; an orderly end costs nothing.
2. What makes no sense, or is of a probe that the site has no longer, is passed over: it is learnt anew.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from controlroom.condition.tracker import EndpointTracker
from controlroom.measure.learnt import USUAL_SILENCE, Learnt
from controlroom.measure.usual_silence import UsualSilence

EVERY_SECONDS: Final = 300
log = logging.getLogger("controlroom.engine")


def recall(learnt: Iterable[Learnt], trackers: Mapping[str, EndpointTracker]) -> None:
    """Give probes what they learnt before."""
    for each in learnt:
        tracker = trackers.get(each.probe.endpoint_id)
        probe = tracker.probes.get(each.probe.probe_name) if tracker is not None else None
        if probe is None or each.subject != USUAL_SILENCE:
            continue
        try:
            probe.silences.usual = UsualSilence.of(json.loads(each.text))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            log.warning("What %s had learnt cannot be read, and is learnt anew: %s.", each.probe, error)


def due(second: int, trackers: Mapping[str, EndpointTracker]) -> list[Learnt]:
    """Return what the endpoints have learnt whose turn it is in a second."""
    return _of(list(trackers.values())[second % EVERY_SECONDS :: EVERY_SECONDS])


def everything(trackers: Mapping[str, EndpointTracker]) -> list[Learnt]:
    """Return what all endpoints have learnt, as at the end."""
    return _of(trackers.values())


def _of(trackers: Iterable[EndpointTracker]) -> list[Learnt]:
    return [
        Learnt(tracker.endpoint.key(probe.probe), USUAL_SILENCE, json.dumps(probe.silences.usual.kept()))
        for tracker in trackers
        for probe in tracker.probes.values()
        if probe.reaches
    ]
