"""Whether the pages of a database hold together, and whether its format is known. It changes nothing.

Rules
1. Pages are looked at whatever wrote the file; what is in them only where the format is known.
2. A newer format is told as such, never as damage.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from controlroom.errors import StoreError
from controlroom.finding import Health
from controlroom.store.care import Aspect, Doing, Observation, Tell
from controlroom.store.sqlite.care.looking import interruptible
from controlroom.store.sqlite.failure import is_damage
from controlroom.store.sqlite.schema import Rung, refuse_newer, version_of

_MOST_PROBLEMS: Final = 100
_LONGEST_PROBLEM: Final = 200

Look = Callable[[sqlite3.Connection], Sequence[Observation]]


def look_into(
    connection: sqlite3.Connection, file: str, ladder: Sequence[Rung], look: Look, tell: Tell
) -> list[Observation]:
    """Judge a database's pages and format, and go on with ``look`` where the format is known."""
    found = [_pages(connection, file, tell)]
    try:
        form = _format(connection, file, ladder)
        found.append(form)
        if form.health is Health.OK:
            found.extend(look(connection))
    except (sqlite3.DatabaseError, StoreError) as error:
        if not is_damage(error):
            raise
        found.append(unreadable(file, Aspect.FORMAT, error))
    return found


def unreadable(file: str, aspect: Aspect, error: Exception, **facts: int) -> Observation:
    """Tell that a part of a file cannot be read."""
    problem = str(error)[:_LONGEST_PROBLEM]
    return Observation(file, aspect, Health.TROUBLE, "unreadable", {"problem": problem, **facts})


def _pages(connection: sqlite3.Connection, file: str, tell: Tell) -> Observation:
    def tick() -> None:
        tell(Doing(file, "pages"))

    def work() -> list[tuple[str]]:
        return connection.execute(f"PRAGMA integrity_check({_MOST_PROBLEMS})").fetchall()

    tick()
    try:
        rows = interruptible(connection, work, tick)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        rows = [(str(error),)]
    if rows == [("ok",)]:
        return Observation(file, Aspect.PAGES, Health.OK, "pages-sound")
    problem = " ".join(str(rows[0][0]).split())[:_LONGEST_PROBLEM]
    return Observation(
        file, Aspect.PAGES, Health.TROUBLE, "pages-damaged", {"problems": len(rows), "problem": problem}
    )


def _format(connection: sqlite3.Connection, file: str, ladder: Sequence[Rung]) -> Observation:
    facts: dict[str, int] = {"known": len(ladder)}
    try:
        version = version_of(connection)
        facts["version"] = version
        refuse_newer(version, ladder)
    except StoreError as error:
        return Observation(file, Aspect.FORMAT, Health.TROUBLE, error.code, facts)
    if version == 0:
        return Observation(file, Aspect.FORMAT, Health.UNKNOWN, "without-tables", facts)
    if version < len(ladder):
        return Observation(file, Aspect.FORMAT, Health.UNKNOWN, "store-older", facts)
    return Observation(file, Aspect.FORMAT, Health.OK, "format-known", facts)
