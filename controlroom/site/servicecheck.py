"""What must hang together in a service: its paths, its needs and its profile. It reads no file.

1. A path's id is unique within its service, and its endpoints are there.
2. A need names paths of its service, none twice in one list: it would count twice towards ``at_least``.
3. A need asks for no more than it lists, however deep it stands. That it lists something, the model sees to.
4. The profile is one of those that come with the program.
"""

from __future__ import annotations

from collections.abc import Collection

from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.profile import Profiles
from controlroom.site.profilecheck import check_profile_name
from controlroom.site.references import check_references, duplicate_reference, unique, unknown_reference


def check_service(
    mistakes: MistakeList, service: Place, endpoint_ids: Collection[str], profiles: Profiles
) -> None:
    """Note all that does not hang together in a service."""
    path_ids = unique(mistakes, service.items("paths"), "id", "path of its service")
    for path in service.items("paths"):
        check_references(mistakes, path, "endpoints", endpoint_ids, "endpoint")
    _check_need(mistakes, service.at("needs"), path_ids)
    check_profile_name(mistakes, service, profiles)


def _check_need(mistakes: MistakeList, need: Place, path_ids: Collection[str]) -> None:
    """Check a need and those nested in it; the loader has bounded how deep they go."""
    if need.text is not None and need.text not in path_ids:
        unknown_reference(mistakes, need, need.text, path_ids, "path of this service")
    for key in ("all", "any", "of"):
        _check_repeated_paths(mistakes, need, key)
        for inner in need.items(key):
            _check_need(mistakes, inner, path_ids)
    wanted, listed = need.at("at_least").number, need.at("of").value
    if wanted is not None and isinstance(listed, list) and wanted > len(listed) > 0:
        happened = f"is {wanted:g}, but only {len(listed)} are listed: the service could never be had."
        mistakes.add("impossible-need", need.at("at_least").path, happened, "Lower it or list more.")


def _check_repeated_paths(mistakes: MistakeList, need: Place, key: str) -> None:
    """A path named twice would count twice towards ``at_least``."""
    seen: set[str] = set()
    for inner, name in need.texts(key):
        if name in seen:
            duplicate_reference(mistakes, inner, name)
        seen.add(name)
