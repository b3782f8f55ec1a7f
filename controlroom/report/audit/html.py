"""An audit as one HTML file: nothing is fetched, nothing runs, and it prints. It lays nothing out.

All text is escaped; what could steer a reader's eye (direction marks, control characters) is made visible.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Final

from controlroom.report.audit.document import Document, Section, Table, Tile
from controlroom.report.audit.finding import AuditFinding
from controlroom.report.escaping import printable

SIMULATED: Final = "SIMULATED: nothing in this report is real"

_STYLE: Final = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 40px 64px; max-width: 1120px; background: #fff; color: #1d232a;
  font: 14px/1.5 Inter, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; }
h2 { font-size: 18px; margin: 40px 0 8px; padding-bottom: 6px; border-bottom: 2px solid #1d232a; }
p { margin: 4px 0; max-width: 90ch; }
.site { font-size: 16px; color: #3c4650; margin-bottom: 12px; }
.mark { background: #5b2a86; color: #fff; font-weight: 700; padding: 8px 12px; margin: 0 0 20px; }
.tiles { margin: 20px 0 8px; }
.tile { display: inline-block; vertical-align: top; width: 172px; margin: 0 12px 12px 0; padding: 10px 14px;
  min-height: 92px; border: 1px solid #c8d0d8; border-left: 6px solid #8793a0; }
.tile b { display: block; font-size: 24px; line-height: 1.2; }
.tile span { color: #3c4650; }
.finding { border: 1px solid #c8d0d8; border-left-width: 6px; padding: 10px 14px; margin: 10px 0;
  page-break-inside: avoid; break-inside: avoid; }
.finding h3 { font-size: 15px; line-height: 1.4; margin: 0 0 4px;
  word-break: break-word; overflow-wrap: anywhere; }
.finding p { margin: 2px 0; word-break: break-word; overflow-wrap: anywhere; }
.tile.serious, .finding.serious { border-left-color: #b3261e; }
.tile.important, .finding.important { border-left-color: #b26a00; }
.tile.minor, .finding.minor { border-left-color: #4a6b8a; }
.word { font-size: 12px; font-weight: 700; letter-spacing: .04em; text-transform: uppercase; }
.finding.serious .word { color: #b3261e; } .finding.important .word { color: #8a5200; }
.finding.minor .word { color: #37536d; }
.ids { font-size: 12px; color: #55606b; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; table-layout: fixed; }
th { text-align: left; font-size: 12px; background: #eef1f4; }
th, td { padding: 5px 8px; border-bottom: 1px solid #d8dee4; vertical-align: top;
  word-break: break-word; overflow-wrap: anywhere; }
tr { page-break-inside: avoid; break-inside: avoid; }
thead { display: table-header-group; }
.left { color: #55606b; font-size: 12px; }
@media print { body { padding: 0; max-width: none; font-size: 11px; } h2 { page-break-after: avoid; }
  .mark, .tile, .finding, th { -webkit-print-color-adjust: exact; print-color-adjust: exact; } }
@page { margin: 16mm 14mm; }
"""


def audit_html(document: Document) -> str:
    """Write the whole page."""
    return "".join(_page(document))


def _page(document: Document) -> Iterator[str]:
    title = _text(f"{document.title}: {document.site}")
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<style>{_STYLE}</style>\n</head>\n<body>\n"
    if document.simulated:
        yield f'<div class="mark">{SIMULATED}</div>\n'
    yield f'<h1>{_text(document.title)}</h1>\n<div class="site">{_text(document.site)}</div>\n'
    yield "".join(f"<p>{_text(line)}</p>\n" for line in document.lines)
    yield f'<div class="tiles">{"".join(map(_tile, document.tiles))}</div>\n'
    for section in document.sections:
        yield from _section(section)
    yield "</body>\n</html>\n"


def _tile(tile: Tile) -> str:
    told = f"<b>{_text(tile.number)}</b><span>{_text(tile.label)}</span>"
    return f'<div class="tile {_text(tile.tone)}">{told}</div>'


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{_text(section.title)}</h2>\n"
    yield "".join(f"<p>{_text(line)}</p>\n" for line in section.lines)
    for finding in section.findings:
        yield _finding(finding)
    for table in section.tables:
        yield from _table(table)


def _finding(finding: AuditFinding) -> str:
    word = _text(finding.seriousness.value)
    where = _text(", ".join(finding.where))
    ids = f'<p class="ids">{_text(finding.code)}: {where}</p>' if where else ""
    return (
        f'<div class="finding {word}"><div class="word">{word} · {_text(finding.area.value)}</div>'
        f"<h3>{_text(finding.what)}</h3><p>{_text(finding.why)}</p>"
        f"<p><b>Do:</b> {_text(finding.advice)}</p>{ids}</div>\n"
    )


def _table(table: Table) -> Iterator[str]:
    widths = "".join(f'<col style="width:{width * 100:.1f}%">' for width in table.widths)
    yield f"<table><colgroup>{widths}</colgroup><thead>{_row(table.columns, 'th')}</thead><tbody>\n"
    for row in table.rows:
        yield _row(row, "td")
    yield "</tbody></table>\n"
    if table.left_out:
        yield f'<p class="left">{table.left_out:,} further rows are in the JSON.</p>\n'


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_text(cell)}</{tag}>' for cell in cells)}</tr>\n"


def _text(text: str) -> str:
    return html.escape(printable(text), quote=True)
