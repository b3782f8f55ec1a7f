"""The status of everything, live in the terminal: a table that keeps its places, once a second.

Rules:
1. Fresh means that the heartbeat was seen to move on our own monotonic clock; before the first
   movement the time of day decides.
2. In a terminal the table takes the whole screen and follows its size; where the output is no
   terminal, a plain table is printed every so many seconds.
3. Ctrl-C ends the view and nothing else; the last line says what goes on and what stops.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TextIO

from rich.console import Console, ConsoleDimensions, Group
from rich.live import Live
from rich.text import Text

from controlroom.errors import StoreError
from controlroom.logbook.entry import LogKind
from controlroom.report.escaping import printable
from controlroom.store.interface import Heartbeat, ReadStore
from ui.engine_control import EngineControl
from ui.terminal.clocks import Clocks
from ui.terminal.engine_keeper import EngineKeeper
from ui.terminal.picture import Picture, take_picture
from ui.terminal.status import plain_console, print_picture
from ui.terminal.table import render

_BEAT_S = 1.0


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """How to watch: for how long (``None``: until Ctrl-C), how often where it is plain, in what order."""

    for_s: float | None = None
    every_s: float = 5.0
    worst_first: bool = False
    ends_engine: bool = False
    """Whether what is watched ends with the view."""


def watch_settings(chosen: argparse.Namespace, *, ends_engine: bool) -> WatchSettings:
    """Return how to watch by what was typed; in the desk's stead there are no options of the view."""
    wished = {name: getattr(chosen, name) for name in ("for_s", "every_s", "worst_first") if name in chosen}
    return WatchSettings(**wished, ends_engine=ends_engine)


class _Watching:
    """One store looked at again and again; what cannot be read is said and tried anew."""

    def __init__(
        self, open_store: Callable[[], ReadStore], engine: EngineControl | None, clocks: Clocks
    ) -> None:
        self._open_store = open_store
        self._clocks = clocks
        self._store: ReadStore | None = None
        self._keeper = None if engine is None else EngineKeeper(engine, self._ended_in_order)
        self._sequence: int | None = None
        self._moved_s: float | None = None
        self.picture: Picture | None = None
        self.said = ""

    def look(self) -> None:
        """Tend the engine, then read the store once."""
        self.said = "" if self._keeper is None else self._keeper.tend(self._clocks.monotonic_s())
        try:
            if self._store is None:
                self._store = self._open_store()
            moved_s_ago = self._moved_s_ago(self._store.heartbeat())
            self.picture = self._with_start(take_picture(self._store, self._clocks.utc_s(), moved_s_ago))
        except StoreError as error:
            self.picture = None
            self.said = f"{self.said} The store cannot be read: {printable(str(error), 400)}".strip()

    def _with_start(self, picture: Picture) -> Picture:
        """Say of an engine that does not live that it is being started, where it is."""
        starting = self._keeper is not None and self._keeper.starting(self._clocks.monotonic_s())
        if picture.engine.alive or not starting:
            return picture
        return replace(picture, engine=replace(picture.engine, starting=True))

    def close(self) -> None:
        """Give the store back."""
        if self._store is not None:
            self._store.close()

    def _moved_s_ago(self, heartbeat: Heartbeat | None) -> float | None:
        now_s = self._clocks.monotonic_s()
        sequence = None if heartbeat is None else heartbeat.sequence
        if sequence != self._sequence and self._sequence is not None:
            self._moved_s = now_s
        self._sequence = sequence
        return None if self._moved_s is None else now_s - self._moved_s

    def _ended_in_order(self) -> bool:
        if self._store is None:
            return False
        newest = self._store.entries(newest=1)
        return bool(newest) and newest[-1].kind is LogKind.ENGINE_STOPPED


def run_watch(
    open_store: Callable[[], ReadStore],
    engine: EngineControl | None,
    *,
    settings: WatchSettings,
    clocks: Clocks,
    out: TextIO,
) -> int:
    """Show the status until Ctrl-C or for the time set; return 0, or 1 when at the end all is not well.

    With an ``engine`` one is kept running (``engine_keeper.py``); without, it is only looked at. Ctrl-C
    returns 0: leaving is no trouble.
    """
    watching = _Watching(open_store, engine, clocks)
    console = plain_console(out)
    live = console.is_terminal and not console.is_dumb_terminal
    interrupted = False
    try:
        (_show_live if live else _show_plain)(watching, console, settings, clocks)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        watching.close()
    if not settings.ends_engine:
        console.print(Text(_farewell(watching.picture)))
    well = watching.picture is not None and watching.picture.well
    return 0 if interrupted or well else 1


def _show_live(watching: _Watching, console: Console, settings: WatchSettings, clocks: Clocks) -> None:
    started_s = clocks.monotonic_s()
    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            watching.look()
            _follow_size(console)
            live.update(_screen(watching, console, settings), refresh=True)
            passed_s = clocks.monotonic_s() - started_s
            if settings.for_s is not None and passed_s >= settings.for_s:
                return
            clocks.pause(_BEAT_S - passed_s % _BEAT_S)


def _follow_size(console: Console) -> None:
    """Take the size of the terminal that is written to, whatever the other streams are."""
    columns, lines = os.get_terminal_size(console.file.fileno())
    if columns > 0 and lines > 0:
        console.size = ConsoleDimensions(columns, lines)


def _screen(watching: _Watching, console: Console, settings: WatchSettings) -> Group:
    width, height = console.size
    foot = [Text(watching.said, style="bold", no_wrap=True, overflow="ellipsis")] if watching.said else []
    foot.append(Text("Ctrl-C leaves this view.", style="dim", no_wrap=True))
    if watching.picture is None:
        return Group(*foot)
    room = height - len(foot)
    return Group(render(watching.picture, width=width, height=room, by_trouble=settings.worst_first), *foot)


def _show_plain(watching: _Watching, console: Console, settings: WatchSettings, clocks: Clocks) -> None:
    started_s = clocks.monotonic_s()
    while True:
        watching.look()
        if watching.said:
            console.print(Text(watching.said))
        if watching.picture is not None:
            print_picture(watching.picture, console, by_trouble=settings.worst_first)
        console.print()
        passed_s = clocks.monotonic_s() - started_s
        if settings.for_s is not None and passed_s >= settings.for_s:
            return
        clocks.pause(
            settings.every_s if settings.for_s is None else min(settings.every_s, settings.for_s - passed_s)
        )


def _farewell(picture: Picture | None) -> str:
    if picture is None:
        return "The view is closed. Whether anything is monitored could not be seen."
    if not picture.engine.alive:
        return "The view is closed. No engine is running: nothing is monitored now."
    pid = picture.engine.pid
    return f"The view is closed. Monitoring goes on (process {pid}); `controlroom stop` ends it."
