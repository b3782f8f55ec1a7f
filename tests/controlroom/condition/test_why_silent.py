"""Why a probe is silent: the reason follows what its losses tell, and does not flicker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.condition.answering import Answering, ProbeStatus, step, unmeasured
from controlroom.condition.silence_test import SPACING_S, Needs
from controlroom.reading import PATH_MTU_BYTES, Outcome, ProbeKey, Reading, Reason

KEY = ProbeKey("mast", "icmp")
LETTERS = {
    "R": (Outcome.REPLIED, Reason.NONE),
    "T": (Outcome.NO_REPLY, Reason.DEADLINE),
    "t": (Outcome.NO_REPLY, Reason.DEADLINE),
    "N": (Outcome.NO_REPLY, Reason.NO_NEIGHBOUR),
    "H": (Outcome.REFUSED, Reason.HOST_UNREACHABLE),
    "P": (Outcome.REFUSED, Reason.PROHIBITED),
    "C": (Outcome.REFUSED, Reason.PORT_UNREACHABLE),
    "S": (Outcome.REFUSED, Reason.STATUS_UNEXPECTED),
    "U": (Outcome.NO_REPLY, Reason.UNDECODABLE),
    "X": (Outcome.NOT_RUN, Reason.UNDECODABLE),
    "F": (Outcome.REFUSED, Reason.FRAGMENTATION_NEEDED),
}
"""``t`` is a loss off the beat."""


def play(letters: str, confirm: int = 7) -> list[ProbeStatus]:
    """Fold a text of letters, one a second, into the statuses after each; blanks are for the reader."""
    status, found = unmeasured(1000.0), []
    for second, letter in enumerate(letters.replace(" ", "")):
        outcome, reason = LETTERS[letter]
        values = {PATH_MTU_BYTES: 1400.0} if letter == "F" else {}
        reading = Reading(KEY, 1000.0 + second, second, outcome, reason, values, beat=letter != "t")
        status = step(status, reading, needs=lambda: Needs(confirm, 0.0, SPACING_S), return_attempts=3)
        found.append(status)
    return found


def changes(statuses: list[ProbeStatus]) -> list[str]:
    """Return the reasons of the silence, each as often as it took over."""
    reasons = [status.reason for status in statuses if status.answering is Answering.SILENT]
    return [reason for place, reason in enumerate(reasons) if place == 0 or reason != reasons[place - 1]]


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("RTtttttt TTTTT", ["deadline"]),
        ("RPPttttt TTT", ["prohibited"]),
        ("RTtttttt C", ["deadline", "port_unreachable"]),
        ("RTtttttt SSSS", ["deadline", "status_unexpected"]),
        ("RTtttttt TTHTTTHTTTHTTTHTTT", ["deadline", "host_unreachable"]),
        ("RTtttttt NTNNTNNTNN", ["deadline", "no_neighbour"]),
        ("RSSSSSSS TTTTT", ["status_unexpected", "deadline"]),
        ("RSSSSSSS CCC SSS", ["status_unexpected", "port_unreachable", "status_unexpected"]),
        ("RFFFFFFF FFF", ["fragmentation_needed:1400"]),
    ],
)
def test_the_reason_follows_the_losses(letters: str, told: list[str]) -> None:
    """A word beats silence, a newer word an older one, and each change is told once."""
    assert changes(play(letters)) == told


def test_what_could_not_be_read_is_forgotten_once_nothing_comes() -> None:
    """Whoever answered nonsense and is silent now is silent: three losses show it, as of any service."""
    assert changes(play("RUUUUUUU TT")) == ["undecodable"]
    assert changes(play("RUUUUUUU TTT")) == ["undecodable", "deadline"]
    unread = play("RXXX")
    assert [status.answering for status in unread[2:]] == [Answering.UNKNOWN] * 2
    assert unread[-1].reason == "undecodable"
    assert changes(play("RXXX TTTTTTT")) == ["deadline"]


def test_a_quiet_router_keeps_its_word_for_twelve_losses() -> None:
    """A router that says little is believed for a while, and not for ever."""
    assert changes(play("RHHHHHHH" + "T" * 11)) == ["host_unreachable"]
    assert changes(play("RHHHHHHH" + "T" * 12)) == ["host_unreachable", "deadline"]


def test_losses_off_the_beat_do_not_wear_out_a_routers_word() -> None:
    """Our own quick questions use up what a router may say in a second."""
    assert changes(play("RHHHHHHH" + "t" * 40)) == ["host_unreachable"]


def test_a_single_word_of_a_router_in_a_silence_is_not_yet_its_reason() -> None:
    """One stray word changes nothing."""
    assert changes(play("RTtttttt TTHTTTTTTTTTTTTT")) == ["deadline"]


def test_a_new_silence_starts_without_the_words_of_the_last() -> None:
    """What was told before an answer says nothing of now."""
    assert changes(play("RHHHHHHH RRRR Tttttttt")) == ["host_unreachable", "deadline"]


@given(st.text(alphabet="HP", min_size=1, max_size=60))
def test_two_words_that_take_turns_change_nothing(letters: str) -> None:
    """The reason changes only where one word was told twice since the other."""
    found = changes(play("PPPPPPP" + letters))
    assert len(found) - 1 <= letters.count("HH") + letters.count("PP")
