"""Whether a site is simulated: invented as a whole, or measured as a whole. It reads no file.

A desk that showed both side by side would invite the one mistake that must never be made: to take an
invented figure for a measured one. So a site that mixes them is refused.
"""

from __future__ import annotations

from controlroom.probe import ProbeTypes
from controlroom.site.mistakes import MistakeList
from controlroom.site.model import Site
from controlroom.site.place import Place


def is_simulated(site: Site, probe_types: ProbeTypes) -> bool:
    """Tell whether a site's readings are invented; one without probes is not."""
    return any(probe_types[probe.type].simulated for endpoint in site.endpoints for probe in endpoint.probes)


def types_of_kind(probe_types: ProbeTypes, *, simulated: bool) -> ProbeTypes:
    """Return the probe types that a site of one kind may have, in their order."""
    return {name: each for name, each in probe_types.items() if each.simulated is simulated}


def check_not_mixed(mistakes: MistakeList, site: Place, probe_types: ProbeTypes) -> None:
    """Note the first probe that does not fit those before it."""
    first: str | None = None
    for endpoint in site.items("endpoints"):
        for probe in endpoint.items("probes"):
            place = probe.at("type")
            declared = probe_types.get(place.text or "")
            if declared is None:
                continue
            kind = "simulated" if declared.simulated else "measured"
            first = first or kind
            if kind != first:
                happened = f"is {kind}, but the probes before it are {first}."
                advice = "A site is simulated as a whole or not at all: keep two files."
                mistakes.add("mixed-simulation", place.path, happened, advice)
                return
