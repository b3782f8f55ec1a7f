"""Services in words: what would lose them first, what failed, what is left, and what is no such code."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import Cause
from controlroom.alarms.service_reason import Named, ServiceReason
from controlroom.alarms.service_subject import path_subject
from controlroom.report.message_words import message_words
from controlroom.report.service_alarm_words import joint_of, service_reason_words
from controlroom.report.wording import fault_words, reason_words, subject_words
from controlroom.site.criticality import Criticality
from controlroom.site.view import SeenPath, SeenRiskGroup, SeenService, SiteView
from tests.controlroom.store.outbox_contract import message

VIEW = SiteView(
    name="Room",
    risk_groups=(SeenRiskGroup(id="bt", name="BT duct"),),
    services=(
        SeenService(
            id="calls",
            name="Emergency calls",
            criticality=Criticality.CRITICAL,
            paths=(SeenPath(id="radio", name="Radio", endpoints=("mast",)),),
        ),
    ),
)


def name_of(subject: str) -> str:
    """Name as the site does."""
    return subject_words(subject, VIEW)


def words(**lists: Named) -> str:
    """Say a reason."""
    return service_reason_words(ServiceReason(**lists, was_lost=None).code, name_of)


def test_what_would_lose_it_comes_first() -> None:
    """Then what failed, and what is left."""
    reason = ServiceReason(
        next=Named(("group:bt", "router-b")),
        failed=Named(("router-a",)),
        left=Named((path_subject("calls", "radio"),)),
    )
    said = fault_words(Cause.SERVICE_AT_RISK, reason.code, name_of=name_of)
    assert said == "one failure from loss: BT duct, or router-b; router-a failed; left: Radio"
    assert reason_words(reason.code, name_of=name_of) in said


def test_each_list_has_its_words() -> None:
    """A long one is counted."""
    assert words(failed=Named(("a", "b"), 2)) == "a, b and 2 more failed"
    assert words(planned=Named(("a",))) == "it rests on what is in maintenance: a"
    assert words(poor=Named(("a", "b"))) == "poor: a and b"
    shared = words(paths=Named(("a", "b")), shared=Named(("group:bt",)))
    assert shared == "a and b share BT duct"
    assert words(paths=Named(("a",))) == "a"
    assert service_reason_words("deadline") == ""
    assert joint_of("deadline") == ", "
    assert "\x1b" not in service_reason_words("service;failed=\x1b[31m")


def test_a_service_goes_by_its_name() -> None:
    """And so does its path; by its id where the site has it no longer."""
    assert name_of("service:calls") == name_of("service:calls:standby") == "Emergency calls"
    assert name_of("service:gone") == subject_words("service:gone", None) == "gone"
    assert name_of(path_subject("calls", "gone")) == "gone"


def test_a_message_says_all_of_it() -> None:
    """For it may be spoken where nobody sees the list."""
    reason = ServiceReason(failed=Named(("router-a",))).code
    told = replace(message(1), subject="service:calls", cause=Cause.SERVICE_LOST, reason=reason)
    assert message_words(told, name_of) == "Emergency calls: lost, router-a failed."
