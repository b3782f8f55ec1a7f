"""A message survives its text, and no other text passes for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.message import Message, MessageKind
from controlroom.store.message_text import MOST_CHARACTERS, message_of_text, text_of_message

COUNTS = st.integers(0, 5000)
MESSAGES = st.builds(
    Message,
    number=st.integers(1, 2**53),
    key=st.text(max_size=60),
    channel=st.text(max_size=20),
    kind=st.sampled_from(MessageKind),
    alarm=st.integers(1, 2**53),
    subject=st.text(max_size=60),
    priority=st.sampled_from(Priority),
    cause=st.sampled_from(Cause),
    reason=st.text(max_size=60),
    at_utc_s=st.floats(0, 4e9),
    calling=st.tuples(COUNTS, COUNTS, COUNTS, COUNTS),
    easing=COUNTS,
    alarms=st.lists(st.integers(1, 2**53), max_size=20).map(tuple),
    first_entry=st.integers(0, 2**53),
    last_entry=st.integers(0, 2**53),
    gathering=st.booleans(),
)


@given(MESSAGES)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    """Whatever its words are."""
    assert message_of_text(text_of_message(message)) == message


@given(st.text() | st.just("{}") | st.just('{"number": "1"}') | st.just("[" * 5000))
def test_what_is_no_message_is_refused(text: str) -> None:
    """By ``ValueError`` and nothing else."""
    with pytest.raises(ValueError, match=r".*"):
        message_of_text(text)


def test_what_is_too_long_is_refused_unread() -> None:
    """A text of megabytes is none."""
    with pytest.raises(ValueError, match="too long"):
        message_of_text(" " * (MOST_CHARACTERS + 1))
