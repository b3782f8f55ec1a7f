"""Dates in the form: typed as year-month-day, written into the file as dates, complained of where wrong."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from controlroom.site.edit import endpoint_tables, put_endpoint
from controlroom.site.form import site_form
from controlroom.site.load import load_site
from probes.registry import PROBE_TYPES
from tests.ui.desk.site_editor.conftest import Bench
from ui.desk.site_editor.draft import merged
from ui.desk.site_editor.fields_form import FieldsForm
from ui.desk.theme import Theme, load_fonts

ROOM = """name = "Room"
[[endpoints]]
id = "partner"
name = "Partner"
kind = "partner"
address = "127.0.0.3"
agreement_expires = 2026-12-31   # signed on paper
probes = [{ type = "icmp" }]
"""


@pytest.fixture
def form(qtbot: QtBot) -> FieldsForm:
    """The form of an endpoint."""
    form = FieldsForm(Theme("dark", load_fonts()), site_form(PROBE_TYPES).endpoint)
    qtbot.addWidget(form)
    form.show()
    form.show_values(endpoint_tables(ROOM)[0])
    return form


def line(form: FieldsForm, key: str) -> QLineEdit:
    """The line of a field."""
    found = form.editors[key].focusProxy()
    assert isinstance(found, QLineEdit)
    return found


def test_a_date_is_shown_typed_and_saved_as_one(form: FieldsForm) -> None:
    """Its line in the file keeps its comment, and the file loads."""
    assert line(form, "agreement_expires").text() == "2026-12-31"
    assert form.values()["agreement_expires"] == date(2026, 12, 31)
    line(form, "agreement_expires").clear()
    QTest.keyClicks(line(form, "agreement_expires"), "2028-02-29")
    QTest.keyClicks(line(form, "review_date"), " 2027-03-31 ")
    fresh = merged(endpoint_tables(ROOM)[0], form.fields, form.values())
    written = put_endpoint(ROOM, fresh, in_place_of="partner")
    assert "agreement_expires = 2028-02-29   # signed on paper\n" in written
    assert tomllib.loads(written)["endpoints"][0]["review_date"] == date(2027, 3, 31)
    assert load_site(written, "room.toml", PROBE_TYPES).endpoints[0].agreement_expires == date(2028, 2, 29)
    assert form.show_faults() == 0


@pytest.mark.parametrize(
    "typed", ["31.12.2027", "2027-02-29", "2027-13-01", "20271231", "2027-1-1", "2027-W01-1", "soon"]
)
def test_what_is_no_date_is_complained_of_with_what_is_right(form: FieldsForm, typed: str) -> None:
    """As it is typed; the text stays, for whoever typed it mends it."""
    QTest.keyClicks(line(form, "review_date"), typed)
    assert line(form, "review_date").text() == typed
    assert "2027-03-31" in form.editors["review_date"].fault()
    assert form.show_faults() == 1
    assert form.first_fault() is form.editors["review_date"]


def test_an_emptied_date_goes_out_of_the_file(form: FieldsForm) -> None:
    """And an empty one is no fault."""
    line(form, "agreement_expires").clear()
    assert form.values()["agreement_expires"] is None
    assert form.show_faults() == 0
    fresh = merged(endpoint_tables(ROOM)[0], form.fields, form.values())
    assert "agreement_expires" not in put_endpoint(ROOM, fresh, in_place_of="partner")
    assert line(form, "review_date").placeholderText() == "year-month-day"


def test_a_date_typed_into_the_window_is_in_the_file_after_saving(bench: Bench) -> None:
    """A wrong one stays out of it, and the window says what is right."""
    bench.open("core")
    bench.type("review_date", "31.3.2027")
    before = bench.text
    bench.press(bench.dialog.save)
    assert bench.text == before
    bench.type("review_date", "2027-03-31")
    bench.save()
    assert "review_date = 2027-03-31\n" in bench.text
    assert not bench.dialog.form.edited
