"""What the engine tells the log about itself, its names and its site, in facts. It writes nothing."""

from __future__ import annotations

from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.engine.address_book import NameChange
from controlroom.engine.site_file import LoadedSite
from controlroom.errors import StoreError
from controlroom.logbook.entry import Draft, Fact, LogKind
from controlroom.site.difference import difference
from controlroom.site.model import Site
from controlroom.store.interface import BlindTime, TakenAct

_MOST_IDS: Final = 20
_NAME_KINDS: Final = {
    NameChange.LOST: LogKind.NAME_LOST,
    NameChange.BACK: LogKind.NAME_BACK,
    NameChange.MOVED: LogKind.ADDRESS_CHANGED,
}


def started_entry(site: Site, version: str, pid: int, after: str, now_utc_s: float) -> Draft:
    """Tell that a process monitors from now on, and what it came after."""
    facts: dict[str, Fact] = {"pid": pid, "version": version, "site": site.name, "after": after}
    return Draft(now_utc_s, LogKind.ENGINE_STARTED, ENGINE, facts=facts)


def loaded_entry(site: Site, digest: str, now_utc_s: float) -> Draft:
    """Tell which site is watched from now on."""
    facts: dict[str, Fact] = {
        "name": site.name,
        "endpoints": len(site.endpoints),
        "probes": sum(len(endpoint.probes) for endpoint in site.endpoints),
        "digest": digest,
    }
    return Draft(now_utc_s, LogKind.SITE_LOADED, ENGINE, facts=facts)


def stopped_entry(operator: str, cause: str, now_utc_s: float) -> Draft:
    """Tell that monitoring ends, and who or what ended it."""
    return Draft(now_utc_s, LogKind.ENGINE_STOPPED, ENGINE, operator, {"cause": cause})


def name_entry(endpoint_id: str, change: NameChange, address: str, now_utc_s: float) -> Draft:
    """Tell what became of an endpoint's name."""
    return Draft(now_utc_s, _NAME_KINDS[change], endpoint_id, facts={"address": address})


def step_entry(step_s: float, now_utc_s: float) -> Draft:
    """Tell that the wall clock was set, and by how much."""
    return Draft(now_utc_s, LogKind.CLOCK_STEPPED, ENGINE, facts={"step_s": round(step_s, 3)})


def mended_entry(found: StoreError, now_utc_s: float) -> Draft:
    """Tell of damage that was found in the store, and mended as far as it could be."""
    facts: dict[str, Fact] = {"code": found.code, "happened": found.happened, "advice": found.advice}
    return Draft(now_utc_s, LogKind.STORE_MENDED, ENGINE, facts=facts)


def blind_entry(blind: BlindTime, now_utc_s: float) -> Draft:
    """Tell of a time in which nothing was measured."""
    facts: dict[str, Fact] = {
        "from_utc_s": blind.from_utc_s,
        "until_utc_s": blind.until_utc_s,
        "cause": blind.cause,
    }
    return Draft(now_utc_s, LogKind.BLIND_TIME, ENGINE, facts=facts)


def site_changed_entry(
    before: Site, loaded: LoadedSite, act: TakenAct, now_utc_s: float, *, same: bool = False
) -> Draft:
    """Tell what a loaded file changed; ``same`` means that it is the very text that ran already."""
    found = difference(before, loaded.site)
    added, removed = [key for key, _ in found.added], [key for key, _ in found.removed]
    ids = {"added": added, "changed": [each.id for each in found.changed], "removed": removed}
    facts: dict[str, Fact] = {"digest": loaded.digest, "other": ", ".join(found.other)}
    if same:
        facts["same"] = True
    for what, touched in ids.items():
        facts[what] = len(touched)
        facts[f"{what}_ids"] = ", ".join(touched[:_MOST_IDS])
    if act.act.note:
        facts["note"] = act.act.note
    return Draft(now_utc_s, LogKind.SITE_CHANGED, ENGINE, act.act.operator, facts)
