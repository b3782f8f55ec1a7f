"""The command ``resilience``: as laid out, as it stands, and what would be."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from controlroom.errors import ControlroomError
from controlroom.site.view import SeenNeed, SeenPath, SeenRiskGroup, SiteView
from controlroom.store.interface import Heartbeat
from tests.controlroom.report.audit.rooms import room, talk
from tests.controlroom.report.memory_store import NOON_UTC_S, reading, view
from tests.controlroom.report.rolled_store import RolledStore
from tests.ui.terminal.site_stories import DOWN, UP, state
from ui.terminal.arguments import parse
from ui.terminal.resilience import run_resilience


def store(*down: str) -> RolledStore:
    """Two days in which all worked; now these are down."""
    found = RolledStore(site=room(), beat=Heartbeat(1, NOON_UTC_S, {}, 1))
    names = [each.id for each in room().endpoints]
    found.endpoint_states = [state(name, DOWN if name in down else UP) for name in names]
    found.readings = [
        reading(name, NOON_UTC_S - 2 * 86_400 + hour * 3600, 0.01) for name in names for hour in range(48)
    ]
    return found


def run(*typed: str, of: RolledStore | None = None, site: SiteView | None = None) -> str:
    """What the command prints; it ends well."""
    out, err = io.StringIO(), io.StringIO()
    chosen = parse(["resilience", *typed])
    assert run_resilience(site or room(), of, chosen, utc_s=NOON_UTC_S, out=out, err=err) == 0
    assert err.getvalue() == ""
    return out.getvalue()


def service(*typed: str, of: RolledStore | None = None) -> dict[str, Any]:
    """The first service of the JSON."""
    found: dict[str, Any] = json.loads(run("--json", *typed, of=of))["services"][0]
    return found


def test_without_a_store_nothing_has_failed() -> None:
    """Each cut set by its size, and no figure that needs measurements."""
    found = service()
    assert (found["state"], found["margin"]["least"], found["single_points"]) == (
        "working",
        1,
        ["group:duct"],
    )
    assert found["cut_sets"]["counts"] == {"1": 1, "2": 2}
    assert found["cut_sets"]["sets"] == [["group:duct"], ["gate-a", "gate-b"], ["gate-b", "group:feed"]]
    assert (found["expected"], found["before"]) == (None, None)


@pytest.mark.parametrize("typed", ["group:duct", "duct"])
def test_what_is_supposed_to_fail_is_told_beside_what_is(typed: str) -> None:
    """A group by its id, with its mark or without."""
    found = service("--fail", typed)
    assert (found["state"], found["before"]["state"]) == ("lost", "working")
    assert found["cut_sets"]["counts"] == {"0": 1}


def test_a_supposed_failure_leaves_the_cut_sets_of_what_is_left() -> None:
    """By all orders too; of what is left the other way is a single point."""
    for order in ("4", "all"):
        found = service("--fail", "gate-a", "--order", order)
        assert found["cut_sets"]["sets"] == [["gate-b"], ["group:duct"]]
    assert service("--order", "1")["cut_sets"]["sets"] == [["group:duct"]]
    assert service("--order", "all")["cut_sets"]["order"] == "all"


def test_an_unknown_id_is_refused_with_the_nearest_known() -> None:
    """Whatever control characters are in it."""
    with pytest.raises(ControlroomError) as refused:
        run("--fail", "gaet-a\x1b[2J")
    assert refused.value.code == "no-such-component"
    assert "\x1b" not in str(refused.value)
    with pytest.raises(ControlroomError, match="gate-a"):
        run("--fail", "gaet-a")


def test_a_store_tells_how_it_stands_and_what_can_be_expected() -> None:
    """One way is down, and nothing ever failed before it."""
    found = service(of=store("gate-a"))
    assert (found["state"], found["failed"]) == ("at_risk", ["gate-a"])
    assert found["margin"] == {"least": 1, "most": 1, "exact": True}
    expected = found["expected"]
    assert 0 < expected["availability_ratio"]["low"] <= expected["availability_ratio"]["best"] < 1
    assert expected["naive_availability_ratio"] > expected["availability_ratio"]["best"]
    assert expected["importances"][0]["component"] == "group:duct"


def test_the_text_names_everything_and_obeys_nothing() -> None:
    """Text of the site is data."""
    evil = room(gate_a={"name": "Gate \x1b[2J[red]A"})
    told = run("--fail", "gate-b", of=store(), site=evil)
    assert "\x1b" not in told
    assert r"Gate \x1b[2J[red]A" in told
    for words in ("Talk to crews", "Supposed to have failed: Gate B", "Next to fail", "Mend first"):
        assert words in told


def test_a_path_without_a_name_goes_by_its_id() -> None:
    """Nothing stands nameless."""
    plain = room()
    nameless = [path.model_copy(update={"name": ""}) for path in plain.services[0].paths]
    talk = plain.services[0].model_copy(update={"paths": tuple(nameless)})
    assert "Legs            a works" in run(site=plain.model_copy(update={"services": (talk,)}))


def test_a_site_without_services_and_a_simulated_one_say_so() -> None:
    """In the first lines."""
    assert "The site has no service" in run(site=SiteView(name="Empty"))
    simulated = room().model_copy(update={"simulated": True})
    assert run(site=simulated).startswith("SIMULATED")


def test_what_never_failed_has_no_best_figure_but_a_bound() -> None:
    """With what is assumed of its repairs beside it."""
    told = run(of=store())
    assert "no failure seen; repair time assumed 4 h" in told
    assert "lost for less than" in told
    assert "> 8" in told
    assert "if nothing were shared" not in told


def test_a_leg_says_by_which_group_it_is_supposed_to_have_failed() -> None:
    """The group takes both."""
    told = run("--fail", "duct")
    assert told.count("(supposed: Duct)") == 2
    assert "supposed:" not in run("--fail", "gate-a")


def test_sets_that_are_not_listed_are_counted() -> None:
    """Those of groups come before those of endpoints alone."""
    plain = view(*"abcdefgx")
    paths = (
        SeenPath(id="one", name="One", endpoints=tuple("abcdx")),
        SeenPath(id="two", name="Two", endpoints=tuple("efgx")),
    )
    service = talk().model_copy(update={"paths": paths, "needs": SeenNeed(at_least=1, of=("one", "two"))})
    feed = SeenRiskGroup(id="z", name="Zone feed", members=("d",))
    told = run(site=plain.model_copy(update={"services": (service,), "risk_groups": (feed,)}))
    listed = told.partition("Lost together")[2].splitlines()
    assert [("Zone feed" in line) for line in listed[1:6]] == [True, True, True, False, False]
    assert listed[11].strip() == "and 5 more"
