"""What changes on each endpoint's link: found reading by reading, told in the log, kept over a restart.

It reads no clock and writes nothing. Rules:
1. Followed is the first probe that measures a round-trip time, on the beat. What was not run says nothing,
   and of an endpoint that is down nothing is learnt: its losses are an outage, and no change of the link.
2. A change is told in the log, at most one every ``TOLD_EVERY_S`` of a link: a radio link in bad weather
   changes all the time. The end of one that was told is told as well, whenever it comes.
3. A change for the worse is a sign (``condition/grading.py``) until one for the better is found, for
   ``SIGN_LASTS_S`` at most: then it is how the link is.
4. What was learnt of a link goes to the store every ``KEPT_EVERY_SECONDS`` seconds, each in its turn, and at
   once after a change, so that a restart does not find the same one again. It is taken up again where the
   same is asked at the same address, and learnt anew where it makes no sense.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.condition.grading import CHANGE
from controlroom.condition.state import Condition
from controlroom.logbook.entry import Draft, LogKind
from controlroom.measure.asked import RTT_S
from controlroom.measure.change_detector import ChangeDetector, DetectorSettings, Learning, UnknownStateError
from controlroom.measure.detection import ChangeKind, Detection
from controlroom.measure.learnt import USUAL_LINK, Learnt
from controlroom.reading import ProbeKey, Reading, shows_loss
from controlroom.report.link_quality import telling_probe, what_is_asked
from controlroom.site.view import SiteView

TOLD_EVERY_S: Final = 300.0
SIGN_LASTS_S: Final = 3600.0
KEPT_EVERY_SECONDS: Final = 300

_ENDS: Final = {
    ChangeKind.LATENCY_FALL: ChangeKind.LATENCY_RISE,
    ChangeKind.LOSS_FALL: ChangeKind.LOSS_RISE,
    ChangeKind.SPREAD_FALL: ChangeKind.SPREAD_RISE,
}
_WEIGHT: Final = (ChangeKind.LOSS_RISE, ChangeKind.LATENCY_RISE, ChangeKind.SPREAD_RISE)
log = logging.getLogger("controlroom.engine")


@dataclass(slots=True)
class _Link:
    """One endpoint's link: its detector, and the changes for the worse that stand."""

    key: ProbeKey
    asked: str
    detector: ChangeDetector
    worse: dict[ChangeKind, Detection] = field(default_factory=dict)
    told_s: float = -math.inf
    told_worse: set[ChangeKind] = field(default_factory=set)
    is_new: bool = False


