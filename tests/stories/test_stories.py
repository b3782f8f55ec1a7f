"""Plays every story of the TOML files beside this one: the same letters, the same words, each time.

Those of ``links.toml`` are about how a link changes while it works, and their letters are minutes.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from controlroom.engine.monitor import Monitor
from controlroom.site.model import Site
from tests.stories.links import told_of
from tests.stories.world import START_UTC_S, World, seen, site_of, with_causes, with_services


@dataclass(frozen=True)
class Story:
    """One story as written: who answers how, and what is to be told."""

    name: str
    letters: dict[str, str]
    anchors: list[str]
    local: list[str]
    beyond: list[str]
    told: list[str]
    why: dict[str, str]
    """The reasons of some alarms in the end."""
    clock_steps: dict[float, float]
    since_s: dict[str, float]
    """When some states in the end began, in seconds of the story, whatever the clock showed then."""
    causes: dict[str, dict[str, Any]]
    """What the endpoints have in common, and what they stand behind."""
    acts: dict[float, str]
    restarts_s: list[float]
    annunciated: list[str] | None
    """Whose alarms call for somebody in the end."""
    services: dict[str, dict[str, Any]]

    def site(self) -> Site:
        """Build the site of the story."""
        site = with_causes(site_of(list(self.letters), self.anchors), self.causes)
        return with_services(site, self.services)


CAUSES = ("behind", "groups", "member_of", "locations", "flapping", "incidents")

LINKS = Path(__file__).parent / "links.toml"


def stories() -> list[Story]:
    """Read all stories but those of links."""
    found: list[Story] = []
    for path in sorted(set(Path(__file__).parent.glob("*.toml")) - {LINKS}):
        for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
            letters = story["letters"]
            anchors, local, beyond = (story.get(key, []) for key in ("anchors", "local", "beyond"))
            why = story.get("why", {})
            steps = {float(at_s): step_s for at_s, step_s in story.get("clock_steps", {}).items()}
            since_s = story.get("since_s", {})
            causes = {key: story[key] for key in CAUSES if key in story}
            acts = {float(at_s): act for at_s, act in story.get("acts", {}).items()}
            found.append(
                Story(
                    story["name"],
                    letters,
                    anchors,
                    local,
                    beyond,
                    story["told"],
                    why,
                    steps,
                    since_s,
                    causes,
                    acts,
                    story.get("restarts_s", []),
                    story.get("annunciated"),
                    story.get("services", {}),
                )
            )
    return found


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_story(story: Story) -> None:
    """What the monitor tells is what the story says, in order and at those times."""
    site = story.site()
    monitor = Monitor(site, {"icmp": True}, START_UTC_S, view=seen(site))
    monitor.set_local(frozenset(story.local))
    monitor.set_beyond(dict.fromkeys(story.beyond, 4))
    world = World(
        monitor,
        story.letters,
        clock_steps=story.clock_steps,
        acts=story.acts,
        restarts_s=story.restarts_s,
        site=site,
        view=seen(site),
    )
    world.run(max(len(text.replace(" ", "")) for text in story.letters.values()))
    assert world.told == story.told
    monitor = world.monitor
    reasons = {alarm.subject: alarm.reason for alarm in monitor.alarms.alarms()}
    if story.annunciated is not None:
        calling = [alarm.subject for alarm in monitor.alarms.alarms() if alarm.annunciated]
        assert sorted(calling) == story.annunciated
    assert {subject: reasons.get(subject) for subject in story.why} == story.why
    stepped_s = sum(story.clock_steps.values())
    for endpoint_id, since_s in story.since_s.items():
        since_utc_s = monitor.trackers[endpoint_id].state.since_utc_s
        assert since_utc_s == pytest.approx(START_UTC_S + since_s + stepped_s, abs=0.05)


@pytest.mark.parametrize(
    "story",
    tomllib.loads(LINKS.read_text(encoding="utf-8"))["story"],
    ids=lambda story: story["name"],
)
def test_story_of_a_link(story: dict[str, Any]) -> None:
    """What is told of a link is what the story says, at those minutes and with those figures."""
    clock_steps = story.get("clock_steps", {})
    told = [line for link, text in story["letters"].items() for line in told_of(link, text, clock_steps)]
    assert told == story["told"]
