"""What desks see of a site: names and metrics, and nothing that is only the engine's."""

from __future__ import annotations

import json
from datetime import date

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.site.load import load_site
from controlroom.site.view import SeenNeed, SiteView, view_of
from probes.registry import PROBE_TYPES

SITE = """
name = "Room"
[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "127.0.0.1"
probes = [{ type = "snmp", community = "file:secrets/community" }]
[[endpoints]]
id = "spare"
name = "Spare"
kind = "cloud"
address = "127.0.0.2"
probes = [{ type = "icmp" }]
[[services]]
id = "voice"
name = "Talk groups"
needs = "direct"
paths = [{ id = "direct", endpoints = ["mast"] }]
[[services]]
id = "data"
name = "Mobile data"
objective = 0.999
needs = { all = [{ any = ["one", "two"] }, { at_least = 2, of = ["one", "two"] }] }
paths = [{ id = "one", endpoints = ["mast"] }, { id = "two", endpoints = ["mast"] }]
"""


def test_an_endpoint_names_the_services_it_serves() -> None:
    """Each service with a path through it, once, in the site's order."""
    view = view_of(load_site(SITE, "room.toml", PROBE_TYPES), PROBE_TYPES)
    assert [endpoint.serves for endpoint in view.endpoints] == [("Talk groups", "Mobile data"), ()]


def test_a_service_names_its_paths_and_how_many_it_needs() -> None:
    """All, one and so many of a list are told alike; a single path is one of one."""
    voice, data = view_of(load_site(SITE, "room.toml", PROBE_TYPES), PROBE_TYPES).services
    assert (voice.objective, voice.needs) == (None, SeenNeed(at_least=1, of=("direct",)))
    assert [(path.id, path.endpoints) for path in data.paths] == [("one", ("mast",)), ("two", ("mast",))]
    inner = (SeenNeed(at_least=1, of=("one", "two")), SeenNeed(at_least=2, of=("one", "two")))
    assert (data.objective, data.needs) == (0.999, SeenNeed(at_least=2, of=inner))


def test_what_it_stands_behind_and_shares_is_seen() -> None:
    """As it stands in the site, with the risk groups by name."""
    text = SITE.replace('id = "mast"', 'id = "mast"\nbehind = ["spare"]\nrisk_groups = ["duct"]')
    text += '[[risk_groups]]\nid = "duct"\nname = "East duct"\nkind = "duct"\n'
    view = view_of(load_site(text, "room.toml", PROBE_TYPES), PROBE_TYPES)
    assert (view.endpoints[0].behind, view.endpoints[0].risk_groups) == (("spare",), ("duct",))
    (group,) = view.risk_groups
    assert (group.id, group.name, group.kind) == ("duct", "East duct", "duct")


def test_no_parameter_and_no_reference_reaches_a_desk() -> None:
    """Where a secret is kept is the engine's business alone."""
    view = view_of(load_site(SITE, "room.toml", PROBE_TYPES), PROBE_TYPES)
    assert "community" not in view.model_dump_json()


def test_two_probes_of_one_type_have_titles_apart() -> None:
    """One endpoint in two traffic classes: each is named, and a single one is not burdened."""
    two = '[{ type = "icmp", name = "voice", dscp = "EF" }, { type = "icmp", name = "data" }]'
    site = SITE.replace('[{ type = "icmp" }]', two)
    (mast, spare) = view_of(load_site(site, "room.toml", PROBE_TYPES), PROBE_TYPES).endpoints
    assert [probe.title for probe in mast.probes] == ["SNMP"]
    assert [probe.title for probe in spare.probes] == ["Ping (ICMP echo) voice", "Ping (ICMP echo) data"]


def test_where_the_site_is_silent_the_template_says_what_to_do() -> None:
    """Once, though two probes ask by it; what the site says itself stays apart."""
    probe = '{ type = "snmp", name = "NAME", community = "file:secrets/community", template = "ups-mib" }'
    two = f"[{probe.replace('NAME', 'one')}, {probe.replace('NAME', 'two')}]"
    site = SITE.replace('[{ type = "snmp", community = "file:secrets/community" }]', two)
    (mast, spare) = view_of(load_site(site, "room.toml", PROBE_TYPES), PROBE_TYPES).endpoints
    assert mast.what_to_do == ""
    assert mast.usual_advice.startswith("1. Where the output is fed by the battery")
    assert mast.usual_advice.count("1. ") == 1
    assert spare.usual_advice == ""


RULES = """
[[risk_groups]]
id = "hill"
name = "Hill"
kind = "mast"
[[alarm_rules]]
id = "quiet"
causes = ["degraded"]
kinds = ["cloud"]
as = "event"
[[alarm_rules]]
id = "down"
causes = ["down", "group_lost"]
steps = ["Call Ann."]
"""


