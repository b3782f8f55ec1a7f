"""An audit laid out for people: sections of lines, findings and tables. It writes no format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.report.audit.finding import AuditFinding

Row = Sequence[str]
MOST_ROWS: Final = 400
"""Longer tables are cut: nobody reads them on paper, and the JSON has all."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of plain text. ``widths`` are shares of the width; ``left_out`` rows are only in the JSON."""

    columns: Row
    rows: Sequence[Row]
    widths: Sequence[float]
    left_out: int = 0


def cut(columns: Row, rows: Sequence[Row], widths: Sequence[float]) -> Table:
    """Make a table, cut where it is too long."""
    return Table(columns, rows[:MOST_ROWS], widths, max(0, len(rows) - MOST_ROWS))


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report. Where it has no rows and no findings, its lines say so."""

    title: str
    lines: Sequence[str] = ()
    findings: Sequence[AuditFinding] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """A number on the first page, with what it counts; ``tone`` is a seriousness or empty."""

    number: str
    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report."""

    title: str
    site: str
    simulated: bool
    lines: Sequence[str]
    tiles: Sequence[Tile] = ()
    sections: Sequence[Section] = field(default=())
