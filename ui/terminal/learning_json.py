"""What is still to be learned of a link's normal, as JSON's own types. It learns nothing."""

from __future__ import annotations

from collections.abc import Mapping

from controlroom.measure.change_detector import Learning


def learning_json(learning: Learning | None) -> Mapping[str, object]:
    """Return it under keys that stay; ``None`` is a link whose normal is known."""
    if learning is None:
        return {"settled": True, "missing_rows": 0, "row_s": None, "missing_s": 0.0}
    return {
        "settled": False,
        "missing_rows": learning.rows,
        "row_s": learning.row_s,
        "missing_s": learning.length_s,
    }
