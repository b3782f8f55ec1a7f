"""Endpoints and their profiles: a mistake is named with its line, its key and the nearest known name."""

from __future__ import annotations

import pytest

from controlroom.site.form import FieldKind, site_form
from controlroom.site.load import load_site
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.profile import Grade, Mark, read_profile
from controlroom.site.view import SiteView, view_of
from tests.controlroom.site.declared import ROOM, TYPES, codes_of
from tests.controlroom.site.test_profile import PROFILE

PROFILES = {"radio": read_profile(PROFILE, "radio")}
PROBE = "\n[[endpoints.probes]]"


def room(keys: str) -> str:
    """Return a site whose one endpoint has these keys as well."""
    return ROOM.replace(PROBE, f"\n{keys}\n{PROBE}")


def mistakes_of(keys: str) -> list[Mistake]:
    """Load a site that must be refused."""
    with pytest.raises(SiteError) as caught:
        load_site(room(keys), "room.toml", TYPES, PROFILES)
    return list(caught.value.mistakes)


def test_an_endpoint_names_a_profile_and_replaces_numbers() -> None:
    """The view has all that desks and exports need: the profile's numbers, and the site's in their place."""
    keys = (
        'profile = "radio"\nobjective = 0.999\n[[endpoints.profile_limits]]\nfigure = "rtt_s"\ngood = 0.06\n'
    )
    site = load_site(room(keys), "room.toml", TYPES, PROFILES)
    text = view_of(site, TYPES, profiles=PROFILES).model_dump_json()
    view = SiteView.model_validate_json(text)
    (endpoint,) = view.endpoints
    profile = view.profile_of(endpoint)
    assert profile is not None
    assert (profile.title, endpoint.objective) == ("Radio", 0.999)
    assert [(grade, number.mark) for grade, number in profile.limits[0].numbers] == [
        (Grade.GOOD, Mark.SITE),
        (Grade.FAIR, Mark.OWN_CHOICE),
    ]


def test_an_endpoint_needs_no_profile() -> None:
    """The view of such a site carries none."""
    view = view_of(load_site(ROOM, "room.toml", TYPES, PROFILES), TYPES, profiles=PROFILES)
    assert view.profiles == ()
    assert view.profile_of(view.endpoints[0]) is None


def test_an_unknown_profile_is_named_with_its_line_and_the_nearest() -> None:
    """What was meant is most often a known one."""
    (mistake,) = mistakes_of('profile = "radios"')
    line = room('profile = "radios"').splitlines().index('profile = "radios"') + 1
    assert (mistake.code, mistake.line, mistake.key_path) == (
        "unknown-reference",
        line,
        "endpoints[mast].profile",
    )
    assert (mistake.nearest_key, mistake.advice) == ("radio", "Known: radio.")


def test_without_known_profiles_none_is_accepted() -> None:
    """A name that nobody could check would grade nothing, silently."""
    assert codes_of(room('profile = "radio"')) == ["unknown-reference"]


@pytest.mark.parametrize(
    ("keys", "code", "key"),
    [
        ("[[endpoints.profile_limits]]\nfigure = 'rtt_s'\ngood = 1\n", "bad-profile-limit", "profile_limits"),
        ("figure = 'rtt_s'\ngood = 0.2", "bad-profile-limit", "profile_limits[#1]"),
        ("figure = 'rtt_s'", "bad-profile-limit", "profile_limits[#1]"),
        (
            "figure = 'rtt_s'\ngood = 0.05\n[[endpoints.profile_limits]]\nfigure = 'rtt_s'\ngood = 0.06",
            "bad-profile-limit",
            "profile_limits[#2].figure",
        ),
        ("figure = 'rtt'\ngood = 0.05", "not-allowed", "profile_limits[#1].figure"),
        ("figure = 'rtt_s'\ngood = '50 ms'", "wrong-type", "profile_limits[#1].good"),
        ("figure = 'rtt_s'\ngood = -1", "out-of-range", "profile_limits[#1].good"),
        ("figure = 'rtt_s'\ngod = 1", "unknown-key", "profile_limits[#1].god"),
        ("good = 1", "missing-key", "profile_limits[#1].figure"),
    ],
)
def test_numbers_that_cannot_take_the_place_of_others_are_refused(keys: str, code: str, key: str) -> None:
    """Each at its own key, and once."""
    if not keys.startswith("["):
        keys = f'profile = "radio"\n[[endpoints.profile_limits]]\n{keys}\n'
    (mistake,) = mistakes_of(keys)
    assert (mistake.code, mistake.key_path) == (code, f"endpoints[mast].{key}")


def test_a_share_in_per_cent_is_refused_with_how_it_is_written() -> None:
    """As that of a probe's limit."""
    limits = '[[endpoints.profile_limits]]\nfigure = "loss_ratio"\ngood = 5\n'
    (mistake,) = mistakes_of(f'profile = "radio"\n{limits}')
    assert mistake.code == "bad-profile-limit"
    assert "Write 0.05 for 5 %." in mistake.advice


def test_a_figure_that_is_not_known_names_the_nearest() -> None:
    """As any word of a few."""
    (mistake,) = mistakes_of('profile = "radio"\nprofile_limits = [{figure = "rtt_p59_s", good = 1}]')
    assert mistake.nearest_key == "rtt_p95_s"


@pytest.mark.parametrize("objective", ["0.4", "1", "99.9", '"0.999"'])
def test_an_objective_is_a_share_that_can_be_missed(objective: str) -> None:
    """All of the time is no objective: it has no budget, and per cent are no share."""
    (mistake,) = mistakes_of(f"objective = {objective}")
    assert mistake.key_path == "endpoints[mast].objective"


def test_the_form_offers_the_profiles_by_their_titles() -> None:
    """None first; and without any known, the field is a plain line."""
    form = {each.key: each for each in site_form(TYPES, PROFILES).endpoint}
    profile = form["profile"]
    assert (profile.kind, profile.choices) == (FieldKind.CHOICE, ("", "radio"))
    assert profile.choice_titles == ("none", "Radio  (radio)")
    assert form["profile_limits"].kind is FieldKind.TABLES
    assert [each.key for each in form["profile_limits"].fields][:4] == ["figure", "good", "fair", "poor"]
    assert (form["objective"].least, form["objective"].most) == (0.5, 0.999999)
    bare = {each.key: each for each in site_form(TYPES).endpoint}
    assert bare["profile"].kind is FieldKind.LINE
