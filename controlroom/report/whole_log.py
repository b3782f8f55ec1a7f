"""The whole event log as one CSV file. It reads a store of its own and changes nothing in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from controlroom.report.csv_export import export_csv
from controlroom.report.export_table import ExportKind, ExportRequest
from controlroom.report.range import span
from controlroom.report.whole_file import write_whole
from controlroom.store.interface import ReadStore


def write_whole_log(open_store: Callable[[], ReadStore], path: Path, now_utc_s: float) -> int:
    """Write it, whole or not at all, and return how many entries there are."""
    store = open_store()
    whole = ExportRequest(ExportKind.LOG, span(None, None, now_utc_s=now_utc_s, zone_name="UTC"), ())
    try:
        return write_whole(path, lambda out: export_csv(store, whole, out, now_utc_s=now_utc_s)).rows
    finally:
        store.close()
