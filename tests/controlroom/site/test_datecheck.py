"""Dates in the site file: taken where a key takes one, named with line and key where something is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from controlroom.site.datecheck import takes_date
from controlroom.site.load import load_site
from tests.controlroom.site.declared import ENDPOINT, ROOM, TYPES, mistakes_of

PROBE = '[[endpoints.probes]]\ntype = "icmp"\n'
SERVICE = """
[[services]]
id = "talk"
name = "Talk"
needs = "a"
[[services.paths]]
id = "a"
endpoints = ["mast"]
"""


def test_the_keys_that_take_a_date_are_found_in_the_model() -> None:
    """By the whole place of a key, not by its name alone."""
    assert takes_date(("endpoints", 3, "review_date"))
    assert takes_date(("endpoints", 0, "agreement_expires"))
    assert takes_date(("services", 0, "paths", 1, "exercised"))
    for path in ((), ("review_date",), ("endpoints", 0, "name"), ("endpoints", 0, "review_date", 0)):
        assert not takes_date(path)
    assert not takes_date(("endpoints", 0, "probes", 0, "review_date"))


def test_a_date_is_read_as_one() -> None:
    """At an endpoint and at a path; a key without one has none."""
    text = 'name = "Room"\n' + ENDPOINT + "review_date = 2027-03-31\nagreement_expires = 2028-02-29\n"
    site = load_site(text + PROBE + SERVICE + "exercised = 2026-10-04\n", "room.toml", TYPES)
    assert site.endpoints[0].review_date == date(2027, 3, 31)
    assert site.endpoints[0].agreement_expires == date(2028, 2, 29)
    assert site.services[0].paths[0].exercised == date(2026, 10, 4)
    assert load_site(ROOM, "room.toml", TYPES).endpoints[0].review_date is None


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ('"2027-03-31"', "text"),
        ("2027-03-31T10:00:00", "a date with a time"),
        ("2027-03-31T00:00:00Z", "a date with a time"),
        ("10:00:00", "a time"),
        ("20270331", "a whole number"),
        ("true", "true or false"),
        ("[2027-03-31]", "a list"),
    ],
)
def test_what_is_no_date_is_named_with_line_key_and_how_it_is_written(value: str, what: str) -> None:
    """Once, whatever stands there, and with an example."""
    text = 'name = "Room"\n' + ENDPOINT + f"review_date = {value}\n" + PROBE
    found = mistakes_of(text)
    named = [(one.code, one.line, one.key_path, one.happened) for one in found]
    assert (
        "wrong-type",
        len(text.splitlines()) - 2,
        "endpoints[mast].review_date",
        f"must be a date, not {what}.",
    ) in named
    assert all("2027-03-31" in one.advice for one in found if one.key_path == "endpoints[mast].review_date")
    assert len(found) == (2 if what == "a list" else 1)


def test_a_day_that_there_is_not_is_refused_in_its_line() -> None:
    """The parser itself knows the calendar."""
    text = 'name = "Room"\n' + ENDPOINT + "review_date = 2027-02-29\n" + PROBE
    (mistake,) = mistakes_of(text)
    assert (mistake.code, mistake.line) == ("syntax", len(text.splitlines()) - 2)


def test_a_date_elsewhere_is_refused() -> None:
    """A date is no text, and no number."""
    (mistake,) = mistakes_of('name = "Room"\n' + ENDPOINT + "location = 2027-03-31\n" + PROBE)
    assert (mistake.code, mistake.key_path) == ("wrong-type", "endpoints[mast].location")
    assert "does not take" in mistake.happened
