"""The card of an alarm: the site's words, step by step."""

from __future__ import annotations

from controlroom.alarms.alarm import ENGINE, Alarm, AlarmState, Cause, Priority
from tests.ui.desk.room import DOWN, site_view
from ui.desk.alarm_list.card import Card, card_of, steps_of


def _alarm(subject: str) -> Alarm:
    return Alarm(1, subject, Cause.DOWN, "deadline", Priority.HIGH, AlarmState.UNACKNOWLEDGED, 0, 0)


def test_the_card_of_an_endpoint_is_what_the_site_says_about_it() -> None:
    """Each line of what to do is a step, without its own number."""
    card = card_of(_alarm(DOWN), site_view())
    assert card.steps == (
        "Tell the watch manager.",
        "Move northern crews to talk group N2.",
        "Call 4410.",
    )
    assert "talk group" in card.consequence
    assert card.contact == "Radio duty engineer, extension 4410"
    assert card.time_to_respond_s == 300


def test_where_the_site_has_none_the_card_is_empty() -> None:
    """Before the site is known, and for what is no endpoint."""
    assert card_of(_alarm(DOWN), None) == Card()
    assert card_of(_alarm(ENGINE), site_view()).steps == ()


def test_bullets_numbers_and_empty_lines_are_no_words() -> None:
    """Numbers within the words stay."""
    assert steps_of("1. One\n\n2) Two\n - Three\n4410 is the number\n") == (
        "One",
        "Two",
        "Three",
        "4410 is the number",
    )