class LinkChanges:
    """Follows the links of a site."""

    def __init__(self, view: SiteView, learnt: Iterable[Learnt] = (), false_call_days: float = 30.0) -> None:
        """Follow the endpoints of a site, and go on with what was learnt of them."""
        self._links: dict[str, _Link] = {}
        self._news: list[str] = []
        self.adopt(view, false_call_days)
        for each in learnt:
            if each.subject == USUAL_LINK:
                self._recall(each)

    def adopt(self, view: SiteView, false_call_days: float = 30.0) -> None:
        """Go on with a changed site; what is asked as before keeps what was learnt, also by another wish."""
        before, self._links = self._links, {}
        for seen in view.endpoints:
            probe = telling_probe(seen)
            if probe is None:
                continue
            asked, known = what_is_asked(seen, probe), before.get(seen.id)
            settings = DetectorSettings(probe.period_s, false_call_days)
            if known is None or known.asked != asked:
                known = _Link(seen.key(probe), asked, ChangeDetector(settings))
            elif known.detector.settings != settings:
                known.detector = ChangeDetector.restored(settings, known.detector.kept())
            self._links[seen.id] = known

    def take(self, reading: Reading, condition: Condition | None) -> Sequence[Draft]:
        """Take a reading as it is believed, of an endpoint in a condition; return what is to be told."""
        found = self.find(reading, condition)
        if not found:
            return ()
        link = self._links[reading.probe.endpoint_id]
        return [draft for each in found if (draft := _told(link, each)) is not None]

    def find(self, reading: Reading, condition: Condition | None) -> Sequence[Detection]:
        """Take a reading as ``take`` does, in its place; return every change, also what is not to be told."""
        link = self._links.get(reading.probe.endpoint_id)
        if link is None or not reading.beat or reading.probe != link.key or condition is Condition.DOWN:
            return ()
        lost, rtt_s = shows_loss(reading.outcome, reading.reason), reading.values.get(RTT_S)
        if lost is None or (rtt_s is None and not lost):
            return ()
        found = link.detector.step(reading.sent_utc_s, None if lost else rtt_s)
        for each in found:
            _note(link, each)
        if found:
            self._news.append(reading.probe.endpoint_id)
        return found

    def news(self) -> Sequence[str]:
        """Return whose signs may be others since this was asked last."""
        if not self._news:
            return ()
        news, self._news = self._news, []
        return news

    def signs(self, endpoint_id: str, now_utc_s: float) -> list[str]:
        """Return the changes for the worse that stand, the weightiest first (rule 3)."""
        link = self._links.get(endpoint_id)
        if link is None or not link.worse:
            return []
        standing = {
            kind: each for kind, each in link.worse.items() if abs(now_utc_s - each.began_at_s) < SIGN_LASTS_S
        }
        link.worse = standing
        return [
            f"{CHANGE}:{kind.value}:{standing[kind].before:.6g}:{standing[kind].after:.6g}"
            for kind in _WEIGHT
            if kind in standing
        ]

    def learning(self, endpoint_id: str) -> Learning | None:
        """Return what is still to be learned of a link; ``None`` where nothing is, or it is not followed."""
        link = self._links.get(endpoint_id)
        return None if link is None else link.detector.learning

    def due(self, second: int) -> list[Learnt]:
        """Return what is to be kept in a second of the engine (rule 4); in the first minutes none."""
        turn = second % KEPT_EVERY_SECONDS
        told = []
        for place, link in enumerate(self._links.values()):
            if link.is_new or (second >= KEPT_EVERY_SECONDS and place % KEPT_EVERY_SECONDS == turn):
                link.is_new = False
                text = json.dumps({"asked": link.asked, "kept": link.detector.kept()})
                told.append(Learnt(link.key, USUAL_LINK, text))
        return told

    def _recall(self, learnt: Learnt) -> None:
        link = self._links.get(learnt.probe.endpoint_id)
        if link is None or link.key != learnt.probe:
            return
        try:
            told = json.loads(learnt.text)
            if told["asked"] != link.asked:
                return
            settings = link.detector.settings
            link.detector = ChangeDetector.restored(settings, told["kept"])
        except (UnknownStateError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            log.warning("What %s had learnt cannot be read, and is learnt anew: %s.", learnt.probe, error)


def _note(link: _Link, found: Detection) -> None:
    """Note a change for the worse, or the end of one (rule 3)."""
    link.is_new = True
    ended = _ENDS.get(found.kind)
    if ended is None:
        link.worse[found.kind] = found
    else:
        link.worse.pop(ended, None)


def _told(link: _Link, found: Detection) -> Draft | None:
    """Tell a change, unless one was told just before (rule 2)."""
    ended = _ENDS.get(found.kind)
    if ended in link.told_worse:
        link.told_worse.discard(ended)
    elif 0 <= found.at_s - link.told_s < TOLD_EVERY_S:
        return None
    if ended is None:
        link.told_worse.add(found.kind)
    link.told_s = found.at_s
    facts = {
        "probe": link.key.probe_name,
        "change": found.kind.value,
        "before": found.before,
        "after": found.after,
        "since_utc_s": found.began_at_s,
    }
    return Draft(found.at_s, LogKind.LINK_CHANGED, link.key.endpoint_id, facts=facts)
