"""An audit as a PDF for paper: A4, black on white, each page numbered. It lays nothing out.

Rules:
1. All text is escaped before it becomes a paragraph's markup.
2. The fonts are those that every PDF reader has; a letter that they lack is written without its mark, or as a
   question mark. Where there is any, the first page says so, and that the HTML has it right.
3. The same audit gives the same bytes.
"""

from __future__ import annotations

import html
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Final

from reportlab.lib.colors import HexColor  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4, landscape  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.lib.units import mm  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    CondPageBreak,
    Flowable,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Table as Grid

from controlroom.report.audit.document import Document, Section, Table, Tile
from controlroom.report.audit.finding import AuditFinding, Seriousness
from controlroom.report.audit.html import SIMULATED
from controlroom.report.escaping import printable

REPLACED: Final = (
    "Some letters are not in the fonts of this file: they stand without their marks, or as a "
    "question mark. The HTML has them all."
)
_INK, _SOFT, _LINE, _HEAD = "#1d232a", "#55606b", "#c8d0d8", "#eef1f4"
_TONES: Final = {
    Seriousness.SERIOUS.value: "#b3261e",
    Seriousness.IMPORTANT.value: "#8a5200",
    Seriousness.MINOR.value: "#37536d",
}
_PAGE: Final = landscape(A4)
_MARGIN: Final = 14 * mm
_WIDTH: Final = _PAGE[0] - 2 * _MARGIN
_ROOM_FOR_A_BEGINNING: Final = 45 * mm
"""A heading with less room below it goes to the next page."""


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401 - reportlab's own
    settings = {"fontName": "Helvetica", "textColor": HexColor(_INK), "leading": size * 1.35, **more}
    return ParagraphStyle(name, fontSize=size, splitLongWords=True, **settings)


_TITLE: Final = _style("title", 20, fontName="Helvetica-Bold")
_SITE: Final = _style("site", 12, textColor=HexColor(_SOFT), spaceAfter=6)
_MARK: Final = _style(
    "mark",
    11,
    fontName="Helvetica-Bold",
    textColor=HexColor("#ffffff"),
    backColor=HexColor("#5b2a86"),
    borderPadding=5,
    spaceAfter=12,
)
_HEADING: Final = _style(
    "heading", 14, fontName="Helvetica-Bold", spaceBefore=14, spaceAfter=5, keepWithNext=1
)
_LINES: Final = _style("lines", 9, spaceAfter=2)
_CELL: Final = _style("cell", 8)
_CELL_HEAD: Final = _style("cell-head", 8, fontName="Helvetica-Bold")
_WHAT: Final = _style("what", 10, fontName="Helvetica-Bold")
_SMALL: Final = _style("small", 7, textColor=HexColor(_SOFT))
_NUMBER: Final = _style("number", 17, fontName="Helvetica-Bold")


def audit_pdf(document: Document) -> bytes:
    """Write the whole file."""
    out = io.BytesIO()
    template = SimpleDocTemplate(
        out,
        pagesize=_PAGE,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 4 * mm,
        title=_plain(f"{document.title}: {document.site}"),
        author="Controlroom",
        invariant=1,
    )

    def footer(canvas: Any, page: Any) -> None:  # noqa: ANN401 - reportlab's own
        canvas.setFont("Helvetica", 7)
        canvas.setFillColor(HexColor(_SOFT))
        marked = f"{SIMULATED}. " if document.simulated else ""
        canvas.drawString(_MARGIN, 9 * mm, _plain(f"{marked}{document.site}: {document.title}"))
        canvas.drawRightString(_PAGE[0] - _MARGIN, 9 * mm, f"Page {page.page}")

    template.build([*_story(document)], onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def _story(document: Document) -> Iterator[Flowable]:
    if document.simulated:
        yield Paragraph(_text(SIMULATED), _MARK)
    yield Paragraph(_text(document.title), _TITLE)
    yield Paragraph(_text(document.site), _SITE)
    for line in document.lines:
        yield Paragraph(_text(line), _LINES)
    if not all(map(_has, repr(document))):
        yield Paragraph(_text(REPLACED), _LINES)
    if document.tiles:
        yield Spacer(1, 8)
        yield _tiles(document.tiles)
    for section in document.sections:
        yield from _section(section)


def _tiles(tiles: Sequence[Tile]) -> Flowable:
    cells = [[Paragraph(_text(each.number), _NUMBER), Paragraph(_text(each.label), _CELL)] for each in tiles]
    style = [("BOX", (place, 0), (place, 0), 0.6, HexColor(_LINE)) for place in range(len(tiles))]
    style += [
        ("LINEBEFORE", (place, 0), (place, 0), 4, HexColor(_TONES.get(each.tone, "#8793a0")))
        for place, each in enumerate(tiles)
    ]
    return Grid([cells], colWidths=[_WIDTH / len(tiles)] * len(tiles), style=TableStyle([*style, *_PADDING]))


_PADDING: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 7),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("TOPPADDING", (0, 0), (-1, -1), 4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
)


def _section(section: Section) -> Iterator[Flowable]:
    yield CondPageBreak(_ROOM_FOR_A_BEGINNING)
    yield Paragraph(_text(section.title), _HEADING)
    for line in section.lines:
        yield Paragraph(_text(line), _LINES)
    for finding in section.findings:
        yield Spacer(1, 5)
        yield KeepTogether([_finding(finding)])
    for table in section.tables:
        yield Spacer(1, 6)
        yield _table(table)
        if table.left_out:
            yield Paragraph(f"{table.left_out:,} further rows are in the JSON.", _SMALL)


def _finding(finding: AuditFinding) -> Flowable:
    tone = _TONES[finding.seriousness.value]
    word = f"{finding.seriousness.value.upper()} · {finding.area.value}"
    where = printable(", ".join(finding.where), 700)
    cell = [
        Paragraph(f'<font color="{tone}"><b>{_text(word)}</b></font>', _SMALL),
        Paragraph(_text(finding.what), _WHAT),
        Paragraph(_text(finding.why), _LINES),
        Paragraph(f"<b>Do:</b> {_text(finding.advice)}", _LINES),
        *([Paragraph(_text(f"{finding.code}: {where}"), _SMALL)] if where else []),
    ]
    style = [
        ("BOX", (0, 0), (-1, -1), 0.6, HexColor(_LINE)),
        ("LINEBEFORE", (0, 0), (0, -1), 4, HexColor(tone)),
        *_PADDING,
    ]
    return Grid([[cell]], colWidths=[_WIDTH], style=TableStyle(style))


def _table(table: Table) -> Flowable:
    rows = [[Paragraph(_text(cell), _CELL_HEAD) for cell in table.columns]]
    rows += [[Paragraph(_text(cell), _CELL) for cell in row] for row in table.rows]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(_HEAD)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(_LINE)),
        *_PADDING,
    ]
    widths = [_WIDTH * width for width in table.widths]
    return LongTable(rows, colWidths=widths, repeatRows=1, style=TableStyle(style))


def _text(text: str) -> str:
    """Write text as a paragraph's markup (rule 1)."""
    return str(html.escape(_plain(text), quote=False))


def _plain(text: str) -> str:
    """Write text with the letters that the fonts have (rule 2)."""
    return "".join(map(_letter, printable(text, 2000)))


def _letter(letter: str) -> str:
    plain = letter if _has(letter) else unicodedata.normalize("NFKD", letter)[:1]
    return plain if _has(plain) else "?"


def _has(letter: str) -> bool:
    """Whether the fonts have a letter: they have those of Windows' western code page."""
    return bool(letter.encode("cp1252", "ignore"))
