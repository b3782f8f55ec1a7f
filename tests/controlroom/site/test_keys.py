"""The declared keys: which are known at a path, and what each is for."""

from __future__ import annotations

from controlroom.site.keys import COMMON_PROBE_KEYS, known_keys, meaning
from controlroom.site.model import Endpoint, Limit, Site


def test_known_keys_follow_a_path_through_lists_and_shapes() -> None:
    """Places in lists change nothing; a need may have the keys of each of its shapes."""
    assert known_keys(Site, ("endpoints", 3)) == frozenset(Endpoint.model_fields)
    assert known_keys(Site, ("endpoints", 3, "probes", 0)) == COMMON_PROBE_KEYS
    assert known_keys(Site, ("endpoints", 3, "probes", 0, "limits", 1)) == frozenset(Limit.model_fields)
    assert known_keys(Site, ("services", 0, "needs", "any", 2)) == {"all", "any", "at_least", "of"}
    assert known_keys(Site, ("name",)) == frozenset()


def test_a_meaning_is_the_declarations() -> None:
    """The words of the model explain a key; what is no key has none."""
    assert meaning(Site, ("endpoints", 0, "contact")) == "Whom to call when it fails."
    assert meaning(Site, ("endpoints", 0, "nothing")) == ""
    assert meaning(Site, ()) == ""


def test_a_key_that_python_could_not_have_is_known_by_the_files_name() -> None:
    """``as`` and ``from`` are keys; what the model calls them is none."""
    assert "as" in known_keys(Site, ("alarm_rules", 0))
    assert "told_as" not in known_keys(Site, ("alarm_rules", 0))
    assert meaning(Site, ("shifts", 0, "from")).startswith("When they begin")
