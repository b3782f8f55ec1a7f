"""The [alarms] section: its defaults, and what it refuses."""

from __future__ import annotations

import pytest

from controlroom.site.alarm_settings import Weighting
from controlroom.site.load import load_site
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of


def test_a_site_that_says_nothing_has_sensible_settings() -> None:
    """Eight hours of shelving, four until a forgotten one calls again, four falls in ten minutes."""
    alarms = load_site(ROOM, "room.toml", TYPES).alarms
    assert (alarms.longest_shelf_s, alarms.remind_s) == (28_800, 14_400)
    flapping, incidents = alarms.flapping, alarms.incidents
    assert (flapping.falls, flapping.within_s, flapping.calm_s) == (4, 600, 600)
    assert flapping.weighting is Weighting.TIME
    assert (incidents.least_members, incidents.within_s, incidents.infer) == (3, 30, True)


def test_each_setting_can_be_chosen() -> None:
    """What the site says takes the default's place, and nothing else does."""
    text = (
        ROOM + "[alarms]\nlongest_shelf_s = 3600\nremind_s = 0\n"
        '[alarms.flapping]\nfalls = 6\nweighting = "classic"\n[alarms.incidents]\ninfer = false\n'
    )
    alarms = load_site(text, "room.toml", TYPES).alarms
    assert (alarms.longest_shelf_s, alarms.remind_s, alarms.flapping.falls) == (3600, 0, 6)
    assert alarms.flapping.weighting is Weighting.CLASSIC
    assert (alarms.flapping.within_s, alarms.incidents.infer) == (600, False)


@pytest.mark.parametrize(
    ("section", "code", "key_path"),
    [
        ("[alarms]\nlongest_shelf_s = 0", "out-of-range", "alarms.longest_shelf_s"),
        ("[alarms]\nremind_s = -1", "out-of-range", "alarms.remind_s"),
        ("[alarms.flapping]\nfalls = 1", "out-of-range", "alarms.flapping.falls"),
        ('[alarms.flapping]\nweighting = "clasic"', "not-allowed", "alarms.flapping.weighting"),
        ("[alarms.incidents]\nleast_members = 1", "out-of-range", "alarms.incidents.least_members"),
        ("[alarms.incidents]\ninfers = true", "unknown-key", "alarms.incidents.infers"),
    ],
)
def test_what_cannot_be_is_refused_at_its_key(section: str, code: str, key_path: str) -> None:
    """With the code and the place of the mistake."""
    (mistake,) = mistakes_of(ROOM + section + "\n")
    assert (mistake.code, mistake.key_path) == (code, key_path)
