"""Sound: what is installed is named, and nothing is claimed that was not heard."""

from __future__ import annotations

from controlroom.doctor.sound import check_sound
from controlroom.finding import Health


def test_a_player_that_nobody_heard_is_unknown() -> None:
    """That it is installed proves nothing."""
    (found,) = check_sound({"aplay": "/usr/bin/aplay", "espeak-ng": "/usr/bin/espeak-ng"}.get)
    assert found.health is Health.UNKNOWN
    assert "aplay found" in found.found
    assert "speech by espeak-ng" in found.found


def test_no_player_is_trouble() -> None:
    """With the packages that bring one."""
    (found,) = check_sound(lambda _name: None)
    assert (found.health, found.code) == (Health.TROUBLE, "no-player")
    assert "sudo apt-get install pipewire-bin" in found.cure
    assert "no speech engine" in found.found
