"""Alarms in every state for a room: what leads and what is behind it, shelved, held, out of service.

They are made by the transitions of the alarms themselves, and told in the log as the engine would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from controlroom.alarms import handling, hiding
from controlroom.alarms.alarm import BY_OPERATOR, Alarm, Cause, Priority
from controlroom.alarms.hiding import Shelf
from controlroom.alarms.moved import Moved
from controlroom.alarms.transitions import Fault, new_alarm, raised, returned
from controlroom.condition.state import Condition, EndpointState
from controlroom.logbook.entry import Draft, LogKind
from controlroom.reading import Reason
from controlroom.store.interface import Batch
from tests.ui.desk.room import DEGRADED, DOWN, RETURNED, UNKNOWN, Room

LEAD, GROUP, FIRST_OUT = "router-b", "location:Kestrel Tower", "kestrel"
SHELVED, ONE_SHOT, HELD, HELD_SEEN = "maps", "recordings", "ups", "time"
OUT, MAINTAINED = "paging", "council"
TOWER = (FIRST_OUT, "marine-band", "air-band")
WITH_OTHERS = "coastguard"
LEAD_NUMBER, GROUP_NUMBER, SHELVED_NUMBER, ONE_SHOT_NUMBER = 100, 101, 102, 103
HELD_NUMBER, HELD_SEEN_NUMBER, OUT_NUMBER, MAINTAINED_NUMBER, WITH_OTHERS_NUMBER = 104, 105, 106, 107, 108
FIRST_MEMBER = 200
SHIFT_LEADER = "Eva Lindqvist (control1)"


def hide_alarms(room: Room, members: int | None = None) -> Sequence[Alarm]:
    """Put all of them into a room's store; so many members are behind what leads, else all that are free."""
    now = room.now_utc_s
    taken = {DOWN, DEGRADED, RETURNED, UNKNOWN, LEAD, SHELVED, ONE_SHOT, HELD, HELD_SEEN, OUT, MAINTAINED}
    free = [each.id for each in room.site.endpoints if each.id not in {*taken, *TOWER, WITH_OTHERS}]
    steps = [*_leading(now), *_put_away(now)]
    behind = free[:members]
    for place, subject in enumerate(behind):
        fault = _fault(subject, now - 58 + place * 0.01, Cause.DOWN, f"behind:{LEAD}")
        steps.append(_suppressed(FIRST_MEMBER + place, fault, f"behind:{LEAD}", LEAD_NUMBER, now - 55))
    for place, subject in enumerate(TOWER):
        fault = _fault(subject, now - 421 + place, Cause.DOWN, Reason.DEADLINE)
        number = FIRST_MEMBER + len(behind) + place
        steps.append(_suppressed(number, fault, f"part_of:{GROUP}", GROUP_NUMBER, now - 418))
    _keep(room, steps, behind)
    return [each.alarm for each in steps]


def _fault(
    subject: str, since_utc_s: float, cause: Cause, reason: str, priority: Priority = Priority.MEDIUM
) -> Fault:
    return Fault(subject, cause, reason, priority, since_utc_s)


def _suppressed(number: int, fault: Fault, code: str, part_of: int, at_utc_s: float) -> Moved:
    return hiding.suppressed(None, new_alarm(number, fault, at_utc_s), code, part_of, at_utc_s)


def _leading(now: float) -> list[Moved]:
    lead = raised(
        LEAD_NUMBER, _fault(LEAD, now - 60, Cause.DOWN, Reason.DEADLINE, Priority.CRITICAL), now - 57
    )
    group = raised(GROUP_NUMBER, _fault(GROUP, now - 421, Cause.GROUP_LOST, "none", Priority.HIGH), now - 419)
    seen = handling.acknowledged(group.alarm, SHIFT_LEADER, "Power company told.", now - 300, 3600)
    other = raised(WITH_OTHERS_NUMBER, _fault(WITH_OTHERS, now - 900, Cause.DOWN, Reason.DEADLINE), now - 898)
    given = handling.assigned(other.alarm, "Ben Okoro", SHIFT_LEADER, "", now - 800)
    assert seen is not None
    assert given is not None
    return [lead, group, seen, other, given]


def _put_away(now: float) -> list[Moved]:
    slow = raised(SHELVED_NUMBER, _fault(SHELVED, now - 2500, Cause.DEGRADED, "limit:rtt_s"), now - 2490)
    away = hiding.shelved(
        slow.alarm, Shelf(3600, SHIFT_LEADER, "Supplier works on it, ticket 5512"), now - 1200
    )
    once = raised(ONE_SHOT_NUMBER, _fault(ONE_SHOT, now - 700, Cause.DOWN, Reason.DEADLINE), now - 690)
    shot = hiding.shelved(
        once.alarm, Shelf(900, "Ben Okoro (control2)", "Restart agreed", one_shot=True), now - 600
    )
    held = raised(
        HELD_NUMBER, replace(_fault(HELD, now - 1500, Cause.DOWN, "deadline"), latching=True), now - 1490
    )
    over = returned(held.alarm, now - 1400)
    kept = raised(
        HELD_SEEN_NUMBER,
        replace(_fault(HELD_SEEN, now - 3000, Cause.DOWN, "deadline"), latching=True),
        now - 2990,
    )
    known = handling.acknowledged(kept.alarm, SHIFT_LEADER, "", now - 2900)
    assert away is not None
    assert shot is not None
    assert over is not None
    assert known is not None
    ended = returned(known.alarm, now - 2800)
    assert ended is not None
    out = new_alarm(OUT_NUMBER, _fault(OUT, now - 4000, Cause.NO_FAULT, "none", Priority.LOW), now - 4000)
    gone = hiding.taken_out(None, out, BY_OPERATOR, SHIFT_LEADER, "Transmitter is being replaced", now - 4000)
    quiet = new_alarm(MAINTAINED_NUMBER, _fault(MAINTAINED, now - 500, Cause.DOWN, "deadline"), now - 500)
    works = hiding.taken_out(None, quiet, "maintenance:3", SHIFT_LEADER, "Fibre works", now - 500)
    return [slow, away, once, shot, held, over, kept, known, ended, gone, works]


def _keep(room: Room, steps: Sequence[Moved], behind: Sequence[str]) -> None:
    drafts = [each.entry for each in steps]
    for step in steps:
        subject = step.alarm.subject
        if subject in room.states and step.alarm.active:
            down = Condition.UNREACHABLE if subject in behind else Condition.DOWN
            state = EndpointState(subject, down, step.alarm.since_utc_s, step.alarm.reason)
            if room.states[subject].condition is not down:
                facts = {"from": "up", "to": down.value, "reason": state.reason}
                drafts.append(Draft(step.entry.at_utc_s, LogKind.CONDITION_CHANGED, subject, facts=facts))
            room.states[subject] = state
    entries = [room.chain.append(draft) for draft in sorted(drafts, key=lambda draft: draft.at_utc_s)]
    newest = {step.alarm.number: step.alarm for step in steps}
    room.alarms |= newest
    room.store.commit(
        Batch(alarms=tuple(newest.values()), entries=entries, states=tuple(room.states.values()))
    )
