"""What to do about an endpoint beside its figures: the same as its alarm says."""

from __future__ import annotations

from dataclasses import replace

from controlroom.alarms.alarm import Cause, Priority
from controlroom.alarms.transitions import Fault, new_alarm
from controlroom.site.action_card import ActionCard
from controlroom.site.view import SeenEndpoint, SiteView
from tests.controlroom.report.memory_store import view
from ui.desk.advice import advice_words
from ui.desk.picture import EndpointPicture

CARDS = (ActionCard(steps=("Look at the mains.", "Call 4410.")), ActionCard(steps=("Watch the loss.",)))
ALARM = new_alarm(1, Fault("mast", Cause.DOWN, "deadline", Priority.HIGH, 0.0), 0.0)


def _site(**said: str) -> tuple[EndpointPicture, SiteView]:
    """A site whose only endpoint has the cards of two faults, and says this of itself."""
    site = view("mast")
    words = {"what_to_do": "", "usual_advice": "", **said}
    seen: SeenEndpoint = site.endpoints[0].model_copy(update={**words, "cards": {"down": 0, "degraded": 1}})
    return EndpointPicture(seen), site.model_copy(update={"endpoints": (seen,), "cards": CARDS})


def test_the_steps_of_its_alarm_are_told_whatever_the_site_says() -> None:
    """By its fault: the place beside the figures never says that nothing is known while the alarm knows."""
    for said in ({}, {"what_to_do": "Wait."}):
        endpoint, site = _site(**said)
        endpoint.alarm = ALARM
        assert advice_words(endpoint, site) == "1. Look at the mains.\n2. Call 4410."
        endpoint.alarm = replace(ALARM, cause=Cause.DEGRADED)
        assert advice_words(endpoint, site) == "1. Watch the loss."


def test_without_an_alarm_the_site_goes_first() -> None:
    """Then the probes' advice, then the card of its failure."""
    assert advice_words(*_site(what_to_do="Wait.", usual_advice="Look.")) == "Wait."
    assert advice_words(*_site(usual_advice="Look.")) == "Look."
    assert advice_words(*_site()) == "1. Look at the mains.\n2. Call 4410."
    endpoint, site = _site()
    assert advice_words(endpoint, site.model_copy(update={"cards": ()})) == ""
