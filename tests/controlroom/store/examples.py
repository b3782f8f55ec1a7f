"""Readings, alarms, entries and acts to put into a store in tests. Times are aligned to microseconds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Draft, LogKind
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, SeriesKey
from controlroom.store.interface import Second

START_UTC_S = 1_700_000_000.0
GATEWAY = ProbeKey("gateway", "icmp")
RTT = SeriesKey("gateway", "icmp", "rtt_s")


def replied(at_utc_s: float, rtt_s: float = 0.02, *, probe: ProbeKey = GATEWAY, beat: bool = True) -> Reading:
    """A reply with a round-trip time."""
    return Reading(probe, at_utc_s, 0.0, Outcome.REPLIED, values={"rtt_s": rtt_s}, beat=beat)


def lost(at_utc_s: float, *, probe: ProbeKey = GATEWAY, beat: bool = True) -> Reading:
    """A probe without a reply by its deadline."""
    return Reading(probe, at_utc_s, 0.0, Outcome.NO_REPLY, Reason.DEADLINE, beat=beat)


def second(at_utc_s: float, *readings: Reading) -> Second:
    """A second with these readings."""
    return Second(at_utc_s, readings, {"lateness_p99_s": 0.003})


def alarm(number: int, state: AlarmState = AlarmState.UNACKNOWLEDGED, *, note: str = "") -> Alarm:
    """An alarm of an endpoint that is down; with its times as its state has them."""
    acknowledged = state in (AlarmState.ACKNOWLEDGED, AlarmState.NORMAL)
    returned = state in (AlarmState.RETURNED_UNACKNOWLEDGED, AlarmState.NORMAL)
    return Alarm(
        number=number,
        subject=f"endpoint-{number}",
        cause=Cause.DOWN,
        reason="deadline",
        priority=Priority.HIGH,
        state=state,
        since_utc_s=START_UTC_S + number,
        raised_utc_s=START_UTC_S + number + 2.125,
        acknowledged_utc_s=START_UTC_S + number + 10 if acknowledged else None,
        acknowledged_by="r.okafor" if acknowledged else "",
        note=note,
        returned_utc_s=START_UTC_S + number + 20 if returned else None,
    )


def draft(at_utc_s: float, kind: LogKind = LogKind.NOTE, note: str = "carrier called") -> Draft:
    """An entry for the chain to number."""
    return Draft(
        at_utc_s, kind, "gateway", "r.okafor", {"note": note, "tries": 3, "ratio": 0.5, "seen": None}
    )


def act(note: str = "carrier called", *, kind: ActKind = ActKind.NOTE, act_id: str | None = None) -> Act:
    """A note about the gateway, under a new id."""
    return Act(act_id or str(uuid.uuid4()), kind, START_UTC_S, "r.okafor", "gateway", None, note)


def measured(
    readings: Sequence[Reading],
) -> list[tuple[ProbeKey, float, Outcome, Reason, dict[str, float], bool]]:
    """What a store must give back of readings: all but the monotonic clock and the detail.

    Times of sending: to the hundredth of a second on the beat, to the microsecond off it.
    """
    return [
        (
            reading.probe,
            round(reading.sent_utc_s, 2 if reading.beat else 6),
            reading.outcome,
            reading.reason,
            dict(reading.values),
            reading.beat,
        )
        for reading in readings
    ]
