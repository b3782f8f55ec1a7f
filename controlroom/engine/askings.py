"""All askings of the site: which probe of which endpoint through which prober. It decides no times.

Rules:
1. A probe whose endpoint has no address yet, or none of the IP version that the probe insists on, is
   answered *not run* / *no name* without being sent.
2. More than ``MOST_IN_FLIGHT`` open questions are not sent: they are *not run* / *overloaded*.
3. A loss across a sleep or a stall says nothing of the endpoint: it becomes *not run*. Before any loss is
   believed the clocks are looked at, for a deadline may be noticed sooner than the sleep itself. An answer
   across a sleep has no round-trip time that could be told: it becomes *not run* as well.
4. A re-probe's loss that was judged when its patience ran out is not judged again, and that of a beat counts
   for the loss ratio alone (``overdue.py``).
5. When the site changes, what comes back of a probe that is gone, or asks something else now, is dropped.
6. A name whose first look-up is still under way is not asked at all: that is no trouble yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from controlroom.condition.tracker import asks_the_same
from controlroom.engine.address_book import AddressBook
from controlroom.engine.effects import Reprobe
from controlroom.engine.overdue import Overdue
from controlroom.probe import Prober, ProbeTypes, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling
from controlroom.site.model import Endpoint, Probe, Site

MOST_IN_FLIGHT = 20_000


@dataclass(frozen=True, slots=True)
class Asking:
    """One probe of one endpoint, with its key."""

    endpoint: Endpoint
    probe: Probe
    key: ProbeKey


class Askings:
    """Asks through the probers and passes on what comes back."""

    def __init__(
        self,
        site: Site,
        probe_types: ProbeTypes,
        addresses: AddressBook,
        *,
        utc_s: Callable[[], float],
        monotonic_s: Callable[[], float],
        on_reading: Callable[[Reading, bool], None],
        look_at_time: Callable[[], None],
    ) -> None:
        """Tell ``on_reading`` each reading, and whether it is to be judged or was before (rule 4).

        ``look_at_time`` calls ``distrust`` where it finds that time went wrong (rule 3).

        The probers are attached later, for they need this object's ``answered`` as their sink.
        """
        self.all = _askings_of(site)
        self._by_key = {asking.key: asking for asking in self.all}
        self._not_before_s: dict[ProbeKey, float] = {}
        self._types = probe_types
        self._addresses = addresses
        self._utc_s = utc_s
        self._monotonic_s = monotonic_s
        self._on_reading = on_reading
        self._look_at_time = look_at_time
        self._probers: Mapping[str, Prober] = {}
        self._distrusted_before_s = -math.inf
        self._distrust = Reason.ASLEEP
        self._overdue = Overdue()
        self._patience_s: Callable[[ProbeKey], float | None] = lambda key: None
        self.in_flight = 0

    def attach(self, probers: Mapping[str, Prober]) -> None:
        """Ask through these probers, by the name of their type."""
        self._probers = probers

    def set_patience(self, patience_s: Callable[[ProbeKey], float | None]) -> None:
        """Give what tells after how long an answer to a beat is overdue, where it is not the deadline."""
        self._patience_s = patience_s

    def adopt(self, site: Site) -> list[int | None]:
        """Go on with a changed site; return for each asking of ``all`` the place it had before (rule 5)."""
        places = {asking.key: place for place, asking in enumerate(self.all)}
        before, now_s = self._by_key, self._monotonic_s()
        self.all = _askings_of(site)
        self._by_key = {asking.key: asking for asking in self.all}
        for key in before.keys() | self._by_key.keys():
            old, new = before.get(key), self._by_key.get(key)
            if new is None:
                self._not_before_s[key] = math.inf
            elif old is None or not asks_the_same(old.endpoint, old.probe, new.endpoint, new.probe):
                self._not_before_s[key] = now_s
            else:
                continue
            self._overdue.forget(key)
        return [places.get(asking.key) for asking in self.all]

    def distrust(self, before_s: float, reason: Reason) -> None:
        """Take losses of questions sent before a time (monotonic) for our own fault (rule 3)."""
        self._distrusted_before_s, self._distrust = before_s, reason

    def ask(self, index: int) -> None:
        """Ask a probe on its beat, by its place in ``all``."""
        asking = self.all[index]
        if not self._waits_for_name(asking):
            patience_s = self._patience_s(asking.key)
            if patience_s is not None:
                self._overdue.sent(asking.key, self._monotonic_s(), patience_s, beat=True)
            self._send(asking, asking.probe.timeout_s, beat=True)

    def ask_again(self, reprobe: Reprobe) -> None:
        """Ask a probe off its beat."""
        asking = self._by_key.get(reprobe.probe)
        if asking is not None and not self._waits_for_name(asking):
            if reprobe.patience_s < reprobe.timeout_s:  # at the deadline the prober itself says what came
                self._overdue.sent(reprobe.probe, self._monotonic_s(), reprobe.patience_s)
            self._send(asking, reprobe.timeout_s, beat=False)

    def lost_patience(self) -> list[Reading]:
        """Return losses to be judged, and never stored: of questions whose patience has run out."""
        lost = self._overdue.due(self._monotonic_s(), self._utc_s())
        return [reading for reading in lost if reading.sent_monotonic_s >= self._distrusted_before_s]

    def answered(self, reading: Reading) -> None:
        """Take a reading from a prober."""
        self.in_flight -= 1
        if reading.sent_monotonic_s < self._not_before_s.get(reading.probe, -math.inf):
            return
        if reading.outcome is Outcome.NO_REPLY:
            self._look_at_time()
        if self._spoilt(reading):
            reading = replace(reading, outcome=Outcome.NOT_RUN, reason=self._distrust, values={})
        self._tell(reading)

    def _spoilt(self, reading: Reading) -> bool:
        """Whether a sleep or a stall of our own made a reading say what is not so (rule 3)."""
        if reading.sent_monotonic_s >= self._distrusted_before_s:
            return False
        slept_over = reading.outcome is Outcome.REPLIED and self._distrust is Reason.ASLEEP
        return slept_over or reading.outcome is Outcome.NO_REPLY

    def _waits_for_name(self, asking: Asking) -> bool:
        addressed = self._types[asking.probe.type].addressed
        return addressed and self._addresses.undecided(asking.endpoint.id)

    def _tell(self, reading: Reading) -> None:
        first = self._overdue.closed(reading)
        if reading.beat and not first:
            reading = replace(reading, telling=Telling.AGAIN)
        self._on_reading(reading, first or reading.beat)

    def _send(self, asking: Asking, timeout_s: float, *, beat: bool) -> None:
        address = self._addresses.address(asking.endpoint.id, asking.probe.parameters.wanted_ip_version)
        if address is None and self._types[asking.probe.type].addressed:
            self._tell(self._not_run(asking, Reason.NO_NAME, beat))
        elif self.in_flight >= MOST_IN_FLIGHT:
            self._tell(self._not_run(asking, Reason.OVERLOADED, beat))
        else:
            self.in_flight += 1
            parameters = asking.probe.parameters
            question = Question(
                asking.key, address or "", parameters, timeout_s, beat, asking.endpoint.address
            )
            self._probers[asking.probe.type].ask(question)

    def _not_run(self, asking: Asking, reason: Reason, beat: bool) -> Reading:
        utc_s, monotonic_s = self._utc_s(), self._monotonic_s()
        return Reading(asking.key, utc_s, monotonic_s, Outcome.NOT_RUN, reason, beat=beat)


def _askings_of(site: Site) -> list[Asking]:
    return [
        Asking(endpoint, probe, endpoint.key(probe))
        for endpoint in site.endpoints
        for probe in endpoint.probes
    ]
