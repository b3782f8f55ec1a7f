"""Who is looked at once an endpoint is gone: itself under a new id, else the neighbour on the board."""

from __future__ import annotations

from controlroom.site.view import SeenEndpoint
from tests.ui.desk.room import site_view
from ui.desk.successor import neighbour, renamed_to, successor

SITE = site_view().endpoints


def without(*gone: str) -> tuple[SeenEndpoint, ...]:
    """The room's endpoints but for some."""
    return tuple(one for one in SITE if one.id not in gone)


def test_the_next_of_the_kind_takes_its_place_the_last_gives_it_to_the_one_before() -> None:
    """The eye stays in its column of the board."""
    assert successor(SITE, without("moorside"), "moorside") == "harbour"
    assert successor(SITE, without("moorside", "harbour"), "moorside") == "kestrel"
    assert successor(SITE, without("stores-server"), "stores-server") == "ups"
    assert successor(SITE, without("air-band"), "air-band") == "marine-band"


def test_where_the_kind_is_empty_the_nearest_of_another_is_taken() -> None:
    """And where nothing is left of all that was there, the first of what came; else nobody."""
    clouds = tuple(one.id for one in SITE if one.kind == "cloud")
    assert successor(SITE, without(*clouds), "sms") == "police-link"
    fresh = SITE[0].model_copy(update={"id": "fresh", "address": "192.0.2.9"})
    assert successor(SITE, (fresh,), "sms") == "fresh"
    assert successor(SITE, (), "sms") == ""
    assert successor((), SITE, "sms") == SITE[0].id


def test_an_endpoint_with_a_new_id_is_the_same_one() -> None:
    """What is asked of which address tells; one that was there already is never taken for it."""
    lost = SITE[3]
    other = lost.model_copy(update={"id": "tower", "name": "Tower"})
    assert renamed_to(SITE, (*without(lost.id), other), lost.id) == "tower"
    moved = lost.model_copy(update={"id": "tower", "address": "192.0.2.9"})
    assert renamed_to(SITE, (*without(lost.id), moved), lost.id) == ""
    assert renamed_to(SITE, without(lost.id), lost.id) == ""


def test_the_nearest_that_is_left_comes_after_or_before() -> None:
    """What is not in the order has no neighbour."""
    assert neighbour(["a", "b", "c"], {"a", "c"}, "b") == "c"
    assert neighbour(["a", "b", "c"], {"a"}, "b") == "a"
    assert neighbour(["a"], {"a"}, "b") == ""
