"""Rows of a table that have their names in other tables, by a part of their index."""

from probes.snmp.figures import figures
from probes.snmp.objects import Objects
from probes.snmp.template import Template

LINK_NAME, RADIO_NAME, RATE = "1.3.6.1.4.1.5.1", "1.3.6.1.4.1.5.2", "1.3.6.1.4.1.5.3"


def _template(label_parts: dict[str, int], only: dict[str, str] | None = None) -> Template:
    return Template.model_validate(
        {
            "format": 1,
            "id": "link",
            "title": "Link",
            "maker": "Nobody",
            "source": "none",
            "tables": {"path": {"title": "Path", "label_parts": label_parts, "only": only or {}}},
            "values": [{"name": "rate_bit_per_s", "title": "Rate", "table": "path", "oid": [RATE]}],
        }
    )


def _rows(template: Template, objects: dict[str, int | bytes]) -> dict[str, float | None]:
    return {figure.row: figure.number for figure in figures(template, Objects(dict(objects)))}


def test_a_row_is_named_by_the_parts_of_its_index_in_their_own_tables() -> None:
    """A link's and a radio's name stand in two other tables."""
    objects: dict[str, int | bytes] = {
        f"{LINK_NAME}.7": b"North",
        f"{RADIO_NAME}.1": b"A",
        f"{RADIO_NAME}.2": b"B",
        f"{RATE}.7.1": 10,
        f"{RATE}.7.2": 20,
    }
    assert _rows(_template({LINK_NAME: 1, RADIO_NAME: 2}), objects) == {"North A": 10, "North B": 20}


def test_rows_that_share_a_part_have_their_index_behind_it() -> None:
    """One name for two rows tells none of them."""
    objects: dict[str, int | bytes] = {f"{LINK_NAME}.7": b"North", f"{RATE}.7.1": 10, f"{RATE}.7.2": 20}
    assert _rows(_template({LINK_NAME: 1}), objects) == {"North (7.1)": 10, "North (7.2)": 20}


def test_a_part_that_names_nothing_leaves_the_index() -> None:
    """Neither name is there: the second wants a third number."""
    assert _rows(_template({LINK_NAME: 1, RADIO_NAME: 3}), {f"{RATE}.7.1": 10}) == {"7.1": 10}


def test_rows_that_do_not_count_are_left_out_however_they_are_named() -> None:
    """Only rows of the kind that counts are told."""
    kind = "1.3.6.1.4.1.5.4"
    objects: dict[str, int | bytes] = {
        f"{LINK_NAME}.7": b"North",
        f"{LINK_NAME}.8": b"South",
        f"{RATE}.7": 10,
        f"{RATE}.8": 20,
        f"{kind}.8": 3,
    }
    assert _rows(_template({LINK_NAME: 1}, {kind: "^3$"}), objects) == {"South": 20}
