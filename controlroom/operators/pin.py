"""PINs: hashed with Argon2id, and slowed down where they are guessed. It keeps and prints none.

Argon2id with the library's parameters (RFC 9106, second recommended option: 64 MiB, 3 passes). A PIN has few
digits, so guessing at the desk is slowed down; against whoever copies the file only a long PIN helps.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from controlroom.errors import ControlroomError

SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 64
FREE_TRIES: Final = 5
FIRST_WAIT_S: Final = 30.0
LONGEST_WAIT_S: Final = 300.0


def hash_pin(pin: str) -> str:
    """Hash a PIN with a salt of its own; takes some tens of milliseconds: not for a window's thread."""
    if not SHORTEST_PIN <= len(pin) <= LONGEST_PIN or not pin.isprintable():
        raise ControlroomError(
            "pin-unusable",
            f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} printable characters.",
            "Type another.",
        )
    return PasswordHasher().hash(pin)


def is_right(pin: str, pin_hash: str) -> bool:
    """Tell whether a PIN is the hashed one; a damaged hash fits none. As slow as the hashing."""
    try:
        return PasswordHasher().verify(pin_hash, pin[: LONGEST_PIN + 1])
    except (VerificationError, InvalidHashError):
        return False


@dataclass(slots=True)
class PinWait:
    """Slows guessing down: after some wrong PINs for a name every further one costs a wait."""

    _wrong: dict[str, int] = field(default_factory=dict)
    _until_s: dict[str, float] = field(default_factory=dict)

    def wait_s(self, name: str, now_monotonic_s: float) -> float:
        """Return how long until the next try for a name is allowed, 0 where it is now."""
        return max(0.0, self._until_s.get(name, 0.0) - now_monotonic_s)

    def tried(self, name: str, right: bool, now_monotonic_s: float) -> None:
        """Take the end of a try."""
        if right:
            self._wrong.pop(name, None)
            self._until_s.pop(name, None)
            return
        wrong = self._wrong[name] = self._wrong.get(name, 0) + 1
        if wrong >= FREE_TRIES:
            wait_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (wrong - FREE_TRIES))
            self._until_s[name] = now_monotonic_s + wait_s
