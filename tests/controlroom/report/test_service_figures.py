"""Services and paths over a window: put together from their endpoints, and unknown where one is."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from controlroom.measure.availability import Spent, TimeSpan
from controlroom.measure.figures import link_figures
from controlroom.measure.quality import quality_of
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.measure.voice import NoEstimate, NoEstimateReason, VoiceEstimate
from controlroom.report.endpoint_figures import EndpointFigures, Window, worst_first
from controlroom.report.service_figures import ServiceFigures, service_figures
from controlroom.report.window_figures import WindowFigures
from controlroom.site.model import Codec, Criticality, Voice
from controlroom.site.view import SeenNeed, SeenPath, SeenService
from tests.controlroom.measure.link import BEGIN_UTC_S, link
from tests.controlroom.report.memory_store import view

WINDOW = Window("custom", BEGIN_UTC_S, BEGIN_UTC_S + 100)
ONE, OTHER = view("one", "other").endpoints
UP, DOWN = Spent.UP, Spent.DOWN


def member(
    name: str = "one",
    rtt_s: float = 0.02,
    lost_every: int = 0,
    codec: Codec | None = Codec.G711,
    down: tuple[float, float] | None = None,
) -> EndpointFigures:
    """An endpoint that was up, but for seconds of the window from and until which it was down."""
    seen = (ONE if name == "one" else OTHER).model_copy(update={"voice": Voice(codec=codec)})
    times = [None if lost_every and n % lost_every == 1 else rtt_s for n in range(100)]
    told = link_figures(link(times), WINDOW.since_utc_s, WINDOW.until_utc_s)
    edges = [0.0, *(down or ()), 100.0]
    spans = [
        TimeSpan(DOWN if place == 1 and down else UP, BEGIN_UTC_S + begin, BEGIN_UTC_S + end)
        for place, (begin, end) in enumerate(pairwise(edges))
    ]
    quality = quality_of(told, None, seen.voice)
    linked = WindowFigures(seen.probes[0], told, quality)
    return EndpointFigures(seen, None, linked, WINDOW.worked(spans), None, spans)


def service(
    *members: EndpointFigures, need: SeenNeed | None = None, objective: float | None = None
) -> ServiceFigures:
    """A service of one path through both endpoints, or of a path for each."""
    paths: tuple[SeenPath, ...] = (SeenPath(id="both", name="", endpoints=("one", "other")),)
    if need is not None:
        paths = tuple(SeenPath(id=each, name="", endpoints=(each,)) for each in ("one", "other"))
    seen = SeenService(
        id="radio",
        name="Radio",
        criticality=Criticality.CRITICAL,
        objective=objective,
        paths=paths,
        needs=need or SeenNeed(at_least=1, of=("both",)),
    )
    return service_figures(seen, {each.seen.id: each for each in members}, WINDOW)


def test_voice_over_a_path_adds_delays_and_combines_losses() -> None:
    """Half of each round trip, and of what the first link lets through the second loses its share."""
    (path,) = service(member(rtt_s=0.04, lost_every=10), member("other", rtt_s=0.02, lost_every=20)).paths
    assert isinstance(path.voice, VoiceEstimate)
    assert path.voice.link_delay_s == pytest.approx(0.03)
    assert path.voice.link_loss_ratio == pytest.approx(1 - 0.9 * 0.95)
    assert path.assumed_of == "one"


def test_the_first_endpoint_that_has_a_codec_is_assumed_of() -> None:
    """A switch in the path need not have one."""
    (path,) = service(member(codec=None), member("other")).paths
    assert (isinstance(path.voice, VoiceEstimate), path.assumed_of) == (True, "other")
    (none,) = service(member(codec=None), member("other", codec=None)).paths
    assert none.voice == NoEstimate(NoEstimateReason.NO_CODEC)


def test_a_path_that_was_not_measured_throughout_has_no_estimate() -> None:
    """An endpoint is missing, has no round trips, or was read by hours."""
    hours = RolledFigures(0.0, 1.0, 3600, 0, 0, member().link.told.latency, member().link.loss)  # type: ignore[union-attr]
    bare = replace(member("other"), link=None)
    rolled = replace(member("other"), link=WindowFigures(OTHER.probes[0], hours))
    for others in ((), (bare,), (rolled,)):
        (path,) = service(member(), *others).paths
        assert path.voice is None


def test_a_path_needs_all_and_a_service_as_many_as_it_says() -> None:
    """Outages that overlap are one of the path; a service that needs either was down while both were."""
    one, other = member(down=(10.0, 20.0)), member("other", down=(15.0, 30.0))
    (path,) = service(one, other).paths
    assert (path.worked.outages, path.worked.longest_outage_s, path.worked.mttr_s) == (1, 20.0, 20.0)
    either = service(one, other, need=SeenNeed(at_least=1, of=("one", "other")), objective=0.9)
    assert (either.worked.outages, either.worked.time_s(DOWN)) == (1, 5.0)
    assert either.objective is not None
    assert either.objective.budget.spent_s == 5.0
    nested = SeenNeed(at_least=2, of=("one", SeenNeed(at_least=1, of=("one", "other"))))
    assert service(one, other, need=nested).worked.time_s(DOWN) == 10.0


def test_an_endpoint_that_was_left_out_is_unknown_and_not_up() -> None:
    """So is the path, but for the time in which the other one was down."""
    (path,) = service(member(down=(10.0, 20.0))).paths
    assert path.worked.time_s(UP) == 0.0
    assert path.worked.time_s(DOWN) == 10.0
    assert path.worked.time_s(Spent.UNKNOWN) == 90.0


def test_the_worst_endpoint_comes_first() -> None:
    """Down before lossy, lossy before slow; who has no link comes where its down time puts it."""
    down, lossy, slow = member(down=(0.0, 9.0)), member(lost_every=10), member(rtt_s=0.5)
    fine, bare = member(), replace(member(), link=None)
    assert worst_first([fine, bare, slow, lossy, down]) == [down, lossy, slow, fine, bare]
