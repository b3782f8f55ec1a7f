"""What must hang together between an endpoint or a service and its profile. It reads no file.

1. The profile is one of those that come with the program.
2. Numbers of the site stand only beside a profile, one table a figure, and go from better to worse
   together with those of the profile that they leave in place.
"""

from __future__ import annotations

from pydantic import ValidationError

from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.probecheck import SHARE_ADVICE
from controlroom.site.profile import RATIOS, Profile, Profiles
from controlroom.site.profile_override import ProfileOverride, overridden_limit


def check_profile(mistakes: MistakeList, endpoint: Place, profiles: Profiles) -> None:
    """Note an unknown profile, and numbers that cannot take the place of its own."""
    name = endpoint.at("profile").text
    if not check_profile_name(mistakes, endpoint, profiles):
        return
    if not name and endpoint.has("profile_limits"):
        happened = "has nothing to take the place of: the endpoint names no profile."
        path = endpoint.at("profile_limits").path
        mistakes.add("bad-profile-limit", path, happened, "Name one with profile, above its probes.")
    elif name:
        _check_limits(mistakes, endpoint, profiles[name])


def check_profile_name(mistakes: MistakeList, place: Place, profiles: Profiles) -> bool:
    """Note an unknown profile of an endpoint or a service; tell whether it names none or a known one."""
    name = place.at("profile").text
    if not name or name in profiles:
        return True
    shown = name if len(name) <= 63 else f"{name[:63]}…"
    advice = f"Known: {', '.join(sorted(profiles))}." if profiles else ""
    happened = f'names the profile "{shown}", which there is not.'
    mistakes.add("unknown-reference", place.at("profile").path, happened, advice, word=name, known=profiles)
    return False


def _check_limits(mistakes: MistakeList, endpoint: Place, profile: Profile) -> None:
    seen: set[str] = set()
    for place in endpoint.items("profile_limits"):
        try:
            override = ProfileOverride.model_validate(place.value)
        except ValidationError:
            continue  # the model has named what is wrong
        if override.figure in seen:
            happened = f'stands a second time for "{override.figure}".'
            mistakes.add("bad-profile-limit", place.at("figure").path, happened, "Write one table a figure.")
            continue
        seen.add(override.figure)
        try:
            overridden_limit(profile.limit(override.figure), override)
        except ValueError as error:
            advice = f"See what {profile.id} says of {override.figure}."
            if override.figure in RATIOS:
                advice = f"{SHARE_ADVICE} {advice}"
            mistakes.add("bad-profile-limit", place.path, str(error), advice)
