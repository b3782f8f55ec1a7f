"""While a link's normal is still being learned, what is missing is told: as kept, or all of it."""

from __future__ import annotations

import json
from itertools import count

import pytest

from controlroom.engine.link_changes import LinkChanges
from controlroom.measure.change_detector import ChangeDetector, DetectorSettings, Learning
from controlroom.measure.learnt import USUAL_LINK, Learnt
from controlroom.reading import ProbeKey
from controlroom.report.learning import learning_of
from controlroom.report.learning_words import learning_sentence
from controlroom.report.link_quality import what_is_asked
from controlroom.site.view import SeenEndpoint
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore, reading, view

MINUTES_OF_A_DAY = 1440


def endpoint(period_s: float = 10.0) -> SeenEndpoint:
    """An endpoint that is asked every so often."""
    (seen,) = view("mast").endpoints
    probe = seen.probes[0].model_copy(update={"period_s": period_s})
    return seen.model_copy(update={"probes": (probe,)})


def taught(minutes: int, period_s: float = 10.0) -> ChangeDetector:
    """A detector that saw so many whole minutes of a steady link, and the beginning of the next."""
    detector = ChangeDetector(DetectorSettings(period_s))
    for place in count():
        at_s = NOON_UTC_S + place * period_s
        if at_s > NOON_UTC_S + minutes * 60:
            return detector
        detector.step(at_s, 0.02)
    raise AssertionError


def store_of(detector: ChangeDetector, seen: SeenEndpoint, asked: str | None = None) -> MemoryStore:
    """A store in which an engine kept what it had learnt."""
    text = json.dumps({"asked": asked or what_is_asked(seen, seen.probes[0]), "kept": detector.kept()})
    return MemoryStore(all_learnt=[Learnt(ProbeKey("mast", "icmp"), USUAL_LINK, text)])


def test_a_link_that_is_new_has_a_day_to_learn() -> None:
    """In minutes where it is asked often, in readings where it is asked seldom."""
    fresh = learning_of(MemoryStore(), endpoint())
    assert fresh == Learning(MINUTES_OF_A_DAY, 60.0, single=False, usual_known=False)
    assert learning_sentence(fresh) == "Learning what is normal: 24 more hours with answers."
    seldom = learning_of(MemoryStore(), endpoint(300.0))
    assert learning_sentence(seldom) == "Learning what is normal: 288 more readings."


def test_what_was_kept_counts() -> None:
    """After half an hour what is usual is known, and not yet that of a day."""
    seen = endpoint()
    told = learning_of(store_of(taught(40), seen), seen)
    assert told == Learning(MINUTES_OF_A_DAY - 40, 60.0, single=False, usual_known=True)
    few = learning_of(store_of(taught(20), seen), seen)
    assert few is not None
    assert not few.usual_known


def test_when_a_day_was_learned_nothing_is_said() -> None:
    """Just before, the last minute is."""
    seen = endpoint()
    assert learning_of(store_of(taught(MINUTES_OF_A_DAY), seen), seen) is None
    last = learning_of(store_of(taught(MINUTES_OF_A_DAY - 1), seen), seen)
    assert learning_sentence(last) == "Learning what is normal: 1 more minute with answers."
    assert learning_sentence(None) == ""


def test_what_was_learnt_of_something_else_does_not_count() -> None:
    """Another address, nonsense, another subject: the engine begins anew as well."""
    seen = endpoint()
    assert learning_of(store_of(taught(40), seen, "another"), seen) == learning_of(MemoryStore(), seen)
    for text in ("", "[]", "{}", '{"asked": 1}', "[" * 100_000):
        nonsense = MemoryStore(all_learnt=[Learnt(ProbeKey("mast", "icmp"), USUAL_LINK, text)])
        assert learning_of(nonsense, seen) == learning_of(MemoryStore(), seen)
    bare = seen.model_copy(update={"probes": ()})
    assert learning_of(MemoryStore(), bare) is None


def test_the_engine_keeps_what_is_read_here() -> None:
    """Both tell the same of the same link."""
    seen = endpoint()
    site = view("mast").model_copy(update={"endpoints": (seen,)})
    changes = LinkChanges(site)
    for place in range(400):
        changes.take(reading("mast", NOON_UTC_S + place * 10.0, 0.02), None)
    kept = [each for second in range(300, 600) for each in changes.due(second)]
    told = learning_of(MemoryStore(all_learnt=kept), seen)
    assert told is not None
    assert told == changes.learning("mast")
    assert told.rows == pytest.approx(MINUTES_OF_A_DAY - 66, abs=1)
    assert changes.learning("nobody") is None
