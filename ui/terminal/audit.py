"""The command ``audit``: a site's audit as HTML, PDF, CSV or JSON, to a file or to standard output.

Rules:
1. What was found is no trouble of the command: exit 0. Exit 1 is for history that could not be read, which is
   named, and for a file that cannot be written.
2. The name of a file of a simulated site says so.
3. A PDF goes to a file, or to what is no terminal.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final, TextIO

from controlroom.errors import ControlroomError
from controlroom.report.audit.audit import Asking, Audit, read_audit
from controlroom.report.audit.csv_table import audit_csv
from controlroom.report.audit.finding import Seriousness
from controlroom.report.audit.html import audit_html
from controlroom.report.audit.json_text import audit_json
from controlroom.report.audit.layout import laid_out
from controlroom.report.escaping import printable
from controlroom.report.simulation import marked_path
from controlroom.report.whole_file import write_whole_bytes
from controlroom.site.view import SiteView
from controlroom.store.interface import ReadStore
from ui.terminal.passed_over import tell_passed_over


def run_audit(
    view: SiteView,
    store: ReadStore | None,
    asking: Asking,
    chosen: argparse.Namespace,
    *,
    utc_s: float,
    out: TextIO,
    err: TextIO,
) -> int:
    """Read the audit, write it, and return the exit code; raise ``ControlroomError`` (``not-written``)."""
    output = chosen.output if chosen.output is not None and str(chosen.output) != "-" else None
    if chosen.format == "pdf" and output is None and out.isatty():
        happened = "A PDF cannot be shown in a terminal."
        raise ControlroomError("options-contradict", happened, "Name a file by --output.")
    audit = read_audit(view, store, asking, utc_s)
    content = _WRITERS[chosen.format](audit)
    if output is None:
        _put(out, content)
    else:
        path = output if output.is_dir() else marked_path(output, simulated=view.simulated)
        write_whole_bytes(path, content)
        err.write(f"{_told(audit)} {printable(str(path), 300)} was written.\n")
    return 0 if store is None else tell_passed_over(store.passed_over(), err)


def _put(out: TextIO, content: bytes) -> None:
    """Write bytes as they are: no line end is translated."""
    out.flush()
    raw = getattr(out, "buffer", None)
    if raw is None:
        out.write(content.decode("utf-8", "replace"))
    else:
        raw.write(content)
        raw.flush()


def _told(audit: Audit) -> str:
    counts = (
        f"{sum(one.seriousness is each for one in audit.findings)} {each.value}" for each in Seriousness
    )
    return f"Findings: {', '.join(counts)}."


def _pdf(audit: Audit) -> bytes:
    """Write a PDF; what it takes is loaded only for it."""
    from controlroom.report.audit.pdf import audit_pdf

    return audit_pdf(laid_out(audit))


_WRITERS: Final[Mapping[str, Callable[[Audit], bytes]]] = {
    "html": lambda audit: audit_html(laid_out(audit)).encode(),
    "pdf": _pdf,
    "csv": lambda audit: audit_csv(audit).encode(),
    "json": lambda audit: audit_json(audit).encode(),
}
