"""The reference: each key with its type, bounds, default and meaning, made from declarations."""

from __future__ import annotations

from controlroom.site.model import Site
from controlroom.site.reference import reference
from tests.controlroom.site.declared import TYPES


def test_every_key_of_the_model_has_a_row_with_a_meaning() -> None:
    """No key is without words."""
    rows = [line for line in reference(TYPES).splitlines() if line.startswith("| `")]
    own = ("`metric`", "`user`", "`scale`", "`items`")  # the declarations of the tests give these no words
    assert not [
        row for row in rows if row.endswith("|  |") and not row.startswith(tuple(f"| {one}" for one in own))
    ]
    assert len(rows) > len(Site.model_fields)


def test_types_and_defaults_are_in_the_words_of_the_file() -> None:
    """Ids, choices, bounds, lists, needs and secrets are named as a writer of the file knows them."""
    text = reference(TYPES)
    assert "| `anchors` | list of id | none |" in text
    assert '| `"carrier"` \\|' in text
    assert "| `period_s` | number, at least 0.2, at most 86400 | the type's |" in text
    assert "| `needs` | need | required |" in text
    assert (
        "| `payload_bytes` | whole number, at least 16, at most 1472 | `56` | Bytes in each request. |"
        in text
    )
    assert "| `secret` | secret reference | none |" in text
    assert "| `agreement_expires` | date | none |" in text
    assert "| `exercised` | date | none |" in text
    assert "#### `[[endpoints.probes.items]]`" in text
    assert "No keys of its own." in text
