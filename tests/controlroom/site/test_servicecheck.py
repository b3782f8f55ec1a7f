"""Services that can never be had, or name what there is not: refused by name, with the line."""

from __future__ import annotations

import pytest

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.site.load import load_site
from controlroom.site.mistakes import SiteError
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of

SERVICE = """
[[services]]
id = "talk"
name = "Talk"
paths = [
  { id = "a", endpoints = ["mast"] },
  { id = "b", endpoints = ["mast"] },
  { id = "c", endpoints = ["mast"] },
]
"""
LINE = len((ROOM + SERVICE).splitlines()) + 1


@pytest.mark.parametrize(
    ("needs", "key_path"),
    [
        ("{ all = [] }", "services[talk].needs.all"),
        ("{ any = [] }", "services[talk].needs.any"),
        ("{ at_least = 1, of = [] }", "services[talk].needs.of"),
        (
            '{ all = ["a", { any = ["b", { at_least = 2, of = [] }] }] }',
            "services[talk].needs.all[#2].any[#2].of",
        ),
    ],
)
def test_an_empty_need_is_refused_however_deep(needs: str, key_path: str) -> None:
    """Once, at the list that is empty."""
    (mistake,) = mistakes_of(ROOM + SERVICE + f"needs = {needs}\n")
    assert (mistake.code, mistake.key_path, mistake.line) == ("too-few", key_path, LINE)
    assert mistake.happened == "is empty."


@pytest.mark.parametrize(
    ("needs", "key_path", "said"),
    [
        ('{ at_least = 4, of = ["a", "b", "c"] }', "needs.at_least", "is 4, but only 3"),
        ('{ any = ["a", { at_least = 3, of = ["b", "c"] }] }', "needs.any[#2].at_least", "is 3, but only 2"),
        (
            '{ at_least = 2, of = ["a", { all = [{ at_least = 2, of = [{ any = ["b", "c"] }] }] }] }',
            "needs.of[#2].all[#1].at_least",
            "is 2, but only 1",
        ),
    ],
)
def test_more_needed_than_listed_is_refused_however_deep(needs: str, key_path: str, said: str) -> None:
    """A nested need counts as one of those listed, whatever it holds."""
    (mistake,) = mistakes_of(ROOM + SERVICE + f"needs = {needs}\n")
    assert (mistake.code, mistake.key_path) == ("impossible-need", f"services[talk].{key_path}")
    assert mistake.line == LINE
    assert said in mistake.happened


@pytest.mark.parametrize("least", ["0", "-1"])
def test_none_needed_is_no_need(least: str) -> None:
    """A service that is never lost is a mistake too."""
    (mistake,) = mistakes_of(ROOM + SERVICE + f'needs = {{ at_least = {least}, of = ["a"] }}\n')
    assert (mistake.code, mistake.key_path) == ("out-of-range", "services[talk].needs.at_least")


def test_a_path_and_a_service_list_something() -> None:
    """A path without endpoints would always work, a service without paths never."""
    text = '\n[[services]]\nid = "talk"\nname = "Talk"\nneeds = "a"\npaths = [{ id = "a", endpoints = [] }]\n'
    assert [(one.code, one.key_path) for one in mistakes_of(ROOM + text)] == [
        ("too-few", "services[talk].paths[a].endpoints")
    ]
    bare = text.replace('[{ id = "a", endpoints = [] }]', "[]")
    assert ("too-few", "services[talk].paths") in [
        (one.code, one.key_path) for one in mistakes_of(ROOM + bare)
    ]


def test_a_services_profile_is_a_known_one() -> None:
    """Refused with the nearest, as an endpoint's is."""
    profiles = read_profiles(resources.path("profiles"))
    text = ROOM + SERVICE + 'needs = "a"\nprofile = "PROFILE"\n'
    assert (
        load_site(text.replace("PROFILE", "ptt-voice"), "room.toml", TYPES, profiles).services[0].profile
        == "ptt-voice"
    )
    with pytest.raises(SiteError) as caught:
        load_site(text.replace("PROFILE", "ptt-voic"), "room.toml", TYPES, profiles)
    (mistake,) = caught.value.mistakes
    assert (mistake.code, mistake.key_path) == ("unknown-reference", "services[talk].profile")
    assert (mistake.line, mistake.nearest_key) == (LINE + 1, "ptt-voice")
