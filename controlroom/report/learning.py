"""What is still to be learned of a link's normal, read from what the engine kept. It learns nothing.

Rules:
1. It is as the engine kept it last, some minutes ago: rather too much is told as missing than too little.
2. What was learnt of another address, probe or period does not count, nor what makes no sense: the engine
   begins anew as well. Of a link of which nothing was kept yet, all is still to be learned.
"""

from __future__ import annotations

import json

from controlroom.measure.change_detector import (
    ChangeDetector,
    DetectorSettings,
    Learning,
    UnknownStateError,
)
from controlroom.measure.learnt import USUAL_LINK, Learnt
from controlroom.report.link_quality import telling_probe, what_is_asked
from controlroom.site.view import SeenEndpoint, SeenProbe
from controlroom.store.interface import ReadStore


def learning_of(store: ReadStore, seen: SeenEndpoint) -> Learning | None:
    """Return what is still to be learned of an endpoint's link; ``None`` where nothing is, or it has none."""
    probe = telling_probe(seen)
    if probe is None:
        return None
    detector = ChangeDetector(DetectorSettings(probe.period_s))
    for learnt in store.learnt(seen.id):
        if learnt.subject == USUAL_LINK and learnt.probe == seen.key(probe):
            detector = _kept(learnt, seen, probe) or detector
    return detector.learning


def _kept(learnt: Learnt, seen: SeenEndpoint, probe: SeenProbe) -> ChangeDetector | None:
    try:
        told = json.loads(learnt.text)
        if told["asked"] != what_is_asked(seen, probe):
            return None
        return ChangeDetector.restored(DetectorSettings(probe.period_s), told["kept"])
    except (UnknownStateError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None  # rule 2; the engine has said so in its own log
