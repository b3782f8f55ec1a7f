"""Exports as one JSON object, written row by row. It chooses no rows.

    {"kind", "site", "simulated", "since", "until", "blind_time": [{"from", "until", "cause"}, …],
     "chain": {"intact", "broken_at"},        only for the log
     "rows": [{…}, …],
     "unreadable": [{"file", "from", "until"}, …]}     what could not be read, for a file is damaged there

Times are ISO 8601 in UTC with the offset; an unknown is ``null``. An open side of the range is
``null``. Where ``simulated`` is true every reading is invented, and each row says so as well.

How to check the log by its export alone:
1. Begin with the ``previous_hash`` of the first row: 64 zeros where the row's ``number`` is 1.
2. For each row take ``number``, ``at_us``, ``kind``, ``subject``, ``operator`` and ``facts`` as JSON with
   sorted keys, no blanks, no escapes beyond those that JSON demands, in UTF-8.
3. ``hash`` is the SHA-256, in hexadecimal, of the hash before it followed by that text; and each row's
   ``previous_hash`` is the ``hash`` of the row before.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import TextIO

from controlroom.report.export_rows import Cell
from controlroom.report.export_table import Exported, ExportKind, ExportRequest, Table, exported, table
from controlroom.report.figures import utc_text
from controlroom.store.interface import PassedOver, ReadStore

_STEERING = re.compile("[\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
"""What JSON may hold as it is, but a terminal or an editor would obey."""


def export_json(store: ReadStore, request: ExportRequest, out: TextIO, *, now_utc_s: float) -> Exported:
    """Write an export to a text stream, and say what was written.

    Raises ``ControlroomError`` before anything is written where the request fits nothing.
    """
    laid_out = table(store, request, now_utc_s)
    out.write(_text(_head(laid_out))[:-1] + ',"rows":[')
    rows = 0
    for row in laid_out.rows:
        named = dict(zip(laid_out.columns, map(_plain, row), strict=True))
        out.write(("," if rows else "") + "\n" + _text(named))
        rows += 1
    passed_over = laid_out.passed_over()
    out.write('\n],"unreadable":' + json.dumps(list(map(_unreadable, passed_over))) + "}\n")
    return exported(laid_out, rows, passed_over)


def _unreadable(each: PassedOver) -> dict[str, str | None]:
    return {"file": each.file, "from": _time(each.since_utc_s), "until": _time(each.until_utc_s)}


def _head(laid_out: Table) -> dict[str, object]:
    head: dict[str, object] = {
        "kind": laid_out.kind.value,
        "site": laid_out.site,
        "simulated": laid_out.simulated,
        "since": _time(laid_out.span.since_utc_s),
        "until": _time(laid_out.span.until_utc_s),
        "blind_time": [
            {"from": _time(blind.from_utc_s), "until": _time(blind.until_utc_s), "cause": blind.cause}
            for blind in laid_out.blind_time
        ],
    }
    if laid_out.kind is ExportKind.LOG:
        head["chain"] = {"intact": laid_out.broken_at is None, "broken_at": laid_out.broken_at}
    return head


def _time(at_utc_s: float | None) -> str | None:
    return None if at_utc_s is None else utc_text(at_utc_s, digits=6)


def _plain(value: Cell) -> object:
    """JSON has no infinity: a figure that is none is ``null``, as an unknown is."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _plain(fact) for key, fact in value.items()}
    return value


def _text(value: dict[str, object]) -> str:
    plain = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)
