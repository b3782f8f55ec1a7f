"""The live view: fresh, in its places, inside its screen, and honest about what it does to the engine."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TextIO

import pytest

from controlroom.errors import EngineError, StoreError
from controlroom.logbook.entry import LogKind
from controlroom.store.interface import Heartbeat, ReadStore
from tests.controlroom.report.memory_store import NOON_UTC_S, MemoryStore
from tests.ui.terminal.site_stories import PID, healthy, with_outage
from ui.terminal.clocks import Clocks
from ui.terminal.watch import WatchSettings, run_watch


@dataclass
class Time:
    """A clock that moves only when somebody waits, and what happens each time."""

    passed_s: float = 0.0
    each: Callable[[float], None] = lambda passed_s: None

    def clocks(self) -> Clocks:
        """Both clocks, started at noon."""
        return Clocks(lambda: NOON_UTC_S + self.passed_s, lambda: 1000 + self.passed_s, self.pause)

    def pause(self, seconds: float) -> None:
        """Let time pass at once."""
        assert seconds > 0
        self.passed_s += seconds
        time.sleep(0.002)
        self.each(self.passed_s)


@dataclass
class FakeEngine:
    """An engine of which the test decides whether it lives."""

    alive: bool = True
    refuses: bool = False
    starts: list[float] = field(default_factory=list)
    time: Time = field(default_factory=Time)

    def pid(self) -> int | None:
        """Its process while it lives."""
        return PID if self.alive else None

    def start(self) -> int:
        """Start, or refuse with a reason."""
        self.starts.append(self.time.passed_s)
        if self.refuses:
            raise EngineError("engine-failed", "The site file has a mistake.", "Run controlroom check.")
        self.alive = True
        return PID

    def stop(self) -> None:
        """Nobody here may stop it."""
        raise AssertionError


def beating(store: MemoryStore, engine: FakeEngine) -> Callable[[float], None]:
    """Let the heartbeat move while the engine lives."""

    def beat(passed_s: float) -> None:
        if engine.alive:
            store.beat = Heartbeat(7 + int(passed_s), NOON_UTC_S + passed_s, {}, PID)
        elif store.beat is not None:
            store.beat = replace(store.beat, engine_pid=None)

    return beat


def watched(
    store: MemoryStore, story: Time, settings: WatchSettings, engine: FakeEngine | None = None
) -> tuple[str, int]:
    """What was printed to something that is no terminal, and the exit code."""
    out = io.StringIO()
    code = run_watch(lambda: store, engine, settings=settings, clocks=story.clocks(), out=out)
    return out.getvalue(), code


@contextmanager
def terminal(columns: int, lines: int) -> Iterator[tuple[TextIO, list[bytes]]]:
    """A real pseudo-terminal of a size, and what was drawn on it; complete once it is closed."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    drawn: list[bytes] = []

    def read() -> None:
        try:
            while chunk := os.read(master, 65536):
                drawn.append(chunk)
        except OSError:  # how a pseudo-terminal says that nobody writes to it any more
            return

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(slave, "w", encoding="utf-8") as out:
        yield out, drawn
    reader.join(timeout=10)
    os.close(master)


@pytest.fixture(autouse=True)
def colour_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of an ordinary terminal, whatever the suite runs in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def test_plain_output_comes_every_so_many_seconds_and_ends() -> None:
    """Where nobody looks at a screen, tables follow each other for the time asked."""
    store, engine = healthy("mast-north"), FakeEngine()
    story = Time(each=beating(store, engine))
    text, code = watched(store, story, WatchSettings(for_s=12, every_s=5))
    assert code == 0
    assert story.passed_s == 12
    assert text.count("Mast North") == 4
    assert text.endswith(f"Monitoring goes on (process {PID}); `controlroom stop` ends it.\n")
    assert store.closed


def test_trouble_at_the_end_is_exit_1() -> None:
    """A bounded watch tells a script what it found."""
    store = with_outage("mast-north")
    assert watched(store, Time(), WatchSettings(for_s=1))[1] == 1


