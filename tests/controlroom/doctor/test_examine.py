"""All checks are heard within the time, whatever one of them does."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from controlroom.doctor.examine import Check, examine
from controlroom.finding import Finding, Health

ONE, OTHER = ("one", "One"), ("other", "Other")


def _well(concern: tuple[str, str]) -> Finding:
    return Finding(*concern, Health.OK, "ok", "fine")


def test_findings_come_in_the_order_of_the_checks() -> None:
    """Whichever ended first."""

    def slowly() -> list[Finding]:
        time.sleep(0.05)
        return [_well(ONE)]

    checks = [Check((ONE,), slowly), Check((OTHER,), lambda: [_well(OTHER)])]
    assert examine(checks, time.monotonic) == [_well(ONE), _well(OTHER)]


def test_a_check_that_hangs_is_unknown_and_holds_nobody_up() -> None:
    """What it had already told stands; what it still owes is unknown."""
    release = threading.Event()

    def hangs() -> Iterator[Finding]:
        yield _well(ONE)
        release.wait(10)

    began_s = time.monotonic()
    found = examine(
        [Check((ONE, OTHER), hangs, "Wake it."), Check((OTHER,), lambda: [_well(OTHER)])], time.monotonic, 0.2
    )
    release.set()
    assert time.monotonic() - began_s < 2
    assert [(each.name, each.health, each.code) for each in found] == [
        ("one", Health.OK, "ok"),
        ("other", Health.UNKNOWN, "no-answer"),
        ("other", Health.OK, "ok"),
    ]
    assert [each.cure for each in found] == ["", "Wake it.", ""]


def test_a_check_that_the_system_refuses_is_unknown_with_the_reason() -> None:
    """A refusal is no answer."""

    def refused() -> list[Finding]:
        raise PermissionError(13, "Permission denied", "/etc/somewhere")

    (found,) = examine([Check((ONE,), refused)], time.monotonic)
    assert (found.health, found.code) == (Health.UNKNOWN, "not-looked")
    assert found.found == "It could not be looked at: /etc/somewhere: Permission denied."
    assert found.cure == "See its rights: ls -ld /etc/somewhere"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_in_a_check_is_unknown_and_not_hidden() -> None:
    """Python's own report of it goes where such reports go."""
    reported: list[object] = []
    before = threading.excepthook
    threading.excepthook = lambda told: reported.append(told.exc_type)

    def mistaken() -> list[Finding]:
        raise ZeroDivisionError

    try:
        (found,) = examine([Check((ONE,), mistaken)], time.monotonic)
    finally:
        threading.excepthook = before
    assert (found.health, found.code) == (Health.UNKNOWN, "not-looked")
    assert reported == [ZeroDivisionError]
