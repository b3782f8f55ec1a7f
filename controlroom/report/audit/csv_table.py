"""The findings of an audit as CSV after RFC 4180: UTF-8 without a mark, a header row, CRLF.

Text is disarmed and on one line (``escaping.cell``): no spreadsheet runs it. A simulated site has a last
column ``simulated`` that says ``true`` in every row.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from controlroom.report import simulation
from controlroom.report.audit.audit import Audit
from controlroom.report.escaping import cell

COLUMNS: Final = ("rank", "seriousness", "area", "code", "what", "where", "why", "do")


def audit_csv(audit: Audit) -> str:
    """Write the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    marked = [simulation.COLUMN] if audit.view.simulated else []
    writer.writerow([*COLUMNS, *marked])
    for rank, each in enumerate(audit.findings, 1):
        texts = (each.code, each.what, " ".join(each.where), each.why, each.advice)
        words = (each.seriousness.value, each.area.value, *texts)
        writer.writerow([rank, *map(cell, words), *("true" for _ in marked)])
    return out.getvalue()
