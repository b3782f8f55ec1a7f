"""Contacts, shifts, escalations and quiet hours: what they take, and what is refused."""

from __future__ import annotations

import pytest

from controlroom.site.duty import Weekday
from controlroom.site.load import load_site
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of

CONTACT = '[[contacts]]\nid = "ann"\nname = "Ann"\n'
SHIFT = '[[shifts]]\nid = "nights"\nfrom = "19:00"\nuntil = "07:00"\ncontacts = ["ann"]\n'
ESCALATION = '[[escalations]]\nid = "usual"\n'
QUIET = '[[quiet_hours]]\nfrom = "22:00"\nuntil = "06:00"\n'


def test_a_whole_duty_is_taken() -> None:
    """Under the keys of the file, every day where none is named."""
    steps = 'steps = [{ after_s = 0, to = "desk" }, { after_s = 60, to = "nights" }]\n'
    days = 'days = ["friday"]\nleast_urgent_told = 2\n'
    text = ROOM + CONTACT + SHIFT + ESCALATION + "priorities = [1, 2]\n" + steps + QUIET + days
    site = load_site(text, "room.toml", TYPES)
    (shift,), (escalation,), (quiet,) = site.shifts, site.escalations, site.quiet_hours
    assert (shift.begin, shift.until, shift.days, shift.contacts) == ("19:00", "07:00", (), ("ann",))
    assert [(step.after_s, step.to) for step in escalation.steps] == [
        (0, "desk"),
        (60, "nights"),
    ]
    assert (quiet.days, quiet.least_urgent_told) == ((Weekday.FRIDAY,), 2)


@pytest.mark.parametrize(
    ("text", "code", "key_path", "nearest"),
    [
        (
            CONTACT + SHIFT.replace('["ann"]', '["anna"]'),
            "unknown-reference",
            "shifts[nights].contacts[#1]",
            "ann",
        ),
        (CONTACT + SHIFT.replace('["ann"]', "[]"), "too-few", "shifts[nights].contacts", None),
        (CONTACT + SHIFT.replace("19:00", "24:00"), "bad-text", "shifts[nights].from", None),
        (CONTACT + SHIFT.replace('"nights"', '"ann"'), "duplicate-id", "shifts[ann].id", None),
        (CONTACT.replace('"ann"', '"desk"'), "reserved-id", "contacts[desk].id", None),
        (CONTACT + SHIFT + 'days = ["fryday"]\n', "not-allowed", "shifts[nights].days[#1]", "friday"),
        (ESCALATION + "steps = []\n", "too-few", "escalations[usual].steps", None),
        (ESCALATION, "missing-key", "escalations[usual].steps", None),
        (
            ESCALATION + 'steps = [{ after_s = 1, to = "dusk" }]\n',
            "unknown-reference",
            "escalations[usual].steps[#1].to",
            "desk",
        ),
        (
            ESCALATION + 'steps = [{ after_s = 9, to = "desk" }, { after_s = 8, to = "desk" }]\n',
            "bad-escalation",
            "escalations[usual].steps[#2].after_s",
            None,
        ),
        (
            ESCALATION.replace("usual", "never") + 'steps = [{ after_s = 9, to = "desk" }]\n',
            "reserved-id",
            "escalations[never].id",
            None,
        ),
        (
            ESCALATION + 'priorities = [1, 1]\nsteps = [{ after_s = 9, to = "desk" }]\n',
            "bad-escalation",
            "escalations[usual].priorities[#2]",
            None,
        ),
        (
            ESCALATION + 'priorities = [5]\nsteps = [{ after_s = 9, to = "desk" }]\n',
            "out-of-range",
            "escalations[usual].priorities[#1]",
            None,
        ),
        (
            QUIET + "least_urgent_told = 0\n",
            "silences-the-most-urgent",
            "quiet_hours[#1].least_urgent_told",
            None,
        ),
        (QUIET + "least_urgent_told = 5\n", "out-of-range", "quiet_hours[#1].least_urgent_told", None),
    ],
)
def test_what_cannot_be_is_named(text: str, code: str, key_path: str, nearest: str | None) -> None:
    """With its place and the nearest."""
    (mistake,) = mistakes_of(ROOM + text)
    assert (mistake.code, mistake.key_path, mistake.nearest_key) == (code, key_path, nearest)


def test_two_escalations_are_not_for_one_priority() -> None:
    """Else it would not be known whom to tell."""
    steps = 'priorities = [2]\nsteps = [{ after_s = 9, to = "desk" }]\n'
    text = ROOM + ESCALATION + steps + ESCALATION.replace("usual", "other") + steps
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.key_path) == ("bad-escalation", "escalations[other].priorities[#1]")
    assert "usual" in mistake.happened
