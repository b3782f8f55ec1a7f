"""A place in raw tables: reads what is there, and passes over what is not."""

from __future__ import annotations

from controlroom.site.place import Place

SITE = Place({"list": [1, "two", {"key": True}], "text": "x", "huge": 10**400, "not": float("nan")})


def test_what_is_there_is_read_with_its_path() -> None:
    """Keys, items and texts come with where they stand."""
    assert SITE.at("text") == Place("x", ("text",))
    assert [item.path for item in SITE.items("list")] == [("list", 0), ("list", 1), ("list", 2)]
    assert [(place.path, text) for place, text in SITE.texts("list")] == [(("list", 1), "two")]
    assert next(SITE.items("list")).number == 1


def test_what_is_not_there_is_nothing() -> None:
    """Wrong types, missing keys and numbers without a usable value are passed over."""
    assert SITE.at("missing").value is None
    assert list(SITE.items("text")) == []
    assert SITE.at("text").at("deeper").text is None
    assert SITE.at("huge").number is None
    assert SITE.at("not").number is None
    assert Place(True).number is None
    assert SITE.at("list").step(9) is None
    assert SITE.at("text").step("x") is None
