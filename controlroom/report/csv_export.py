"""Exports as CSV after RFC 4180: UTF-8 without a mark, a header row, CRLF. It chooses no rows.

Rules:
1. Times are ISO 8601 in UTC with the offset; numbers are plain; an unknown is an empty cell.
2. Text is disarmed and on one line (``escaping.cell``), so that no spreadsheet runs it and a row is a
   line.
3. Rows are written as they come; the whole export never stands in memory.
4. The readings of a simulated site are invented: a last column ``simulated`` says ``true`` in every row. An
   export without that column is of real measurements.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import TextIO

from controlroom.report.escaping import cell
from controlroom.report.export_rows import Cell
from controlroom.report.export_table import Exported, ExportRequest, exported, table
from controlroom.store.interface import ReadStore


def export_csv(store: ReadStore, request: ExportRequest, out: TextIO, *, now_utc_s: float) -> Exported:
    """Write an export to a text stream that translates no line ends, and say what was written.

    Raises ``ControlroomError`` before anything is written where the request fits nothing.
    """
    laid_out = table(store, request, now_utc_s)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(laid_out.columns)
    rows = 0
    for row in laid_out.rows:
        writer.writerow([_text(value) for value in row])
        rows += 1
    return exported(laid_out, rows, laid_out.passed_over())


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return cell(value)
    if isinstance(value, Mapping):
        return cell(json.dumps(dict(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    return repr(value)
