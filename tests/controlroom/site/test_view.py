"""What desks see of a site: names and metrics, and nothing that is only the engine's."""

from __future__ import annotations

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
