"""What becomes of an alarm, and what operators do to it, reads as one true sentence."""

from __future__ import annotations

import pytest

from controlroom.logbook.entry import Entry, Fact, LogKind
from controlroom.report.log_sentences import log_sentence
from controlroom.site.model import Criticality, EndpointKind
from controlroom.site.view import SeenEndpoint, SeenRiskGroup, SiteView

VIEW = SiteView(
    name="Leitstelle",
    time_zone="Europe/Berlin",
    endpoints=(
        SeenEndpoint(
            id="mast-north",
            name="Mast North",
            kind=EndpointKind.RADIO_GATEWAY,
            address="127.0.0.1",
            criticality=Criticality.HIGH,
        ),
    ),
    risk_groups=(SeenRiskGroup(id="duct-east", name="Duct East", kind="duct", members=("mast-north",)),),
)
FAULT: dict[str, Fact] = {"alarm": 12, "cause": "down", "reason": "deadline", "priority": 1}
IT = "Mast North: down, no reply in time"


def entry(kind: LogKind, operator: str = "", subject: str = "mast-north", /, **facts: Fact) -> Entry:
    """An entry of the log at a fixed time about one alarm."""
    return Entry(7, 1_000_000.0, kind, subject, operator, FAULT | facts, "0" * 64, "1" * 64)


UNTIL = "1970-01-12 15:46:40 Europe/Berlin (+01:00)"
SHELF: dict[str, Fact] = {"shelved_until_utc_s": 1_003_600.0, "shelved_why": "crew at work"}

SENTENCES: list[tuple[Entry, str]] = [
    (entry(LogKind.ALARM_LATCHED), f"Alarm 12 is over and held until it is reset: {IT}."),
    (entry(LogKind.ALARM_RESET, "ann", note="fixed"), f"Alarm 12 reset by ann: {IT}. Note: “fixed”"),
    (
        entry(LogKind.ALARM_SHELVED, "ann", **SHELF),
        f"Alarm 12 shelved by ann until {UNTIL}: {IT}. Reason: “crew at work”",
    ),
    (
        entry(LogKind.ALARM_SHELVED, "ann", one_shot=True, **SHELF),
        f"Alarm 12 shelved by ann until {UNTIL}, or until it is over if that is sooner: "
        f"{IT}. Reason: “crew at work”",
    ),
    (
        entry(LogKind.ALARM_UNSHELVED, why="time_over", ended=False),
        f"Alarm 12 is off its shelf: the time is over: {IT}.",
    ),
    (
        entry(LogKind.ALARM_UNSHELVED, why="worse", ended=False),
        f"Alarm 12 is off its shelf: it became more urgent: {IT}.",
    ),
    (
        entry(LogKind.ALARM_UNSHELVED, "ann", why="taken_back", ended=False, note="works are over"),
        f"Alarm 12 taken off its shelf by ann: {IT}. Note: “works are over”",
    ),
    (
        entry(LogKind.ALARM_UNSHELVED, "ann", why="taken_back", ended=True),
        f"Alarm 12 taken off its shelf by ann: {IT}. It is over.",
    ),
    (
        entry(LogKind.ALARM_SUPPRESSED, suppressed_by="behind:mast-north"),
        f"Alarm 12 suppressed, behind Mast North, which is down: {IT}.",
    ),
    (
        entry(LogKind.ALARM_RELEASED, by="part_of:group:duct-east", ended=False),
        f"Alarm 12 is no longer part of Duct East: {IT}.",
    ),
    (
        entry(LogKind.ALARM_OUT_OF_SERVICE, "ann", out_of_service="operator", out_of_service_why="replaced"),
        f"Alarm 12 taken out of service by ann: {IT}. Reason: “replaced”",
    ),
    (
        entry(LogKind.ALARM_OUT_OF_SERVICE, out_of_service="maintenance:3"),
        f"Alarm 12 in maintenance 3: {IT}.",
    ),
    (entry(LogKind.ALARM_IN_SERVICE, "ann"), f"Alarm 12 back in service by ann: {IT}."),
    (
        entry(LogKind.ALARM_ASSIGNED, "ann", owner="ben", was="cem"),
        "Alarm 12 given to ben by ann, was with cem: Mast North.",
    ),
    (
        entry(LogKind.ALARM_STEP_TICKED, "ann", step=2, words="Call the carrier", done=True),
        "Alarm 12, step 2 done by ann: Call the carrier.",
    ),
    (
        entry(LogKind.ALARM_STEP_TICKED, "ann", step=2, words="Call the carrier.", done=False),
        "Alarm 12, step 2 not done after all by ann: Call the carrier.",
    ),
    (
        entry(LogKind.ALARM_ACKNOWLEDGEMENT_EXPIRED, by="ann"),
        f"Alarm 12 calls again: the time of the acknowledgement by ann is over: {IT}.",
    ),
    (
        entry(LogKind.ALARM_REMINDED, by="ann"),
        f"Alarm 12 calls again: ann acknowledged it long ago, and it stands: {IT}.",
    ),
    (
        entry(LogKind.ALARM_JOINED, member="mast-north"),
        f"Alarm 12 calls again: Mast North failed as well: {IT}.",
    ),
    (
        entry(LogKind.ALARM_ESCALATED, to="duty-officer", to_name="Ann Ek"),
        f"Alarm 12 not acknowledged; next is Ann Ek: {IT}.",
    ),
    (
        entry(LogKind.ALARM_ESCALATED, to="desk"),
        f"Alarm 12 not acknowledged; next is the desk, louder: {IT}.",
    ),
    (
        entry(LogKind.ALARM_ESCALATED, to="", shift="nights", why="nobody_on_duty"),
        f"Alarm 12 not acknowledged; next is nobody (nobody is on duty by nights): {IT}.",
    ),
    (
        entry(LogKind.ALARM_SUPPRESSED, "", "subnet:10.1.2.0/24", suppressed_by="odd"),
        "Alarm 12 suppressed, odd: Subnet 10.1.2.0/24: down, no reply in time.",
    ),
]


@pytest.mark.parametrize(("told", "sentence"), SENTENCES)
def test_an_entry_reads_as_a_sentence(told: Entry, sentence: str) -> None:
    """The sentence names what, who, why and until when, in the site's own names and zone."""
    assert log_sentence(told, VIEW) == sentence
