"""Which of a probe's readings stand, where some were told again."""

from __future__ import annotations

import numpy as np

from controlroom.reading import Outcome, Reason
from controlroom.store.codes import OUTCOME_CODE, REASON_CODE
from controlroom.store.interface import BoolArray
from controlroom.store.sqlite.corrections import standing

Told = tuple[int, Outcome, Reason, bool]


def left(*told: Told) -> list[int]:
    """Return the places of those that stand."""
    stands: BoolArray | None = standing(
        np.array([item[0] for item in told], dtype=np.int64),
        np.array([OUTCOME_CODE[item[1]] for item in told], dtype=np.uint8),
        np.array([REASON_CODE[item[2]] for item in told], dtype=np.uint8),
        np.array([item[3] for item in told], dtype=np.bool_),
    )
    return list(range(len(told))) if stands is None else np.flatnonzero(stands).tolist()


LOST = (Outcome.NO_REPLY, Reason.DEADLINE, True)
AGAIN = (Outcome.NO_REPLY, Reason.BLIND, True)
UNREACHED = (Outcome.REFUSED, Reason.HOST_UNREACHABLE, True)
NOT_ASKED = (Outcome.NOT_RUN, Reason.BLIND, True)


def test_a_reading_told_again_takes_the_place_of_the_first() -> None:
    """Whatever the first was lost by; all others stay."""
    assert left((1, *LOST), (2, *LOST), (3, *UNREACHED), (2, *AGAIN)) == [0, 2, 3]
    assert left((3, *UNREACHED), (3, Outcome.REFUSED, Reason.BLIND, True)) == [1]


def test_only_its_like_gives_way() -> None:
    """Neither a reply of the same moment, nor a re-probe, nor what was seen otherwise."""
    replied = (Outcome.REPLIED, Reason.NONE, True)
    off_beat = (Outcome.NO_REPLY, Reason.DEADLINE, False)
    assert left((2, *replied), (2, *off_beat), (2, *UNREACHED), (2, *AGAIN)) == [0, 1, 2, 3]


def test_where_the_clock_was_set_back_only_the_last_told_gives_way() -> None:
    """The loss of the first time that clock showed that moment is another one."""
    assert left((5, *LOST), (6, *LOST), (5, *LOST), (5, *AGAIN)) == [0, 1, 3]


def test_what_was_not_asked_gives_way_to_nothing_and_takes_no_place() -> None:
    """``blind`` of a question that was asked while we knew is told once."""
    assert left((1, *LOST), (1, *NOT_ASKED), (2, *NOT_ASKED)) == [0, 1, 2]


def test_one_that_is_told_again_stands_alone_where_the_first_is_gone() -> None:
    """Its second was dropped, or could not be read."""
    assert left((1, *AGAIN), (1, *AGAIN)) == [0, 1]
