"""Whether a probe's silence and answers become certain by the rules, whatever the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.answering import Answering, ProbeStatus, step, unmeasured
from controlroom.condition.silence_test import MOST_ANSWERS, SPACING_S, Needs
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling

KEY = ProbeKey("mast", "icmp")
LETTERS = {
    "R": (Outcome.REPLIED, Reason.NONE),
    "T": (Outcome.NO_REPLY, Reason.DEADLINE),
    "N": (Outcome.NOT_RUN, Reason.NO_ROUTE),
}


def reading(letter: str, at_s: float) -> Reading:
    """Make a reading of a letter, sent at a time."""
    outcome, reason = LETTERS[letter]
    return Reading(KEY, 1000.0 + at_s, at_s, outcome, reason)


def in_a_row(confirm: int) -> Callable[[], Needs]:
    """Make what a site sets: so many losses in a row, however long they take."""
    return lambda: Needs(confirm, 0.0, SPACING_S)


def play(letters: str, confirm: int = 3, back: int = 2) -> list[ProbeStatus]:
    """Fold a text of letters into the statuses after each."""
    status, found = unmeasured(1000.0), []
    for second, letter in enumerate(letters):
        status = step(status, reading(letter, second), needs=in_a_row(confirm), return_attempts=back)
        found.append(status)
    return found


def test_silence_needs_as_many_losses_in_a_row_as_configured() -> None:
    """Two of three losses leave the probe answering, the third makes it silent."""
    states = [status.answering for status in play("RTTRTTT")]
    assert states == [Answering.ANSWERS] * 6 + [Answering.SILENT]


def test_silence_counts_from_the_first_lost_probe() -> None:
    """The certain silence is dated to the sending of its first loss."""
    assert play("RRTTT")[-1].since_utc_s == 1002.0


def test_one_answer_is_no_recovery() -> None:
    """A single answer after a silence leaves it silent."""
    assert play("RTTTRT")[-1].answering is Answering.SILENT
    assert play("RTTTRR")[-1].answering is Answering.ANSWERS


def test_not_run_neither_confirms_nor_refutes() -> None:
    """A gap between losses changes nothing in their count."""
    assert play("RTTNT")[-1].answering is Answering.SILENT


def test_two_not_run_in_a_row_are_unknown_never_silent() -> None:
    """What could not be asked is unknown."""
    assert play("RN")[-1].answering is Answering.ANSWERS
    assert play("RNN")[-1].answering is Answering.UNKNOWN


def test_a_late_deadline_of_an_older_question_is_no_silence() -> None:
    """Losses sent before the newest answered question are stale."""
    status = play("R")[-1]
    status = step(status, reading("R", 9.0), needs=in_a_row(1), return_attempts=1)
    status = step(status, reading("T", 8.0), needs=in_a_row(1), return_attempts=1)
    assert status.answering is Answering.ANSWERS


def test_wrong_credentials_are_unknown_not_silent() -> None:
    """A device that refuses our credentials lives, unmeasured."""
    status = play("R")[-1]
    for at_s in (1.0, 2.0):
        refused = Reading(KEY, at_s, at_s, Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)
        status = step(status, refused, needs=in_a_row(1), return_attempts=1)
    assert (status.answering, status.reason) == (Answering.UNKNOWN, "authentication_failed")


@given(st.text(alphabet="RTN", max_size=40), st.integers(1, 6), st.integers(1, 4))
def test_never_silent_without_enough_losses(letters: str, confirm: int, back: int) -> None:
    """Whatever happened, silence means that the newest losses reach the count with no answer between.

    And that not enough were answered since; how many are enough grows with answers that came to nothing.
    """
    for place, status in enumerate(play(letters, confirm, back)):
        if status.answering is Answering.SILENT:
            asked = letters[: place + 1].replace("N", "")
            answered_in_a_row = len(asked) - len(asked.rstrip("R"))
            losses = asked[: len(asked) - answered_in_a_row]
            assert "T" * confirm in losses
            assert answered_in_a_row < (max(back, MOST_ANSWERS) if status.silent_answers else back)


@given(st.text(alphabet="RTN", max_size=40))
def test_only_losses_of_our_own_make_unknown(letters: str) -> None:
    """Unknown after a measurement comes only from two askings in a row that could not be made."""
    for place, status in enumerate(play(letters)):
        if status.answering is Answering.UNKNOWN and "R" in letters[: place + 1]:
            assert "NN" in letters[: place + 1]


def test_a_loss_that_was_told_before_its_deadline_counts_once() -> None:
    """Its deadline adds nothing: three losses are needed, and two of them are one."""
    status = play("RT")[-1]
    again = replace(reading("T", 1.0), telling=Telling.AGAIN)
    status = step(status, again, needs=in_a_row(3), return_attempts=2)
    assert status.attempts == 1
    status = step(status, reading("T", 2.0), needs=in_a_row(3), return_attempts=2)
    assert (status.answering, status.attempts) == (Answering.ANSWERS, 2)
    status = step(status, reading("T", 3.0), needs=in_a_row(3), return_attempts=2)
    assert status.answering is Answering.SILENT


def test_the_deadline_of_a_loss_that_was_told_begins_no_suspicion() -> None:
    """A later answer has cleared it; nothing is suspected anew."""
    status = play("R")[-1]
    status = step(
        status, replace(reading("T", 5.0), telling=Telling.AGAIN), needs=in_a_row(1), return_attempts=1
    )
    assert (status.answering, status.suspect) == (Answering.ANSWERS, None)


def test_silence_lasts_as_long_as_it_must() -> None:
    """Losses in a row are not enough where the link is used to bursts: seconds count from the second loss."""
    status, spans = play("R")[-1], []
    for at_s in (1.0, 1.1, 1.2, 3.0, 3.2):
        status = step(status, reading("T", at_s), needs=lambda: Needs(2, 2.0, SPACING_S), return_attempts=1)
        spans.append(status.answering)
    assert spans == [Answering.ANSWERS] * 4 + [Answering.SILENT]


def test_answers_that_came_to_nothing_make_a_return_harder() -> None:
    """After some lucky ones three in a row are no return any more."""
    once = play("R" + "T" * 30 + "RRR", confirm=7, back=3)[-1]
    assert once.answering is Answering.ANSWERS
    lucky = play("R" + "T" * 9 + "RTTTTT" * 4 + "RRR", confirm=7, back=3)[-1]
    assert (lucky.answering, lucky.silent_answers) == (Answering.SILENT, 4)
    back = play("R" + "T" * 9 + "RTTTTT" * 4 + "R" * 12, confirm=7, back=3)[-1]
    assert back.answering is Answering.ANSWERS


def test_one_that_answers_every_other_question_is_back() -> None:
    """It loses much and is not down: of twenty questions ten were answered, though never two in a row."""
    states = [status.answering for status in play("R" + "T" * 60 + "RT" * 15)]
    assert states[60 : 60 + 18] == [Answering.SILENT] * 18
    assert Answering.ANSWERS in states[-12:]


def test_one_that_answers_every_fifth_question_is_not_back() -> None:
    """However long that lasts."""
    states = [status.answering for status in play("R" + "T" * 20 + "RTTTT" * 100)]
    assert set(states[4:]) == {Answering.SILENT}
