"""What must hang together in a site: ids, references, addresses, risk groups and needs. It reads no file.

It walks the raw tables, not the model, so that one wrong type does not hide the mistakes elsewhere:

1. An id is unique among its kind, a path's within its service.
2. A reference names something that is there, and no list names a thing twice. Risk groups hang together
   (``riskcheck.py``).
3. An endpoint has an address that is one machine's, and at least one probe.
4. An anchor is measured by something that tells whether it can be reached.
5. A service can be had, by what it says of itself (``servicecheck.py``).
6. A codec's own values of impairment and robustness are given together, or neither is.
7. The probes are all simulated, or none is (``simulation.py``).
8. A profile is a known one, and a site's own numbers fit into it (``profilecheck.py``).
9. An alarm rule leads to something to do, and can hold (``alarmcheck.py``). Whoever is to be told is there,
   and the most urgent is always told (``dutycheck.py``).
10. An endpoint stands behind others that there are, and not behind itself (``behindcheck.py``).
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Mapping
from typing import Final

from controlroom.probe import ProbeParameters, ProbeTypes
from controlroom.site.address import address_fault
from controlroom.site.alarmcheck import check_alarm_rules
from controlroom.site.behindcheck import check_behind
from controlroom.site.dutycheck import check_duty
from controlroom.site.mistakes import MistakeList
from controlroom.site.place import Place
from controlroom.site.probecheck import ProbePlace, check_probe, check_probe_names
from controlroom.site.profile import Profiles
from controlroom.site.profilecheck import check_profile
from controlroom.site.references import check_references, unique
from controlroom.site.riskcheck import check_risk_groups
from controlroom.site.servicecheck import check_service
from controlroom.site.simulation import check_not_mixed

RESERVED_ENDPOINT_IDS: Final = frozenset({"engine"})
"""Alarms about the monitoring itself stand under this name."""


def cross_check(
    mistakes: MistakeList,
    site: Place,
    probe_types: ProbeTypes,
    parameters: Mapping[ProbePlace, ProbeParameters],
    profiles: Profiles,
) -> None:
    """Note all that does not hang together; ``parameters`` are those of probes whose own keys are right."""
    endpoint_ids = unique(mistakes, site.items("endpoints"), "id", "endpoint")
    group_ids = unique(mistakes, site.items("risk_groups"), "id", "risk group")
    unique(mistakes, site.items("services"), "id", "service")
    _check_time_zone(mistakes, site.at("time_zone"))
    _check_voice(mistakes, site.at("voice"))
    for number, endpoint in enumerate(site.items("endpoints")):
        _check_endpoint(mistakes, endpoint)
        check_references(mistakes, endpoint, "risk_groups", group_ids, "risk group")
        check_profile(mistakes, endpoint, profiles)
        for place, probe in enumerate(endpoint.items("probes")):
            check_probe(mistakes, probe, probe_types, parameters.get((number, place)))
    check_risk_groups(mistakes, site, group_ids)
    check_behind(mistakes, site, endpoint_ids)
    _check_anchors(mistakes, site, endpoint_ids, probe_types)
    check_not_mixed(mistakes, site, probe_types)
    check_alarm_rules(mistakes, site, endpoint_ids, group_ids)
    check_duty(mistakes, site)
    for service in site.items("services"):
        check_service(mistakes, service, endpoint_ids, profiles)


def _check_time_zone(mistakes: MistakeList, place: Place) -> None:
    name = place.text
    if name is None or name == "UTC":
        return
    known = zoneinfo.available_timezones()
    if name not in known:
        happened = "is not the name of a time zone of the IANA database."
        advice = "Write a name such as Europe/London."
        mistakes.add("unknown-time-zone", place.path, happened, advice, word=name, known=known)


def _check_endpoint(mistakes: MistakeList, endpoint: Place) -> None:
    if endpoint.at("id").text in RESERVED_ENDPOINT_IDS:
        happened = "is a name that the monitoring itself goes by."
        mistakes.add("reserved-id", endpoint.at("id").path, happened, "Choose another id.")
    address = endpoint.at("address")
    _check_voice(mistakes, endpoint.at("voice"))
    fault = address_fault(address.text) if address.text is not None else None
    if fault is not None:
        mistakes.add("bad-address", address.path, *fault)
    probes = endpoint.at("probes").value
    if isinstance(endpoint.value, dict) and (probes is None or probes == []):
        happened = "has no probe, so nothing would ever be known of it."
        mistakes.add("no-probes", endpoint.path, happened, "Add [[endpoints.probes]] with a type below it.")
    check_probe_names(mistakes, endpoint)


def _check_voice(mistakes: MistakeList, voice: Place) -> None:
    for key, other in (("ie", "bpl"), ("bpl", "ie")):
        if voice.has(key) and not voice.has(other):
            happened = f"stands without {other}, and the one says nothing of a codec without the other."
            mistakes.add("bad-voice", voice.at(key).path, happened, f"Add {other}, or take it out.")


def _check_anchors(
    mistakes: MistakeList, site: Place, endpoint_ids: Collection[str], probe_types: ProbeTypes
) -> None:
    connectivity = site.at("own_connectivity")
    check_references(mistakes, connectivity, "anchors", endpoint_ids, "endpoint")
    types = {
        endpoint.at("id").text: {probe.at("type").text for probe in endpoint.items("probes")}
        for endpoint in site.items("endpoints")
    }
    for anchor, name in connectivity.texts("anchors"):
        declared = [probe_types[one] for one in types.get(name, ()) if one is not None and one in probe_types]
        if declared and not any(probe_type.reaches for probe_type in declared):
            happened = "names an endpoint of which no probe tells whether it can be reached."
            mistakes.add("bad-anchor", anchor.path, happened, "Give it an icmp probe or choose another.")
