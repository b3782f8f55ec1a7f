"""What a reason says of the endpoint: turned away, failed, or silent."""

from __future__ import annotations

import pytest

from controlroom.reading import (
    ALIVE_BUT_UNMEASURED,
    SERVICE_FAILED,
    Outcome,
    Reason,
    lacking_code,
    lacking_of,
    shows_loss,
)


def test_no_reason_is_both_alive_and_failed() -> None:
    """Either the endpoint leaves us without a figure, or it fails."""
    assert not ALIVE_BUT_UNMEASURED & SERVICE_FAILED


@pytest.mark.parametrize("reason", sorted(SERVICE_FAILED))
def test_a_service_that_fails_is_as_bad_as_silence(reason: Reason) -> None:
    """Nobody is helped by a server that is reached and does nothing."""
    assert shows_loss(Outcome.REFUSED, reason) is True


@pytest.mark.parametrize("reason", sorted(ALIVE_BUT_UNMEASURED))
def test_who_turns_us_away_has_not_lost_our_question(reason: Reason) -> None:
    """That says nothing of loss."""
    assert shows_loss(Outcome.REFUSED, reason) is None


def test_what_is_lacking_is_found_again_in_its_code() -> None:
    """Each once; no other reason lacks anything."""
    assert lacking_of(lacking_code(["load", "rsrp_dbm", "load"])) == ("load", "rsrp_dbm")
    assert lacking_of(Reason.NO_SUCH_OBJECT) == lacking_of("limit:load:3") == ()
