"""All about one service, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import resources
from controlroom.condition.assessment import Assessment
from controlroom.condition.state import Condition, EndpointState
from controlroom.engine.profile_files import read_profiles
from controlroom.measure.grade import Figure, grade
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import observed
from controlroom.site.profile import FigureName, Grade
from controlroom.site.view import SeenNeed, SeenService
from tests.controlroom.resilience.rooms import room, service
from ui.desk.picture import Picture
from ui.desk.services.page import ServicePage, need_words, service_page, shared_risks
from ui.desk.snapshot import Snapshot
from ui.desk.standings_reading import SeenStandings

COMMAND = read_profiles(resources.path("profiles"))["command-data"]
SEEN = service("calls", {"North": ["a", "b"], "South": ["c"]}).model_copy(
    update={"what_to_do": "Divert the calls.", "contact": "Duty officer, 4410", "owner": "ICT"}
)
SITE = room(["a", "b", "c"], [SEEN], {"duct": ["b", "c"], "mast": ["a", "b"]})


def page(
    *,
    live: bool = True,
    grades: Sequence[Assessment] = (),
    seen_service: SeenService = SEEN,
    **conditions: Condition,
) -> ServicePage:
    """The page where these endpoints are so and all others up."""
    states = [
        EndpointState(each.id, conditions.get(each.id, Condition.UP), 0.0, "none") for each in SITE.endpoints
    ]
    graded = {each.endpoint_id: each for each in grades}
    known = {each.endpoint_id: each for each in states}
    site = SITE.model_copy(update={"services": (seen_service,), "profiles": (COMMAND,)})
    seen = observed((each.id for each in SITE.endpoints), known, graded, site.services)
    standings = SeenStandings(seen, Resilience(site).look(seen), poor=graded)
    picture = Picture()
    picture.fold(Snapshot(0.0, None, site=site, states=states, standings=standings))
    return service_page(seen_service, picture, site, live=live)


def test_every_leg_stands_there_with_its_endpoints_and_their_conditions() -> None:
    """And what makes it so."""
    told = page(b=Condition.DOWN)
    north, south = told.legs
    assert (north.name, north.words) == ("North", "lost: B")
    assert [(each.id, each.shape, each.word) for each in north.endpoints] == [
        ("a", "up", "Up"),
        ("b", "down", "Down"),
    ]
    assert south.words == "works"
    assert told.sentences == ("1 more failure loses it.",)


def test_a_leg_that_works_poorly_says_why_at_its_endpoint() -> None:
    """The grade for the service's own use where it names one, with the reason; else that of the link's."""
    figures = {"asked": 300.0, "loss_ratio": 0.3, "loss_low_ratio": 0.25, "loss_high_ratio": 0.35}
    poor = Assessment("c", "icmp", 0.0, 300.0, Grade.POOR, "profile:loss_ratio:0.3:0.05", figures)
    assert page(grades=[poor]).legs[1].endpoints[0].word == "Up, poor: loss is 30 %, above 5 %"
    told = grade(COMMAND, {FigureName.LOSS_RATIO: Figure(0.3, 300, 0.25, 0.35)})
    for_it = replace(poor, grade=Grade.GOOD, serving={COMMAND.id: told.grade.value})
    commanding = SEEN.model_copy(update={"profile": COMMAND.id})
    assert told.grade in {Grade.POOR, Grade.UNUSABLE}
    word = page(grades=[for_it], seen_service=commanding).legs[1].endpoints[0].word
    assert word.startswith(f"Up, {told.grade} for {COMMAND.title}: loss is 30 %, above")
    # Other figures than those kept made the grade: no reason is invented.
    unlike = replace(for_it, figures={})
    word = page(grades=[unlike], seen_service=commanding).legs[1].endpoints[0].word
    assert word == f"Up, {told.grade} for {COMMAND.title}"
    assert page(grades=[replace(poor, grade=Grade.GOOD)]).legs[1].endpoints[0].word == "Up"


def test_what_loses_it_next_and_what_to_do_are_told() -> None:
    """What the site says of it, and nothing where it says nothing."""
    sections = dict(page(b=Condition.DOWN).sections)
    assert sections["Next to fail: any of these lines loses it"] == ("C", "Duct")
    assert sections["What to do"] == ("Divert the calls.",)
    assert sections["Call"] == ("Duty officer, 4410", "Owner: ICT")
    assert "Lost while it fails" not in sections


def test_a_shared_risk_takes_more_than_one_path() -> None:
    """A mast of one path alone is none."""
    assert shared_risks(SEEN, SITE) == ["Duct: takes all 2 paths"]


def test_the_unknown_is_told_as_a_range_with_both_cases() -> None:
    """Best and worst."""
    told = page(a=Condition.DOWN, c=Condition.UNKNOWN)
    assert told.state == "Unknown"
    assert "At best: 1 more failure loses it. At worst: lost." in told.sentences


def test_a_need_is_told_however_nested() -> None:
    """By the names of the paths."""
    assert need_words(SEEN) == "Any one of North, South."
    nested = SeenNeed(at_least=2, of=("North", SeenNeed(at_least=1, of=("South", "North"))))
    assert need_words(SEEN.model_copy(update={"needs": nested})) == "All of North, (any one of South, North)."


def test_of_a_large_need_so_many_paths_are_named_and_the_rest_counted() -> None:
    """However deep they stand: nobody reads some hundred lines."""
    many = tuple(f"P{place}" for place in range(300))
    flat = need_words(SEEN.model_copy(update={"needs": SeenNeed(at_least=2, of=many)}))
    assert flat.startswith("Any 2 of P0, P1, ")
    assert flat.endswith("P11 and 288 more.")
    groups = tuple(SeenNeed(at_least=1, of=many[place : place + 5]) for place in range(0, 300, 5))
    nested = need_words(SEEN.model_copy(update={"needs": SeenNeed(at_least=60, of=groups)}))
    assert nested.endswith("(any one of P10, P11 and 3 more) and 57 more.")


def test_while_monitoring_does_not_run_nothing_is_said_of_now() -> None:
    """Neither state nor margin nor what is next to fail; what to do stays."""
    told = page(live=False, b=Condition.DOWN)
    assert told.state == ""
    assert "not running" in told.sentences[0]
    assert all(not each.word for leg in told.legs for each in leg.endpoints)
    assert [title for title, _ in told.sections] == ["Shared risks", "What to do", "Call", "It needs"]
