"""Tiles that are kept, and made anew where anything of theirs changed."""

from __future__ import annotations

from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from tests.controlroom.resilience.rooms import room, service
from ui.desk.picture import Picture
from ui.desk.services.kept_faces import KeptFaces
from ui.desk.snapshot import Snapshot
from ui.desk.standings_reading import SeenStandings

SITE = room(
    ["a", "b", "c"], [service("calls", {"A": ["a"], "B": ["b"]}), service("maps", {"C": ["c"], "B": ["b"]})]
)
RESILIENCE = Resilience(SITE)


def look(picture: Picture, *failed: str) -> None:
    """Let these have failed."""
    seen = Observed(frozenset(failed))
    standings = SeenStandings(seen, RESILIENCE.look(seen))
    picture.fold(Snapshot(0.0, None, site=None if picture.site else SITE, standings=standings))


def test_only_what_changed_is_made_anew() -> None:
    """The other tile is the same object; a change of name or of liveness makes all anew."""
    picture, faces = Picture(), KeptFaces()
    look(picture)
    calls, maps = faces.of(picture, live=True)
    look(picture, "a")
    again, same = faces.of(picture, live=True)
    assert (calls.number, again.number) == ("2", "1")
    assert same is maps
    assert [face.shape for face in faces.of(picture, live=False)] == ["stale", "stale"]
    renamed = SITE.services[1].model_copy(update={"name": "Charts"})
    site = SITE.model_copy(update={"services": (SITE.services[0], renamed)})
    picture.fold(Snapshot(0.0, None, site=site))
    assert [face.name for face in faces.of(picture, live=True)] == ["Calls", "Charts"]
