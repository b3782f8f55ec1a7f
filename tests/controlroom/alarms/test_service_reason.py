"""The codes of services' alarms, and their subjects: written, read, and what is no such code."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.service_reason import MOST_NAMED, Named, ServiceReason
from controlroom.alarms.service_subject import (
    part_of_service,
    path_subject,
    service_of,
    service_subject,
)

NAME = st.from_regex(r"(group:)?[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
LIST = st.builds(lambda names, more: Named.of(names, more), st.lists(NAME), st.integers(0, 99))


@given(st.builds(ServiceReason, failed=LIST, next=LIST, left=LIST, poor=LIST, planned=LIST, shared=LIST))
def test_what_was_written_is_read(reason: ServiceReason) -> None:
    """Also lists of which only the first few are named."""
    assert ServiceReason.read(reason.code) == reason


def test_a_long_list_is_cut_and_counted() -> None:
    """Each name once."""
    names = [f"e-{number}" for number in range(MOST_NAMED + 3)]
    assert Named.of([*names, names[0]], more=2) == Named(tuple(names[:MOST_NAMED]), 5)


@given(st.text())
def test_any_text_is_read_or_no_code(text: str) -> None:
    """A damaged log never breaks a sentence."""
    ServiceReason.read(text)
    assert ServiceReason.read("deadline") is None
    found = ServiceReason.read("service;failed=a+x;strange=1;next")
    assert found == ServiceReason(failed=Named(("a",)))


def test_subjects_tell_the_service_and_its_part() -> None:
    """What is about no service is none."""
    assert service_subject("calls") == "service:calls"
    assert service_of(path_subject("calls", "radio")) == "calls"
    assert (service_of("service:calls:standby"), part_of_service("service:calls:standby")) == (
        "calls",
        "standby",
    )
    assert (service_of("group:duct"), part_of_service("group:duct")) == (None, "")
