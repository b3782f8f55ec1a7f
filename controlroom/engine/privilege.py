"""The right to ask that some probes lack: one fault, ours. No I/O.

Rules:
1. All probes that lack a right have one alarm, of our own (their endpoints have none:
   ``alarms/rules.py`` rule 3).
2. The alarm ends with the last probe that lacked it, be it that it is asked again or watched no longer.
3. After a restart with that alarm every probe that reaches an endpoint is taken to lack the right until it
   is asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from controlroom.alarms.alarm import ENGINE, Cause
from controlroom.alarms.register import AlarmRegister
from controlroom.alarms.rules import own_fault
from controlroom.engine.effects import Effects
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from controlroom.site.model import Site


class Privilege:
    """The probes that could not be asked for want of a right."""

    def __init__(self, alarms: AlarmRegister, site: Site, reaches: Mapping[str, bool]) -> None:
        """Go on with the alarm of an earlier engine (rule 3). ``reaches`` is told per probe type."""
        self._alarms = alarms
        self._lacking: set[ProbeKey] = set()
        if any(alarm.cause is Cause.NO_PRIVILEGE and alarm.active for alarm in alarms.alarms()):
            self._lacking = {
                endpoint.key(probe)
                for endpoint in site.endpoints
                for probe in endpoint.probes
                if reaches[probe.type]
            }

    def note(self, reading: Reading, now_utc_s: float, effects: Effects) -> None:
        """Take it whether a reading lacked the right (rules 1 and 2)."""
        if reading.reason is Reason.NO_PRIVILEGE:
            self._lacking.add(reading.probe)
            fault = own_fault(Cause.NO_PRIVILEGE, reading.reason.value, now_utc_s)
            effects.moved(self._alarms.fault(fault, now_utc_s))
        elif reading.outcome is not Outcome.NOT_RUN and self._lacking:
            self._lacking.discard(reading.probe)
            self._end_with_the_last(now_utc_s, effects)

    def keep(self, site: Site, now_utc_s: float, effects: Effects) -> None:
        """Forget the probes that are watched no longer (rule 2)."""
        if self._lacking:
            self._lacking &= {end.key(probe) for end in site.endpoints for probe in end.probes}
            self._end_with_the_last(now_utc_s, effects)

    def _end_with_the_last(self, now_utc_s: float, effects: Effects) -> None:
        if not self._lacking:
            effects.moved(self._alarms.no_fault(ENGINE, Cause.NO_PRIVILEGE, now_utc_s))
