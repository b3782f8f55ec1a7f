"""A whole engine behind real routers: the good route is kept, a fault is traced, a detour is told."""

from __future__ import annotations

import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Entry, LogKind
from controlroom.route.kept import KeptRoute, RouteKind, TraceCause
from controlroom.route.words import route_text
from controlroom.store.folder import DataFolder
from controlroom.store.inbox import DeskInbox
from controlroom.store.interface import TakenAct
from controlroom.store.sqlite import open_read_store
from tests.end_to_end.room import MAIN, until
from tests.lab.routers import RouterChain, far

pytestmark = pytest.mark.lab

_SITE = f"""
format = 1
name = "Behind routers"

[own_connectivity]
anchors = ["first"]

[[endpoints]]
id = "first"
name = "First router"
kind = "infrastructure"
address = "{far(1)}"

[[endpoints.probes]]
type = "icmp"

[[endpoints]]
id = "mast"
name = "Mast"
kind = "radio-gateway"
address = "{far(4)}"

[[endpoints.probes]]
type = "icmp"
"""
STRAIGHT = " > ".join(far(cable) for cable in (1, 2, 3, 4))


class Behind:
    """An engine behind routers, and its store as a desk sees it."""

    def __init__(self, routers: RouterChain, folder: Path) -> None:
        """Write the site and start the engine."""
        self.folder = DataFolder(folder / "data")
        self.folder.prepare()
        site = folder / "site.toml"
        site.write_text(_SITE, encoding="utf-8")
        command = [*MAIN, "engine", "--site", str(site), "--data", str(self.folder.path)]
        self.engine: subprocess.Popen[bytes] = routers.popen(command)

    def kept(self, kind: RouteKind, endpoint_id: str = "mast") -> KeptRoute | None:
        """A trace that the store keeps."""
        with closing(open_read_store(self.folder)) as store:
            return store.routes(endpoint_id).get(kind)

    def told(self, kind: LogKind, count: int = 1) -> list[Entry]:
        """The entries of a kind about the mast, once there are so many."""
        with closing(open_read_store(self.folder)) as store:
            found = [each for each in store.entries(kinds=frozenset({kind})) if each.subject == "mast"]
        return found if len(found) >= count else []

    def trace(self) -> TakenAct:
        """Ask for a trace as an operator does, and wait for its answer."""
        inbox = DeskInbox(self.folder, f"desk-{uuid.uuid4().hex[:8]}")
        act = Act(str(uuid.uuid4()), ActKind.TRACE, time.time(), "ann", "mast", role="act")
        inbox.put(act)
        inbox.close()

        def answer() -> TakenAct | None:
            with closing(open_read_store(self.folder)) as store:
                return store.answers([act.id]).get(act.id)

        return until(answer, 15, "the answer to the trace")


@pytest.fixture
def behind(routers: RouterChain, tmp_path: Path) -> Iterator[Behind]:
    """A running engine, ended afterwards."""
    running = Behind(routers, tmp_path)
    yield running
    running.engine.send_signal(signal.SIGTERM)
    running.engine.wait(20)


def test_the_route_is_known_before_the_fault_and_traced_in_it(routers: RouterChain, behind: Behind) -> None:
    """Well: kept without a word. Down: where answers end is told. By hand: a detour, with both routes."""
    good = until(lambda: behind.kept(RouteKind.GOOD), 20, "the good route")
    assert (route_text(good.trace), good.cause) == (STRAIGHT, TraceCause.WELL)
    assert not behind.told(LogKind.ROUTE_TRACED)

    routers.refuse("second", "blackhole")
    (traced,) = until(lambda: behind.told(LogKind.ROUTE_TRACED), 20, "the trace of the fault")
    assert (traced.facts["end"], traced.facts["ends_after"], traced.facts["good_hops"]) == ("silent", 1, 4)
    assert behind.kept(RouteKind.GOOD) == good
    newest = behind.kept(RouteKind.NEWEST)
    assert newest is not None
    assert newest.cause is TraceCause.TURNED_BAD

    routers.take_detour()
    until(lambda: behind.told(LogKind.CONDITION_CHANGED, 2), 20, "the return")
    assert behind.trace().accepted
    (changed,) = until(lambda: behind.told(LogKind.ROUTE_CHANGED), 5, "the change")
    assert changed.facts["hop"] == 2
    assert (changed.facts["before"], str(changed.facts["after"]).split(" > ")[1]) == (STRAIGHT, far(5))
    renewed = until(lambda: behind.kept(RouteKind.GOOD), 5, "the new good route")
    assert far(5) in route_text(renewed.trace)
    assert behind.told(LogKind.ROUTE_TRACED)[-1].operator == "ann"
