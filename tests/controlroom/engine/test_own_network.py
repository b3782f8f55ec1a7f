"""What only follows from a lost network has no alarm of its own; what was there before keeps it."""

from __future__ import annotations

import pytest

from controlroom.condition.state import Condition
from controlroom.engine.monitor import Monitor
from controlroom.engine.own_network import metrics_of_own_network
from controlroom.probe import ProbeParameters
from controlroom.site.model import Criticality, Endpoint, EndpointKind, Limit, OwnConnectivity, Probe, Site
from probes.registry import PROBE_TYPES
from tests.stories.world import START_UTC_S, World

LIMITS = (
    Limit(metric="gateway_level", raise_below=0.5, clear_above=0.9, window_readings=3, minimum_readings=2),
    Limit(
        metric="load_per_core_1min", raise_above=2.0, clear_below=1.5, window_readings=3, minimum_readings=2
    ),
)
"""As the host probe has them, and quicker."""


def endpoint(endpoint_id: str) -> Endpoint:
    """Make an endpoint of one probe; ``me`` is this machine."""
    kind, limits = ("host", LIMITS) if endpoint_id == "me" else ("icmp", ())
    parameters = PROBE_TYPES[kind].parameters() if kind == "host" else ProbeParameters()
    probe = Probe(type=kind, name=kind, period_s=1.0, timeout_s=1.0, parameters=parameters, limits=limits)
    return Endpoint(
        id=endpoint_id,
        name=endpoint_id.title(),
        kind=EndpointKind.INFRASTRUCTURE,
        address="192.0.2.1",
        criticality=Criticality.HIGH,
        probes=(probe,),
    )


def played(masts: str, me: str) -> World:
    """Let two masts answer alike, and this machine tell its figures beside them."""
    endpoints = tuple(map(endpoint, ("mast", "port", "me")))
    site = Site(name="Room", endpoints=endpoints, own_connectivity=OwnConnectivity())
    monitor = Monitor(site, {"icmp": True, "host": False}, START_UTC_S)
    monitor.set_local(frozenset({"me"}))
    monitor.set_network_metrics(metrics_of_own_network(site, PROBE_TYPES))
    world = World(monitor, {"mast": masts, "port": masts, "me/host@1": me})
    world.run(len(me.replace(" ", "")))
    return world


def told_of_me(world: World) -> list[str]:
    """Return what was told of this machine, without the times."""
    return [line.split(" ", 1)[1] for line in world.told if " me " in line]


def test_a_gateway_that_is_lost_with_the_network_has_no_alarm_of_its_own() -> None:
    """Long blind, the gateway silent all the while and some seconds after: one alarm."""
    world = played("RRRRR TTTTT TTTTT RRRRR RRRRR", "YYYYY YYYGG GGGGG GYYYY YYYYY")
    assert told_of_me(world) == []
    assert [line.split(" ", 1)[1] for line in world.told] == [
        "engine own_connection_lost",
        "engine alarm_raised own_connection_lost",
        "engine own_connection_back",
        "engine alarm_returned own_connection_lost",
    ]


def test_an_alarm_of_the_gateway_just_before_we_knew_is_withdrawn() -> None:
    """This machine noticed first: what it said is part of the one fault."""
    world = played("RRRRR TTTTT TTTTT RRRRR", "YYYYG GGGGG GGGGG YYYYY")
    assert told_of_me(world) == [
        "me degraded",
        "me alarm_raised degraded",
        "me alarm_ended degraded",
        "me up",
    ]
    assert world.monitor.trackers["me"].state.condition is Condition.UP


def test_what_a_machine_lacked_before_stays_an_alarm() -> None:
    """Too much to do, before and while we are cut off: that is a fault of its own."""
    world = played("RRRRR RRRRR TTTTT TTTTT RRRRR", "YYYWW WWWWW WWWWW WWWWW WWWWW")
    assert told_of_me(world) == ["me degraded", "me alarm_raised degraded"]


def test_a_gateway_that_fails_while_others_answer_is_an_alarm() -> None:
    """Neighbours on our own network are reached without it."""
    world = played("RRRRR RRRRR", "YYYGG GGGGG")
    assert told_of_me(world) == ["me degraded", "me alarm_raised degraded"]


def test_a_gateway_that_stays_away_after_the_network_is_back_is_told() -> None:
    """What does not come back with the rest is a fault of its own after all."""
    world = played("RRRRR TTTTT TTTTT RRRRR RRRRR", "YYYYY YYYGG GGGGG GGGGG GGGGG")
    assert told_of_me(world) == ["me degraded", "me alarm_raised degraded"]


@pytest.mark.parametrize("name", ["gateway_level", "default_route_v4_ratio", "interface_eth0_up_ratio"])
def test_the_figures_of_the_network_are_known(name: str) -> None:
    """The declaration of the host probe says which they are; the load is none of them."""
    own = endpoint("me")
    parameters = PROBE_TYPES["host"].parameters.model_validate({"interfaces": ["eth0"]})
    probe = own.probes[0].model_copy(update={"parameters": parameters})
    site = Site(
        name="Room",
        endpoints=(own.model_copy(update={"probes": (probe,)}),),
        own_connectivity=OwnConnectivity(),
    )
    found = metrics_of_own_network(site, PROBE_TYPES)
    assert name in found
    assert "load_per_core_1min" not in found
