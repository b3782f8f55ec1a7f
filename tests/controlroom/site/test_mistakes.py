"""Mistakes: how one reads, how a place is named, what is nearest, and what the error says."""

from __future__ import annotations

from controlroom.errors import ControlroomError
from controlroom.site.mistakes import Mistake, MistakeList, SiteError, nearest, readable


def test_a_mistake_reads_as_compilers_write_them() -> None:
    """File, line, key path, what happened, the nearest key and the advice stand in one line."""
    mistake = Mistake(
        "unknown-key", "room.toml", 3, "endpoints[mast].nme", "is not a known key.", "name", "Mend it."
    )
    assert str(mistake) == (
        'room.toml:3: endpoints[mast].nme: is not a known key. Did you mean "name"? Mend it.'
    )


def test_a_place_is_named_by_id_then_name_then_number() -> None:
    """Items are named as people know them; an unusable id gives way to the number counted from 1."""
    tables = {"endpoints": [{"id": "mast", "probes": [{"type": "icmp"}, {"name": "x"}, {}]}, {"id": 5}]}
    assert readable(("endpoints", 0, "probes", 0, "ttl"), tables) == "endpoints[mast].probes[icmp].ttl"
    assert readable(("endpoints", 0, "probes", 1), tables) == "endpoints[mast].probes[x]"
    assert readable(("endpoints", 0, "probes", 2), tables) == "endpoints[mast].probes[#3]"
    assert readable(("endpoints", 1, "id"), tables) == "endpoints[#2].id"
    assert readable(("endpoints", 9), tables) == "endpoints[#10]"


def test_the_nearest_word_is_found_in_whatever_case() -> None:
    """Case does not hide a likeness, and nothing alike gives nothing."""
    assert nearest("PERIOD", ["period_s", "name"]) == "period_s"
    assert nearest("europe/lodnon", ["Europe/London", "Europe/Paris"]) == "Europe/London"
    assert nearest("zzz", ["period_s"]) is None


def test_the_error_holds_all_mistakes_and_names_the_first() -> None:
    """An edge that knows no mistakes still shows the first and where to see the rest."""
    mistakes = MistakeList("room.toml", {})
    mistakes.add("a", ("later",), "is wrong.")
    mistakes.add("b", ("sooner",), "is worse.")
    mistakes.add("b", ("sooner",), "is worse.")
    error = mistakes.error(lambda path: 1 if path == ("sooner",) else 2)
    assert isinstance(error, SiteError)
    assert isinstance(error, ControlroomError)
    assert [mistake.code for mistake in error.mistakes] == ["b", "a"]
    assert error.code == "site-mistakes"
    assert "2 mistakes; line 1: sooner: is worse." in error.happened
    whole = SiteError("room.toml", [Mistake("syntax", "room.toml", 1, "", "This is not TOML.", None, "")])
    assert "a mistake; line 1: This is not TOML." in whole.happened
