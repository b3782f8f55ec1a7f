"""What goes first when there is too much: by number, then by size, one file at a look."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.store.interface import Retention
from controlroom.store.sqlite.day import HistoryFolder
from controlroom.store.sqlite.retiring import retire, size_of

KILOBYTE = 1000


@pytest.fixture
def history(tmp_path: Path) -> HistoryFolder:
    """Five days of readings, three months of minutes, two years of hours: a kilobyte each."""
    names = [f"raw-2026-01-0{day}.db" for day in range(1, 6)]
    names += [f"minutes-2025-1{month}.db" for month in range(3)] + ["hours-2025.db", "hours-2026.db"]
    for name in names:
        (tmp_path / name).write_bytes(bytes(KILOBYTE))
    return HistoryFolder(tmp_path)


def dropped(history: HistoryFolder, retention: Retention) -> list[str]:
    """Look until nothing goes any more; return what went, in order."""
    told: list[Path] = []
    went: list[str] = []
    while (path := retire(history, retention, told.append)) is not None:
        assert not path.exists()
        went.append(path.name)
    assert [path.name for path in told] == went
    return went


def test_days_months_and_years_beyond_the_number_go(history: HistoryFolder) -> None:
    """The oldest first, kind by kind."""
    assert dropped(history, Retention(raw_days=3, minute_months=2, hour_years=1)) == [
        "raw-2026-01-01.db",
        "raw-2026-01-02.db",
        "minutes-2025-10.db",
        "hours-2025.db",
    ]


def test_by_size_readings_go_before_minutes_and_minutes_before_hours(history: HistoryFolder) -> None:
    """The newest of each kind stays, however little is allowed."""
    assert dropped(history, Retention(most_bytes=0)) == [
        *(f"raw-2026-01-0{day}.db" for day in range(1, 5)),
        "minutes-2025-10.db",
        "minutes-2025-11.db",
        "hours-2025.db",
    ]
    assert size_of(history) == 3 * KILOBYTE


def test_no_more_goes_than_must(history: HistoryFolder) -> None:
    """Down to the limit, and not below it."""
    assert dropped(history, Retention(most_bytes=8 * KILOBYTE)) == ["raw-2026-01-01.db", "raw-2026-01-02.db"]
    assert dropped(history, Retention()) == []


def test_a_file_that_was_set_aside_stays_and_does_not_count(history: HistoryFolder) -> None:
    """It is somebody's evidence, and larger than all that may be kept."""
    aside = history.path / "raw-2025-12-31.damaged-1.db"
    aside.write_bytes(bytes(100 * KILOBYTE))
    assert dropped(history, Retention(most_bytes=10 * KILOBYTE)) == []
    assert aside.exists()


def test_what_belongs_to_a_file_goes_with_it(history: HistoryFolder) -> None:
    """Its log and its shared memory."""
    for suffix in ("-wal", "-shm"):
        (history.path / f"raw-2026-01-01.db{suffix}").write_bytes(b"x")
    dropped(history, Retention(raw_days=4))
    assert not list(history.path.glob("raw-2026-01-01*"))
