"""What no thread took care of is noticed, and the first of it kept."""

from __future__ import annotations

import sys
import threading

import pytest

from ui.desk.faults import Faults


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_is_noticed() -> None:
    """Its name and the mistake stand in the words; the hooks are given back."""
    hooks = (sys.excepthook, threading.excepthook)
    faults = Faults()
    give_back = faults.watch()

    def die() -> None:
        message = "a mistake"
        raise ValueError(message)

    thread = threading.Thread(target=die, name="desk-reader")
    thread.start()
    thread.join()
    give_back()
    assert faults.words() == "ValueError in desk-reader: a mistake"
    assert (sys.excepthook, threading.excepthook) == hooks


def test_the_first_fault_stays() -> None:
    """What follows from it must not hide it."""
    faults = Faults()
    assert faults.words() == ""
    faults.note(KeyError("first"), "the window")
    faults.note(ValueError("second"), "desk-acts")
    assert "first" in faults.words()
