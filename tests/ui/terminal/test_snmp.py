"""The templates as a list, and what silence may mean."""

from __future__ import annotations

import io
import json

from probes.registry import PROBE_TYPES
from probes.snmp.template_library import templates
from ui.terminal.snmp import list_templates
from ui.terminal.snmp_silence import silence_words


def test_all_templates_are_listed_by_their_ids() -> None:
    """Each in a line with its title, once; the same as JSON."""
    out, as_json = io.StringIO(), io.StringIO()
    assert list_templates(PROBE_TYPES["snmp"], as_json=False, out=out) == 0
    assert list_templates(PROBE_TYPES["snmp"], as_json=True, out=as_json) == 0
    assert [line.split()[0] for line in out.getvalue().splitlines()] == sorted(templates())
    known = {each["id"]: each["title"] for each in json.loads(as_json.getvalue())}
    assert known == {each.id: each.title for each in templates().values()}


def test_what_silence_may_mean_depends_on_the_version() -> None:
    """In version 3 a wrong user is told; what cannot be decrypted is not."""
    assert "privacy password" in silence_words("3")
    assert silence_words("2c") == silence_words("1")
    assert "community" in silence_words("1")