def test_a_heartbeat_that_stops_moving_turns_everything_stale() -> None:
    """Our own clock decides, though the time of day in the store still looks right."""
    store, story = healthy("mast-north"), Time()

    def frozen(passed_s: float) -> None:
        moving = min(int(passed_s), 2)
        store.beat = Heartbeat(7 + moving, NOON_UTC_S + passed_s, {}, PID)

    story.each = frozen
    text, code = watched(store, story, WatchSettings(for_s=9, every_s=1))
    assert code == 1
    assert "● up" in text
    assert "~ stale" in text.rsplit("Condition", 1)[1]


def test_a_dead_engine_is_started_again_and_said_so() -> None:
    """The engine dies at three seconds; the view says so and brings it back at once."""
    store, story = healthy("mast-north"), Time()
    engine = FakeEngine(time=story)
    beat = beating(store, engine)

    def die_once(passed_s: float) -> None:
        if passed_s == 3:
            engine.alive = False
        beat(passed_s)

    story.each = die_once
    text, code = watched(store, story, WatchSettings(for_s=10, every_s=1), engine)
    assert len(engine.starts) == 1
    assert f"The engine had died and was started again (process {PID})." in text
    assert code == 0


def test_an_engine_that_will_not_start_is_tried_with_patience() -> None:
    """The reason is shown, and the waits grow."""
    store, story = healthy("mast-north"), Time()
    store.beat = None
    engine = FakeEngine(alive=False, refuses=True, time=story)
    text, code = watched(store, story, WatchSettings(for_s=60, every_s=1), engine)
    gaps = [later - earlier for earlier, later in zip(engine.starts, engine.starts[1:], strict=False)]
    assert code == 1
    assert gaps == [2, 5, 10, 30]
    assert "The engine could not be started: The site file has a mistake. Run controlroom check." in text
    assert "nothing is monitored now" in text


def test_an_engine_that_was_stopped_in_order_stays_stopped() -> None:
    """Somebody decided that; a view does not overrule it."""
    store, story = healthy("mast-north"), Time()
    engine = FakeEngine(time=story)
    beat = beating(store, engine)

    def stop_in_order(passed_s: float) -> None:
        if passed_s == 3:
            engine.alive = False
            store.tell(LogKind.ENGINE_STOPPED, "engine", NOON_UTC_S + 3, cause="stop_act")
        beat(passed_s)

    story.each = stop_in_order
    text, code = watched(store, story, WatchSettings(for_s=10, every_s=1), engine)
    assert engine.starts == []
    assert "stopped in order" in text
    assert code == 1


@pytest.mark.parametrize("before", [True, False])
def test_an_engine_that_starts_is_no_engine_that_stands_still(before: bool) -> None:
    """The first picture is taken before it has said anything, in a fresh folder as in an old one."""
    store, story = healthy("mast-north"), Time()
    store.beat = Heartbeat(6, NOON_UTC_S - 3600, {}, None) if before else None
    engine = FakeEngine(alive=False, time=story)
    story.each = beating(store, engine)
    text, code = watched(store, story, WatchSettings(for_s=3, every_s=1), engine)
    assert "Monitoring starts" in text
    assert "MONITORING" not in text
    assert "Monitoring runs" in text
    assert code == 0


def test_an_engine_that_cannot_start_or_never_speaks_is_not_running() -> None:
    """The benefit of the doubt has an end."""
    store, story = healthy("mast-north"), Time()
    store.beat = None
    text, _code = watched(
        store, story, WatchSettings(for_s=30, every_s=5), FakeEngine(False, True, time=story)
    )
    assert text.count("NOT RUNNING") > text.count("Monitoring starts")
    silent = FakeEngine(alive=False, time=story)
    text, _code = watched(store, Time(), WatchSettings(for_s=40, every_s=5), silent)
    assert "NOT RUNNING" in text


def test_without_an_engine_to_keep_none_is_started() -> None:
    """Watching alone changes nothing."""
    store = healthy("mast-north")
    store.beat = None
    text, code = watched(store, Time(), WatchSettings(for_s=2, every_s=1))
    assert code == 1
    assert "NOT RUNNING" in text


def test_a_store_that_cannot_be_read_is_said_and_tried_again() -> None:
    """A passing trouble of the disk does not end the view."""
    store, tries = healthy("mast-north"), [1, 2]

    def open_store() -> ReadStore:
        if tries:
            tries.pop()
            raise StoreError("store-busy", "The store is busy.")
        return store

    out, story = io.StringIO(), Time()
    story.each = beating(store, FakeEngine())
    code = run_watch(
        open_store, None, settings=WatchSettings(for_s=5, every_s=1), clocks=story.clocks(), out=out
    )
    assert code == 0
    assert "The store cannot be read: The store is busy." in out.getvalue()
    assert "● up" in out.getvalue()


