"""Signals that ask to end: kept until somebody can heed them, heeded once, deaf afterwards."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.desk.ending import Ending

ASKING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
IDLE_MS = 3000


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in ASKING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def ask(number: signal.Signals = signal.SIGTERM) -> None:
    """Ask this very process to end."""
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", ASKING)
def test_a_sleeping_loop_is_told_at_once_and_once(qapp: QApplication, number: signal.Signals) -> None:
    """A loop in which nothing happens for seconds wakes up; the second asking is not passed on."""
    loop = QEventLoop()
    told: list[signal.Signals] = []

    def end() -> None:
        told.append(number)
        QTimer.singleShot(100, loop.quit)

    def ask_twice() -> None:
        ask(number)
        ask(number)

    with Ending() as ending:
        ending.heed(end)
        QTimer.singleShot(50, ask_twice)
        late = QTimer()
        late.setSingleShot(True)
        late.timeout.connect(lambda: loop.exit(1))
        late.start(IDLE_MS)
        assert loop.exec() == 0
    assert told == [number]
    assert qapp is not None


def test_what_was_asked_before_the_loop_is_heeded_in_it(qtbot: QtBot) -> None:
    """Nobody was there yet to heed it."""
    told: list[int] = []
    with Ending() as ending:
        ask()
        ending.heed(lambda: told.append(1))
        assert told == []
        qtbot.waitUntil(lambda: told == [1])
        qtbot.wait(20)
    assert told == [1]


def test_once_asked_it_stays_deaf_and_else_gives_everything_back() -> None:
    """Also after it is closed: the process is on its last steps. Unasked, all is as before."""
    before = [signal.getsignal(number) for number in ASKING]
    with Ending() as unasked:
        assert [signal.getsignal(number) for number in ASKING] != before
    assert not unasked.asked
    assert [signal.getsignal(number) for number in ASKING] == before
    with Ending() as ending:
        ask()
        assert ending.asked
    for number in ASKING:
        ask(number)


def test_without_a_loop_it_interrupts_once() -> None:
    """At once where it was asked before; the second asking does not disturb what is put in order."""
    with Ending() as ending:
        ask()
        with pytest.raises(KeyboardInterrupt):
            ending.interrupt()
        ask()
    with Ending() as later:
        later.interrupt()
        assert not later.asked


def test_an_interrupt_of_a_signal_comes_where_the_work_is() -> None:
    """Once it was allowed to."""
    for number in ASKING:
        signal.signal(number, signal.SIG_DFL)
    with Ending() as ending:
        ending.interrupt()
        with pytest.raises(KeyboardInterrupt):
            ask()
        ask()


def test_what_is_to_be_ignored_stays_ignored() -> None:
    """A hang-up under ``nohup``."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with Ending() as ending:
        ask(signal.SIGHUP)
        assert not ending.asked
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
