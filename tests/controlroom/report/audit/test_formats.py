"""The audit in its four formats: whole, escaped, marked where simulated, honest where empty."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from reportlab import rl_config  # type: ignore[import-untyped]

from controlroom.report.audit.audit import Asking, Audit, read_audit
from controlroom.report.audit.csv_table import audit_csv
from controlroom.report.audit.html import SIMULATED, audit_html
from controlroom.report.audit.json_text import audit_json
from controlroom.report.audit.layout import laid_out
from controlroom.report.audit.measured_layout import NEEDS_DATA
from controlroom.report.audit.pdf import audit_pdf
from controlroom.site.view import SiteView
from controlroom.store.interface import BlindTime, Heartbeat
from tests.controlroom.report.audit.rooms import room
from tests.controlroom.report.memory_store import NOON_UTC_S, reading
from tests.controlroom.report.rolled_store import RolledStore
from tests.ui.terminal.site_stories import UP, state

EVIL = '<script>alert("x")</script>\u202e=1+1'
FORMULA = '=HYPERLINK("http://x")'


def audit(of: SiteView | None = None) -> Audit:
    """An audit of the site file alone."""
    return read_audit(of or room(), None, Asking(), NOON_UTC_S)


def measured() -> Audit:
    """An audit with an hour of readings, of which five minutes were blind."""
    store = RolledStore(site=room(), beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    names = [each.id for each in room().endpoints]
    store.endpoint_states = [state(name, UP) for name in names]
    store.readings = [
        reading(name, NOON_UTC_S - 3600 + second, 0.01 + second % 7 / 1000)
        for name in names
        for second in range(0, 3600, 30)
    ]
    store.blind = [BlindTime(NOON_UTC_S - 600, NOON_UTC_S - 300, "asleep")]
    return read_audit(room(), store, Asking(), NOON_UTC_S)


def test_html_is_self_contained_and_escaped() -> None:
    """Nothing is fetched or run, and no text of the site becomes markup or turns what is read."""
    page = audit_html(laid_out(audit(room(gate_a={"name": EVIL, "owner": ""}))))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "\u202e" not in page
    assert re.search(r"\b(src|href)=", page) is None
    assert "url(" not in page


def test_csv_runs_no_formula() -> None:
    """One row a finding, ranked."""
    text = audit_csv(audit(room(partner={"agreement": FORMULA, "name": FORMULA, "owner": ""})))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["rank"]) for row in rows] == list(range(1, len(rows) + 1))
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "+", "-", "@"))]
    assert any(row["what"].startswith("'=HYPERLINK") for row in rows)


def test_json_has_a_format_and_says_what_was_not_measured() -> None:
    """``null``, never an empty answer."""
    told = json.loads(audit_json(audit()))
    assert (told["format"], told["has_measurements"], told["data"], told["training"]) == (
        1,
        False,
        None,
        None,
    )
    assert told["services"][0]["single_points"] == ["group:duct"]
    assert (told["services"][0]["whole_margin"], told["services"][0]["margin"]) == (1, None)
    assert told["inventory"][3]["agreement_expires"] == "2029-01-01"
    assert told["today"] == "2027-01-15"


@pytest.mark.parametrize(
    ("name", "replaced"), [("Łódź", True), ("Malmö – Zürich", False), ("Řež", True), ("", False)]
)
def test_pdf_says_on_its_first_page_that_letters_are_replaced(
    name: str, *, replaced: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are any that its fonts lack."""
    monkeypatch.setattr(rl_config, "pageCompression", 0)
    found = audit_pdf(laid_out(audit(room(gate_a={"name": name}))))
    assert (b"are not in the fonts of this file" in found) is replaced


def test_pdf_is_one_and_the_same_each_time_and_bears_any_text() -> None:
    """Also letters that its fonts lack."""
    document = laid_out(audit(room(gate_a={"name": f"{EVIL} Łódź 東京", "owner": ""})))
    found = audit_pdf(document)
    assert found.startswith(b"%PDF-")
    assert found == audit_pdf(document)


def test_a_simulated_site_is_marked_in_every_format() -> None:
    """On the page, in each row, as a key."""
    found = audit(room().model_copy(update={"simulated": True}))
    assert SIMULATED in audit_html(laid_out(found))
    assert all(row["simulated"] == "true" for row in csv.DictReader(io.StringIO(audit_csv(found))))
    assert json.loads(audit_json(found))["simulated"] is True
    assert len(audit_pdf(laid_out(found))) > len(audit_pdf(laid_out(audit())))


def test_what_needs_measurements_says_so_and_an_empty_site_too() -> None:
    """No part is left out silently."""
    page = audit_html(laid_out(audit()))
    assert page.count(NEEDS_DATA) == 2
    empty = audit_html(laid_out(audit(SiteView(name="Empty"))))
    for words in ("has no service", "names no risk group", "has no endpoint"):
        assert words in empty
    assert audit_pdf(laid_out(audit(SiteView(name="Empty")))).startswith(b"%PDF-")


def test_measurements_are_told_with_what_was_not_measured() -> None:
    """Blind time is a finding, and each probe has its coverage: one of thirty readings is there."""
    found = measured()
    codes = {each.code for each in found.findings}
    assert {"blind_time", "coverage_poor"} <= codes
    told = json.loads(audit_json(found))
    assert told["data"]["blind_s"] == 300.0
    assert told["data"]["probes"][0]["coverage_ratio"] == pytest.approx(1 / 30, rel=0.02)
    assert told["services"][0]["state"] == "working"
    page = audit_html(laid_out(found))
    assert NEEDS_DATA not in page
    assert "too short to expect anything from" in page
    assert audit_pdf(laid_out(found)).startswith(b"%PDF-")
