"""Lays an audit out: a first page, the ranked findings, services, shared risks, records, data, training.

Rules:
1. What needs measurements and has none says so; an empty part says that nothing was found.
2. Long tables are cut, and say how many rows are left out; the JSON has all.
3. An unknown is a dash, never a zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from controlroom.report.audit.audit import Audit
from controlroom.report.audit.document import Document, Row, Section, Tile, cut
from controlroom.report.audit.finding import Seriousness, counted, listed
from controlroom.report.audit.measured_layout import quality_section, training_section
from controlroom.report.availability_words import share_text
from controlroom.report.expectation_words import expected_words, is_telling, rank_words
from controlroom.report.figures import NO_VALUE, local_text
from controlroom.report.service_state_words import component_name, state_title
from controlroom.resilience.component import group_component
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.view import SeenService

_TITLE: Final = "Audit of platforms, links, data and training"
_KINDS: Final = {
    EndpointKind.RADIO_GATEWAY: "Radio gateway",
    EndpointKind.MOBILE_LINK: "Mobile link",
    EndpointKind.CLOUD: "Cloud platform",
    EndpointKind.PARTNER: "Partner",
    EndpointKind.INFRASTRUCTURE: "Infrastructure",
}


def laid_out(audit: Audit) -> Document:
    """Lay out everything."""
    return Document(
        title=_TITLE,
        site=audit.view.name,
        simulated=audit.view.simulated,
        lines=[*_head(audit)],
        tiles=_tiles(audit),
        sections=[
            Section("Findings", _no_findings(audit), audit.findings),
            _services(audit),
            _shared(audit),
            _inventory(audit),
            quality_section(audit),
            training_section(audit),
        ],
    )


def _head(audit: Audit) -> Iterator[str]:
    yield f"As of {local_text(audit.at_utc_s, audit.view.time_zone)}."
    if audit.measured is None:
        yield (
            "Of the site file alone: without --data nothing is said of availability, blind time, the quality "
            "of the data and training, and of shared routers."
        )
        return
    since = local_text(audit.measured.since_utc_s, audit.view.time_zone, with_zone=False)
    yield f"With measurements from {since} on, of at most thirty days; the log of at most a year."


def _tiles(audit: Audit) -> list[Tile]:
    counts = {each: sum(one.seriousness is each for one in audit.findings) for each in Seriousness}
    single = sum(bool(each.single) for each in audit.outlook.standings.values())
    return [
        *(Tile(str(number), f"{each.value} findings", each.value) for each, number in counts.items()),
        Tile(f"{single} of {len(audit.view.services)}", "services that one failure loses"),
        Tile(str(len(audit.view.endpoints)), "endpoints"),
    ]


def _no_findings(audit: Audit) -> list[str]:
    return [] if audit.findings else ["Nothing was found."]


def _services(audit: Audit) -> Section:
    if not audit.view.services:
        return Section("Services and how far they are from loss", ["The site has no service."])
    lines = ["Margin: how many failures lose the service as it is laid out, with nothing failed."]
    if audit.outlook.long is None:
        lines.append("What can be expected of them needs measurements (--data).")
    columns = ["Service", "Owner", "Margin", "Single points of failure"]
    widths = [0.26, 0.2, 0.08, 0.46]
    if audit.measured is not None:
        columns, widths = [*columns, "Now", "Expected to work"], [0.2, 0.13, 0.07, 0.24, 0.09, 0.27]
    rows = [_service_row(each, audit) for each in audit.view.services]
    tables = [cut(columns, rows, widths)]
    mend = [*_mend_first(audit)]
    if mend:
        heads = ("Service", "What to mend first: share in the loss (90 % interval)")
        tables.append(cut(heads, mend, (0.25, 0.75)))
    return Section("Services and how far they are from loss", lines, tables=tables)


def _service_row(seen: SeenService, audit: Audit) -> Row:
    standing, long = audit.outlook.standings[seen.id], audit.outlook.long
    single = listed((component_name(each, audit.view) for each in standing.single), 4)
    row = (seen.name, seen.owner or NO_VALUE, str(standing.whole), single or "none")
    if long is None:
        return row
    return (*row, state_title(standing.state), expected_words(long.services[seen.id]))


def _mend_first(audit: Audit) -> Iterator[Row]:
    long = audit.outlook.long
    for seen in audit.view.services if long is not None else ():
        expected = long.services[seen.id] if long is not None else None
        if expected is None or not is_telling(expected):
            continue
        words = (
            rank_words(each, lambda name: component_name(name, audit.view)) for each in expected.ranks[:3]
        )
        naive = f" If nothing were shared it would be {share_text(expected.naive_availability)}."
        told = " ".join(f"{each}." for each in words)
        yield seen.name, f"{told}{'' if expected.never_failed else naive}"


def _shared(audit: Audit) -> Section:
    title, groups = "Shared risks", audit.view.risk_groups
    if not groups:
        return Section(title, ["The site names no risk group: nothing is known of what its links share."])
    rows = []
    for group in groups:
        name = group_component(group.id)
        alone = [each.name for each in audit.view.services if name in audit.outlook.standings[each.id].single]
        members = listed((component_name(each, audit.view) for each in group.members), 5)
        rows.append(
            (group.name, group.kind, members or "none", listed(alone) or "none", group.contact or NO_VALUE)
        )
    columns = ("Shared risk", "Kind", "Takes with it", "Alone loses", "Contact")
    return Section(title, [], tables=[cut(columns, rows, (0.2, 0.09, 0.32, 0.22, 0.17))])


def _inventory(audit: Audit) -> Section:
    title = "Inventory of platforms, links and partners"
    if not audit.view.endpoints:
        return Section(title, ["The site has no endpoint."])
    rows = [row for kind in EndpointKind for row in _rows_of_kind(audit, kind)]
    columns = ("Name", "Kind", "Matters", "Owner", "Contact", "Review", "Agreement", "Until")
    lines = [counted(len(rows), "endpoint") + ", by kind. A dash is not entered; ! is overdue or expired."]
    return Section(title, lines, tables=[cut(columns, rows, (0.2, 0.11, 0.08, 0.13, 0.17, 0.1, 0.11, 0.1))])


def _rows_of_kind(audit: Audit, kind: EndpointKind) -> Iterable[Row]:
    for each in audit.view.endpoints:
        if each.kind is kind:
            yield (
                each.name,
                _KINDS[kind],
                each.criticality.value,
                each.owner or NO_VALUE,
                each.contact or NO_VALUE,
                _dated(each.review_date, audit),
                each.agreement or NO_VALUE,
                _dated(each.agreement_expires, audit),
            )


def _dated(day: object, audit: Audit) -> str:
    if day is None:
        return NO_VALUE
    return f"{day} !" if str(day) < str(audit.today) else str(day)
