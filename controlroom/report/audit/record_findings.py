"""What the records of a site lack: owners, contacts, cards, reviews, agreements; and how it asks. Pure.

Rules:
1. What many lack is one finding that names them all.
2. A card is an endpoint's own where the site says what to do when it fails.
3. A review is overdue after its day. An agreement is expired after its last day, and due 60 days before.
4. Times of day are watched where some endpoint has an NTP probe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from controlroom.finding import Doubt
from controlroom.reading import ProbeKey
from controlroom.report.audit.finding import Area, AuditFinding, Seriousness, counted, listed
from controlroom.site.criticality import Criticality
from controlroom.site.endpoint_kind import EndpointKind
from controlroom.site.view import SeenEndpoint, SiteView

DUE_WITHIN: Final = timedelta(days=60)
NTP: Final = "ntp"
_WEIGHTY: Final = frozenset({Criticality.CRITICAL, Criticality.HIGH})
_COMMUNITY: Final = "community-well-known"


def record_findings(view: SiteView, today: date) -> Iterator[AuditFinding]:
    """Find what is missing or due."""
    yield from _missing(view)
    yield from _of_services(view)
    yield from _reviews(view, today)
    yield from _agreements(view, today)


def asking_findings(
    view: SiteView, doubts: Iterable[tuple[ProbeKey, Doubt]], in_clear: Sequence[ProbeKey] = ()
) -> Iterator[AuditFinding]:
    """Find how the site asks that is better otherwise; ``in_clear`` are probes by SNMP version 1 or 2c."""
    unreached = [each for each in view.endpoints if not any(probe.reaches for probe in each.probes)]
    if unreached:
        yield _many(
            "no_reaching_probe",
            Seriousness.IMPORTANT,
            Area.ASKING,
            unreached,
            ("has no probe that tells whether it can be reached", "have no probe that tells that"),
            "Its failure would be told by nothing, or only by what hangs on it.",
            "Add a probe that asks it over the network, such as icmp, tcp or snmp.",
        )
    by_doubt: dict[Doubt, list[ProbeKey]] = {}
    for key, doubt in doubts:
        by_doubt.setdefault(doubt, []).append(key)
    for doubt, keys in by_doubt.items():
        seriousness = Seriousness.IMPORTANT if doubt.grave else Seriousness.MINOR
        if doubt.code == _COMMUNITY:
            seriousness = Seriousness.SERIOUS
        yield AuditFinding(
            doubt.code.replace("-", "_"),
            seriousness,
            Area.ASKING,
            f"{counted(len(keys), 'probe')} ({listed(map(str, keys), 4)}): {doubt.words}",
            tuple(map(str, keys)),
            "How a device is asked decides who else can ask it, and what can be relied on.",
            doubt.cure,
        )
    if in_clear:
        yield AuditFinding(
            "snmp_in_clear",
            Seriousness.MINOR,
            Area.ASKING,
            f"{counted(len(in_clear), 'probe')} by SNMP version 1 or 2c: {listed(map(str, in_clear), 4)}.",
            tuple(map(str, in_clear)),
            "These versions send their community in clear: who listens can ask the device too.",
            "Use version 3 with signing and encryption where the device speaks it.",
        )
    if view.endpoints and not any(probe.type == NTP for each in view.endpoints for probe in each.probes):
        yield AuditFinding(
            "no_time_source_watched",
            Seriousness.IMPORTANT,
            Area.ASKING,
            "No endpoint has an NTP probe: nobody watches whether clocks are right.",
            (),
            "Logs, recordings and this program's own times are evidence only where the clocks agree.",
            "Add an NTP probe to the time servers that the room and its partners go by.",
        )


def _missing(view: SiteView) -> Iterator[AuditFinding]:
    weighty = [each for each in view.endpoints if each.criticality in _WEIGHTY]
    for code, lacking, told, why, advice in (
        (
            "no_owner",
            [each for each in view.endpoints if not each.owner],
            ("has no owner", "have no owner"),
            "Nobody answers for it being there, being right here and being paid for.",
            "Enter who answers for it as owner.",
        ),
        (
            "no_contact",
            [each for each in view.endpoints if not each.contact],
            ("has no contact", "have no contact"),
            "At night somebody has to find out whom to call, while the fault lasts.",
            "Enter whom to call, with the number, as contact.",
        ),
        (
            "no_own_card",
            [each for each in view.endpoints if not each.what_to_do],
            ("has no action card of its own", "have no action card of their own"),
            "The operator sees general advice only, and not what this room does about it.",
            "Write what to do, a step a line, with those who do it.",
        ),
        (
            "no_review_date",
            [each for each in weighty if each.review_date is None],
            ("matters much and has no review date", "matter much and have no review date"),
            "What nobody looks at again is wrong some day, and nobody notices.",
            "Enter the day of the next review.",
        ),
    ):
        if not lacking:
            continue
        grave = code in ("no_owner", "no_contact") and any(each.criticality in _WEIGHTY for each in lacking)
        seriousness = Seriousness.IMPORTANT if grave else Seriousness.MINOR
        yield _many(code, seriousness, Area.RECORDS, lacking, told, why, advice)


def _of_services(view: SiteView) -> Iterator[AuditFinding]:
    for code, lacking, told in (
        ("service_without_owner", [each for each in view.services if not each.owner], "no owner"),
        ("service_without_contact", [each for each in view.services if not each.contact], "no contact"),
        (
            "service_without_card",
            [each for each in view.services if not each.what_to_do],
            "no words on what to do when it is lost",
        ),
    ):
        if lacking:
            has = "service has" if len(lacking) == 1 else "services have"
            yield AuditFinding(
                code,
                Seriousness.MINOR,
                Area.RECORDS,
                f"{len(lacking)} {has} {told}: {listed(each.name for each in lacking)}.",
                tuple(each.id for each in lacking),
                "When a service is lost minutes count, and nobody should have to look for that then.",
                "Enter it with the service.",
            )
    groups = [each for each in view.risk_groups if not each.contact]
    if groups:
        has = "shared risk has" if len(groups) == 1 else "shared risks have"
        yield AuditFinding(
            "risk_group_without_contact",
            Seriousness.MINOR,
            Area.RECORDS,
            f"{len(groups)} {has} no contact: {listed(each.name for each in groups)}.",
            tuple(f"group:{each.id}" for each in groups),
            "What takes many things at once has somebody who mends it, and who must be called.",
            "Enter whom to call when it fails.",
        )


def _reviews(view: SiteView, today: date) -> Iterator[AuditFinding]:
    overdue = [each for each in view.endpoints if each.review_date and each.review_date < today]
    if overdue:
        yield _many(
            "review_overdue",
            Seriousness.IMPORTANT,
            Area.RECORDS,
            overdue,
            ("should have been reviewed", "should have been reviewed"),
            "Addresses, contacts and what to do may be wrong since.",
            "Look each through with its owner, and enter the day of the next review.",
        )


def _agreements(view: SiteView, today: date) -> Iterator[AuditFinding]:
    for endpoint in view.endpoints:
        until = endpoint.agreement_expires
        if until is None or until - today > DUE_WITHIN:
            continue
        expired = until < today
        reference = f" ({endpoint.agreement})" if endpoint.agreement else ""
        yield AuditFinding(
            "agreement_expired" if expired else "agreement_expires_soon",
            Seriousness.SERIOUS if expired else Seriousness.IMPORTANT,
            Area.RECORDS,
            f"The data-sharing agreement with {endpoint.name}{reference} "
            f"{'expired' if expired else 'expires'} on {until}.",
            (endpoint.id,),
            "Data may not be shared without one, and a partner may have to close the link.",
            f"Ask {endpoint.owner or 'its owner'} to renew it, and enter its last day.",
        )
    partners = [each for each in view.endpoints if each.kind is EndpointKind.PARTNER]
    without = [each for each in partners if not each.agreement]
    if without:
        yield _many(
            "no_agreement",
            Seriousness.IMPORTANT,
            Area.RECORDS,
            without,
            (
                "is a partner and has no data-sharing agreement",
                "are partners and have no data-sharing agreement",
            ),
            "Nobody can say here on what ground data are shared.",
            "Enter the reference of the agreement and its last day.",
        )
    endless = [each for each in view.endpoints if each.agreement and each.agreement_expires is None]
    if endless:
        yield _many(
            "agreement_without_end",
            Seriousness.MINOR,
            Area.RECORDS,
            endless,
            ("has an agreement without a last day", "have an agreement without a last day"),
            "It can expire and nobody here is told.",
            "Enter the last day on which it holds.",
        )


def _many(
    code: str,
    seriousness: Seriousness,
    area: Area,
    found: Sequence[SeenEndpoint],
    told: tuple[str, str],
    why: str,
    advice: str,
) -> AuditFinding:
    """Make one finding of many endpoints (rule 1)."""
    one = len(found) == 1
    what = (
        f"{found[0].name} {told[0]}."
        if one
        else f"{len(found)} endpoints {told[1]}: {listed(each.name for each in found)}."
    )
    return AuditFinding(code, seriousness, area, what, tuple(each.id for each in found), why, advice)
