"""A re-probe of the past is taken for the wish that it was sent for."""

from __future__ import annotations

from controlroom.engine.effects import Reprobe
from controlroom.engine.replay_wishes import PASSED_OVER_S, ReplayWishes
from controlroom.reading import ProbeKey

KEY, OTHER = ProbeKey("mast", "icmp"), ProbeKey("mast", "tcp")


def wish(key: ProbeKey, patience_s: float, attempts: int = 1, first_s: float = 0.0) -> Reprobe:
    """Wish attempts a second apart."""
    return Reprobe(key, attempts, 1.0, patience_s, 2.0, 1, first_s)


def patience_of(found: Reprobe | None) -> float | None:
    """How long it was waited for."""
    return None if found is None else found.patience_s


def test_each_attempt_has_its_wish() -> None:
    """In the order of leaving, each probe by itself."""
    wishes = ReplayWishes()
    wishes.wish(wish(KEY, 0.1, attempts=2), 0.0)
    wishes.wish(wish(KEY, 0.2, attempts=3, first_s=0.5), 0.0)
    wishes.wish(wish(OTHER, 0.3), 0.0)
    found = []
    for key, at_s in ((KEY, 0.0), (OTHER, 0.0), (KEY, 0.5), (KEY, 1.0), (KEY, 1.5), (KEY, 2.5), (KEY, 3.5)):
        wishes.leave(at_s)
        found.append(patience_of(wishes.sent(key, at_s)))
    assert found == [0.1, 0.3, 0.2, 0.1, 0.2, 0.2, None]


def test_a_wish_that_nothing_was_sent_for_is_passed_over() -> None:
    """The name was not resolved then."""
    wishes = ReplayWishes()
    wishes.wish(wish(KEY, 0.1), 0.0)
    wishes.leave(0.0)
    wishes.wish(wish(KEY, 0.2), 5.0)
    wishes.leave(5.0)
    assert patience_of(wishes.sent(KEY, 5.0)) == 0.2
    wishes.wish(wish(KEY, 0.3), 6.0)
    wishes.leave(6.0)
    assert wishes.sent(KEY, 6.0 + PASSED_OVER_S + 0.1) is None
