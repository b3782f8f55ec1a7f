"""Profiles are read whole or refused with what is wrong, and every number has its source."""

from __future__ import annotations

import pytest

from controlroom.errors import ControlroomError
from controlroom.site.profile import FigureName, Grade, Mark, read_profile

PROFILE = """
format = 1
id = "radio"
title = "Radio"
about = "A made-up link."

[[limits]]
figure = "rtt_s"
one_way = true
good = { at = 0.04, mark = "published", source = "A manual" }
fair = { at = 0.15, mark = "own choice", source = "A guess" }
beyond = "unusable"

[[limits]]
figure = "mos"
good = { at = 4.0, mark = "secondary", source = "A table" }
poor = { at = 2.5, mark = "secondary", source = "A table" }
beyond = "unusable"
"""


def refusal(text: str, name: str = "radio") -> str:
    """Read a text that must be refused, and return what is said of it."""
    with pytest.raises(ControlroomError) as caught:
        read_profile(text, name)
    assert caught.value.code == "profile-bad"
    return caught.value.happened


def test_a_profile_is_read_with_its_sources() -> None:
    """Grades without a number are left out, and those with one keep its mark."""
    profile = read_profile(PROFILE, "radio")
    delay = profile.limit(FigureName.RTT_S)
    assert delay is not None
    assert [(grade, number.at, number.mark) for grade, number in delay.numbers] == [
        (Grade.GOOD, 0.04, Mark.PUBLISHED),
        (Grade.FAIR, 0.15, Mark.OWN_CHOICE),
    ]
    assert (delay.one_way, delay.minimum_readings, delay.beyond) == (True, 20, Grade.UNUSABLE)
    assert profile.limit(FigureName.LOSS_RATIO) is None


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("at = 0.15", "at = 0.04", "from better to worse"),
        ("at = 0.15", "at = 0.03", "from better to worse"),
        ("at = 2.5", "at = 4.2", "from better to worse"),
        ("at = 4.0", "at = 5.0", "never more than 4.5"),
        ("at = 0.15", "at = -1", "greater than or equal to 0"),
        ('"own choice", source = "A guess"', '"own choice"', "Field required"),
        ('source = "A guess"', 'source = ""', "at least 1 character"),
        ('"own choice"', '"rumour"', "own choice"),
        ('"own choice"', '"site"', "only a site may choose"),
        ('beyond = "unusable"\n\n', 'beyond = "fair"\n\n', "worse than the last grade"),
        ('beyond = "unusable"\n\n', 'beyond = "unknown"\n\n', "worse than the last grade"),
        ('figure = "mos"', 'figure = "mos"\none_way = true', "for delays alone"),
        ('figure = "mos"', 'figure = "rtt_s"', "from better to worse"),
        ('figure = "mos"', 'figure = "happiness"', "rtt_s"),
        ("one_way = true", 'one_way = "yes, mostly"', "boolean"),
        ("one_way = true", "minimum_readings = 0", "greater than or equal to 1"),
        ("one_way = true", "one_ways = true", "Extra inputs"),
        ('id = "radio"', 'id = "Radio"', "pattern"),
        ("format = 1", "format = 2", "1"),
        ("[[limits]]", "[limits]", "TOML|tuple|Cannot"),
    ],
)
def test_what_is_no_profile_is_refused(right: str, wrong: str, said: str) -> None:
    """With its name and what is wrong, for it would grade links by nonsense."""
    assert right in PROFILE
    happened = refusal(PROFILE.replace(right, wrong, 1))
    assert happened.startswith("radio is no profile") or "only a site may choose" in happened
    assert any(word in happened for word in said.split("|"))


def test_a_limit_without_a_number_for_good_and_a_figure_that_stands_twice_are_refused() -> None:
    """Neither says what holds."""
    bare = PROFILE + '\n[[limits]]\nfigure = "jitter_s"\nbeyond = "poor"\n'
    assert "good\n  Field required" in refusal(bare)
    twice = PROFILE + '\n[[limits]]\nfigure = "mos"\nbeyond = "poor"\n'
    twice += 'good = { at = 3.0, mark = "secondary", source = "A table" }\n'
    assert "twice" in refusal(twice)


def test_a_profile_goes_by_the_name_of_its_file() -> None:
    """An endpoint names it by that."""
    assert "calls itself radio" in refusal(PROFILE, "other")