def test_nothing_is_claimed_of_an_engine_that_could_not_be_seen() -> None:
    """A store that stays unreadable leaves open whether anybody monitors."""

    def open_store() -> ReadStore:
        raise StoreError("folder-unreadable", "The folder cannot be read.")

    out = io.StringIO()
    code = run_watch(open_store, None, settings=WatchSettings(for_s=1), clocks=Time().clocks(), out=out)
    assert code == 1
    assert "could not be seen" in out.getvalue()
    assert "No engine" not in out.getvalue()


def test_ctrl_c_ends_the_view_with_a_sentence() -> None:
    """Leaving is no trouble, and the last line says that monitoring goes on."""
    store = with_outage("mast-north")

    def interrupt(passed_s: float) -> None:
        raise KeyboardInterrupt

    with terminal(80, 24) as (out, drawn):
        story = Time(each=interrupt)
        code = run_watch(
            lambda: store, FakeEngine(), settings=WatchSettings(), clocks=story.clocks(), out=out
        )
    assert code == 0
    assert store.closed
    text = text_of(drawn)
    assert "\x1b[?1049h" in text
    assert text.index("\x1b[?1049l") < text.index("Monitoring goes on")


def text_of(drawn: list[bytes]) -> str:
    """Everything that was drawn."""
    return b"".join(drawn).decode()


def last_screen(drawn: str) -> list[str]:
    """The lines of the last picture drawn, colours taken out."""
    start = drawn.rindex("Europe/Berlin")
    start = drawn.rindex("\x1b[H", 0, start)
    plain, _, _ = drawn[start:].partition("\x1b[?1049l")
    out, inside = [], False
    for character in plain:
        if character == "\x1b":
            inside = True
        elif not inside:
            out.append(character)
        elif character.isalpha():
            inside = False
    return "".join(out).replace("\r", "").split("\n")


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (160, 45), (60, 12)])
def test_a_site_larger_than_the_screen_shows_the_worst_and_counts_the_rest(columns: int, lines: int) -> None:
    """No line is wrapped or lost below the edge: the trouble is in sight, and the rest is counted."""
    names = [f"endpoint-{place:02}" for place in range(60)]
    store = with_outage(*names)
    with terminal(columns, lines) as (out, drawn):
        settings = WatchSettings(for_s=1)
        story = Time(each=beating(store, FakeEngine()))
        run_watch(lambda: store, None, settings=settings, clocks=story.clocks(), out=out)
    screen = last_screen(text_of(drawn))
    assert len(screen) <= lines
    assert max(map(len, screen)) <= columns
    assert any("■ down" in line for line in screen)
    hidden = next(line for line in screen if line.startswith("… and"))
    seen = sum(line.startswith(("●", "■")) for line in screen)
    assert int(hidden.split()[2]) + seen == 60
    assert "Ctrl-C leaves this view." in screen[-1] + screen[-2]


def test_the_screen_follows_its_size() -> None:
    """A window that is made wider shows more columns at the next beat."""
    store = healthy("mast-north")
    with terminal(80, 24) as (out, drawn):

        def widen(passed_s: float) -> None:
            fcntl.ioctl(out.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))

        run_watch(
            lambda: store, None, settings=WatchSettings(for_s=2), clocks=Time(each=widen).clocks(), out=out
        )
    assert "Newest, or why" in text_of(drawn)
    assert "Why" in last_screen(text_of(drawn))[2]


def test_worst_first_is_an_order_that_can_be_asked_for() -> None:
    """Places stay by default; on demand trouble rises."""
    names = ["aa-first", "bb-second"]
    store = with_outage(*reversed(names))
    store.endpoint_states.sort(key=lambda known: known.endpoint_id)
    usual, _ = watched(store, Time(), WatchSettings(for_s=0.5))
    sorted_, _ = watched(store, Time(), WatchSettings(for_s=0.5, worst_first=True))
    assert usual.index("Bb Second") < usual.index("Aa First")
    assert sorted_.index("■ down") < sorted_.index("● up")
