"""Exports from the command line: to a file or to standard output, and what must be said beside them."""

from __future__ import annotations

import argparse
import io
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from controlroom.errors import ControlroomError
from controlroom.report.csv_export import export_csv
from controlroom.report.escaping import printable
from controlroom.report.export_table import Exported, ExportKind, ExportRequest, site_view
from controlroom.report.figures import duration_text, utc_text
from controlroom.report.json_export import export_json
from controlroom.report.range import TimePoint, span
from controlroom.report.simulation import marked_path
from controlroom.report.whole_file import write_whole
from controlroom.store.interface import ReadStore

_BAD_INPUT = frozenset({"bad-time", "empty-range", "no-such-series", "log-is-whole"})
_MOST_TOLD = 5


def run_export(
    store: ReadStore,
    *,
    what: str,
    since: TimePoint | None,
    until: TimePoint | None,
    series: Sequence[str],
    form: str,
    output: Path | None,
    utc_s: float,
    out: TextIO,
    err: TextIO,
) -> int:
    """Export ``what`` (samples, events, alarms, log) as ``form`` (csv, json) and return the exit code.

    The exit code is 1 where the chain of the log is broken, something could not be read, or the file
    cannot be written, and 2 where the request fits nothing. A reader that leaves early (``| head``) is no
    trouble. The name of a file with the readings of a simulated site says so (``simulation.py``).
    """
    write = export_csv if form == "csv" else export_json
    try:
        view = site_view(store)
        zone_name = view.time_zone if view is not None else "UTC"
        # A folder keeps its name, and is then refused by it: marked, it would be a new file beside it.
        if output is not None and not output.is_dir():
            output = marked_path(output, simulated=view is not None and view.simulated)
        wanted = span(since, until, now_utc_s=utc_s, zone_name=zone_name)
        request = ExportRequest(ExportKind(what), wanted, series)
        done = _written(output, out, lambda stream: write(store, request, stream, now_utc_s=utc_s))
    except ControlroomError as error:
        err.write(f"controlroom export: {error}\n")
        return 2 if error.code in _BAD_INPUT else 1
    except BrokenPipeError:
        _give_up(out)
        return 0
    return _told(done, output, err)


def export_options(chosen: argparse.Namespace) -> dict[str, Any]:
    """Return what was typed, under the names that ``run_export`` has for it."""
    typed = {name: getattr(chosen, name) for name in ("what", "since", "until", "series", "output")}
    return {**typed, "form": chosen.format}


def _written(output: Path | None, out: TextIO, write: Callable[[TextIO], Exported]) -> Exported:
    if output is not None and str(output) != "-":
        return write_whole(output, write)
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(encoding="utf-8", newline="")
    done = write(out)
    out.flush()
    return done


def _told(done: Exported, output: Path | None, err: TextIO) -> int:
    where = f" to {printable(str(output), 300)}" if output is not None and str(output) != "-" else ""
    err.write(f"{done.rows} {'row' if done.rows == 1 else 'rows'}{where}.")
    if done.blind_spans:
        times = "once" if done.blind_spans == 1 else f"{done.blind_spans} times"
        err.write(f" Nothing could be measured for {duration_text(done.blind_s)} of that time ({times}).")
    err.write("\n")
    for each in done.passed_over[:_MOST_TOLD]:
        span_words = f"From {utc_text(each.since_utc_s)} until {utc_text(each.until_utc_s)}"
        file = printable(each.file, 100)
        err.write(f"{span_words} something is missing, for {file} is damaged there and could not be read.\n")
    if len(done.passed_over) > _MOST_TOLD:
        err.write(f"So it is in {len(done.passed_over) - _MOST_TOLD} further places.\n")
    if done.broken_at is None:
        return 1 if done.passed_over else 0
    err.write(
        f"The chain of the log is broken at entry {done.broken_at}: it, or what stood before it, was changed"
        " or removed after it was written. Keep this export and the data folder as they are.\n"
    )
    return 1


def _give_up(out: TextIO) -> None:
    """Nobody reads any more: what is still buffered must not complain when the program ends."""
    try:
        descriptor = out.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