def test_an_endpoint_has_the_cards_of_its_faults_and_shares_them() -> None:
    """By the site's rules; an event has none, and a thousand endpoints of a kind share one."""
    view = view_of(load_site(SITE + RULES, "room.toml", PROBE_TYPES), PROBE_TYPES)
    mast, spare = view.endpoints
    down = view.card_of(mast, "down")
    assert down is not None
    assert down.steps == ("Call Ann.",)
    assert set(mast.cards) == {"down", "degraded", "not_measured", "unstable"}
    assert view.card_of(spare, "degraded") is None
    assert len(set(view.cards)) == len(view.cards)
    again = SiteView.model_validate_json(view.model_dump_json())
    assert (again, again.card_of(again.endpoints[0], "down")) == (view, down)


def test_risk_groups_have_cards_too() -> None:
    """Those of the site, and one for a cause that was only inferred."""
    view = view_of(load_site(SITE + RULES, "room.toml", PROBE_TYPES), PROBE_TYPES)
    hill = view.risk_group("hill")
    assert hill is not None
    assert (hill.name, hill.kind) == ("Hill", "mast")
    card, inferred = view.card_at(hill.card), view.card_at(view.inferred_card)
    assert card is not None
    assert inferred is not None
    assert card.steps == inferred.steps == ("Call Ann.",)
    assert card.consequence != inferred.consequence
    assert view.risk_group("valley") is None


def test_a_view_of_an_older_engine_has_no_cards() -> None:
    """A desk falls back to what the endpoint says."""
    view = view_of(load_site(SITE, "room.toml", PROBE_TYPES), PROBE_TYPES)
    endpoints = tuple(each.model_copy(update={"cards": {}}) for each in view.endpoints)
    older = view.model_copy(update={"cards": (), "endpoints": endpoints})
    assert older.card_of(older.endpoints[0], "down") is None
    assert older.card_at(3) is None


WHO = """
[[endpoints]]
id = "partner"
name = "Partner"
kind = "partner"
address = "127.0.0.3"
owner = "Ann"
review_date = 2027-03-31
agreement = "DSA-1"
agreement_expires = 2028-02-29
probes = [{ type = "icmp" }]
[[risk_groups]]
id = "wan"
name = "Carrier"
kind = "carrier"
member_of = ["town"]
routers = ["192.0.2.0/28"]
owner = "Ben"
contact = "Desk"
[[risk_groups]]
id = "town"
name = "Town"
[[services]]
id = "sharing"
name = "Sharing"
owner = "Cid"
contact = "Duty"
consequence = "No help."
what_to_do = "Phone."
profile = "ptt-voice"
needs = { any = ["main", "spare"] }
paths = [
  { id = "main", endpoints = ["partner"] },
  { id = "spare", endpoints = ["partner"], standby = true, exercised = 2026-10-04 },
]
"""


def test_who_answers_and_until_when_is_seen_and_travels() -> None:
    """Through the text in which an engine keeps the view, dates as dates; and a service's profile with it."""
    profiles = read_profiles(resources.path("profiles"))
    made = view_of(load_site(SITE + WHO, "room.toml", PROBE_TYPES, profiles), PROBE_TYPES, profiles=profiles)
    view = SiteView.model_validate_json(made.model_dump_json())
    assert view == made
    partner, wan, sharing = view.endpoints[-1], view.risk_groups[0], view.services[-1]
    assert (partner.owner, partner.agreement) == ("Ann", "DSA-1")
    assert (partner.review_date, partner.agreement_expires) == (date(2027, 3, 31), date(2028, 2, 29))
    assert (wan.member_of, wan.routers, wan.owner, wan.contact) == (
        ("town",),
        ("192.0.2.0/28",),
        "Ben",
        "Desk",
    )
    assert (sharing.owner, sharing.contact) == ("Cid", "Duty")
    assert (sharing.consequence, sharing.what_to_do) == ("No help.", "Phone.")
    found = view.profile_of_service(sharing)
    assert found is not None
    assert found.id == "ptt-voice"
    assert view.profile_of_service(view.services[0]) is None
    main, spare = sharing.paths
    assert (main.standby, main.exercised) == (False, None)
    assert (spare.standby, spare.exercised) == (True, date(2026, 10, 4))


def test_a_view_of_an_older_engine_has_none_of_these_and_is_read() -> None:
    """What it does not say is not said, rather than refused."""
    profiles = read_profiles(resources.path("profiles"))
    made = view_of(load_site(SITE + WHO, "room.toml", PROBE_TYPES, profiles), PROBE_TYPES, profiles=profiles)
    fresh = {"owner", "contact", "review_date", "agreement", "agreement_expires", "routers", "member_of"}
    fresh |= {"standby", "exercised", "consequence", "what_to_do", "profile"}

    def older(value: object) -> object:
        if isinstance(value, dict):
            return {key: older(inner) for key, inner in value.items() if key not in fresh}
        return [older(inner) for inner in value] if isinstance(value, list) else value

    told = json.loads(made.model_dump_json())
    view = SiteView.model_validate_json(json.dumps(older(told)))
    assert [service.name for service in view.services] == [service.name for service in made.services]
    assert (view.services[-1].owner, view.services[-1].paths[1].standby) == ("", False)
    assert (view.endpoints[-1].review_date, view.risk_groups[0].routers) == (None, ())
