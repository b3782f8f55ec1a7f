"""When silence is that of another key."""

from __future__ import annotations

from controlroom.reading import Outcome, Reason
from probes.snmp.client import Answer, AuthProtocol, Credentials, Get, PrivacyProtocol, Version
from probes.snmp.other_key import SilentAgents

SEALED = Credentials(
    Version.V3,
    user="u",
    auth_protocol=AuthProtocol.SHA1,
    auth="a",
    privacy_protocol=PrivacyProtocol.AES128,
    privacy="p",
)
SILENCE = Answer(Outcome.NO_REPLY, Reason.DEADLINE)


def get(credentials: Credentials = SEALED, port: int = 161) -> Get:
    """A question."""
    return Get("127.0.0.1", port, credentials, ("1.3",), 1.0)


def test_the_second_silence_in_a_row_of_an_agent_that_names_its_engine_tells() -> None:
    """One that answers, or another agent, begins the count anew; one that named no engine once does not."""
    agents = SilentAgents()
    assert agents.seen_through(get(), SILENCE, met=True) == SILENCE
    assert agents.seen_through(get(port=162), SILENCE, met=True) == SILENCE
    told = agents.seen_through(get(), SILENCE, met=True)
    assert (told.outcome, told.reason) == (Outcome.REFUSED, Reason.AUTHENTICATION_FAILED)
    assert "privacy password" in told.text
    assert agents.seen_through(get(), SILENCE, met=False) == SILENCE
    assert agents.seen_through(get(), SILENCE, met=True) == told
    answer = Answer(Outcome.REPLIED)
    assert agents.seen_through(get(), answer, met=True) == answer
    assert agents.seen_through(get(), SILENCE, met=True) == SILENCE


def test_what_is_not_encrypted_is_understood_by_everyone() -> None:
    """Its silence says nothing of keys; nor does an answer other than silence."""
    agents, signed = SilentAgents(), Credentials(Version.V3, user="u")
    refused = Answer(Outcome.REFUSED, Reason.PORT_UNREACHABLE)
    for _ in range(3):
        assert agents.seen_through(get(signed), SILENCE, met=True) == SILENCE
        assert agents.seen_through(get(), refused, met=True) == refused
