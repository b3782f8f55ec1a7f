"""A CSV is read as its rows say, and a wrong one is refused with every wrong row, escaped."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.engine import backtest_csv
from controlroom.engine.backtest_csv import RECORDED, CsvRecording, period_of
from controlroom.errors import ControlroomError
from controlroom.reading import Outcome
from controlroom.report.range import Span

EVER = Span()


def recording(folder: Path, text: str | bytes) -> CsvRecording:
    """Write a file."""
    path = folder / "link.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CsvRecording(path)


def rows_of(folder: Path, text: str | bytes, span: Span = EVER) -> list[tuple[int, float, str, float | None]]:
    """Read a file: row, time, outcome, round-trip time."""
    found = recording(folder, text)
    found.look_through()
    return [
        (row, each.sent_utc_s, each.outcome.value, each.values.get("rtt_s"))
        for row, each in found.readings(RECORDED, span)
    ]


def refusal(folder: Path, text: str | bytes) -> str:
    """Say why a file is refused."""
    with pytest.raises(ControlroomError) as refused:
        recording(folder, text).look_through()
    assert refused.value.code == "bad-csv"
    return str(refused.value)


def test_columns_stand_in_any_order_and_others_are_passed_over(tmp_path: Path) -> None:
    """With a mark of byte order, blanks and capitals in the header, and line ends of any kind."""
    header = "\ufeffchange, Status ,RTT_ms,time\r\n"
    text = f"{header}1,ok,20.5,2026-01-01T00:00:00Z\r\n\r\n0,timeout,,2026-01-01T01:00:10+01:00\r\n"
    assert rows_of(tmp_path, text) == [
        (0, 1767225600.0, "replied", 0.0205),
        (1, 1767225610.0, "no_reply", None),
    ]


@pytest.mark.parametrize(
    ("time", "utc_s"),
    [
        ("2026-01-01T00:00:00Z", 1767225600.0),
        ("2026-01-01T00:00:00", 1767225600.0),
        ("2026-01-01 00:00:00.250", 1767225600.25),
        ("2026-01-01T02:00:00+02:00", 1767225600.0),
        ("1767225600", 1767225600.0),
        ("1767225600.5", 1767225600.5),
    ],
)
def test_a_time_is_read_in_each_of_its_forms(tmp_path: Path, time: str, utc_s: float) -> None:
    """Without an offset it is UTC."""
    assert rows_of(tmp_path, f"time,rtt_ms\n{time},1\n")[0][1] == utc_s


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ("20,ok", Outcome.REPLIED),
        ("20,", Outcome.REPLIED),
        (",ok", Outcome.NO_REPLY),
        (",", Outcome.NO_REPLY),
        (",timeout", Outcome.NO_REPLY),
        ("20,TIMEOUT", Outcome.NO_REPLY),
        (",error", Outcome.NOT_RUN),
        ("20,error", Outcome.NOT_RUN),
    ],
)
def test_what_came_of_a_row(tmp_path: Path, cells: str, outcome: Outcome) -> None:
    """An empty time is a lost probe; an error is of the measuring probe itself."""
    ((_, _, found, rtt_s),) = rows_of(tmp_path, f"time,rtt_ms,status\n100,{cells}\n")
    assert found == outcome.value
    assert (rtt_s is None) is (outcome is not Outcome.REPLIED)


def test_a_range_keeps_the_numbers_of_the_rows(tmp_path: Path) -> None:
    """A row is counted in the file, not in the range."""
    text = "time,rtt_ms\n" + "".join(f"{at},1\n" for at in range(100, 110))
    assert [row for row, *_ in rows_of(tmp_path, text, Span(103.0, 105.0))] == [3, 4, 5]


def test_times_may_repeat_and_step_back(tmp_path: Path) -> None:
    """They are taken as they are."""
    assert [at for _, at, *_ in rows_of(tmp_path, "time,rtt_ms\n100,1\n100,1\n98,1\n")] == [100, 100, 98]


def test_every_wrong_row_is_named_with_its_line(tmp_path: Path) -> None:
    """The header is line 1; blank lines count as lines."""
    wrong = "yesterday,1,ok\n\n100,fast,ok\n100,-1,ok\n100,nan,ok\n100,1,maybe\n100\n"
    told = refusal(tmp_path, f"time,rtt_ms,status\n{wrong}100,1,ok\n")
    for line, what in ((2, "yesterday"), (4, "fast"), (5, "-1"), (6, "nan"), (7, "maybe"), (8, "1 field")):
        assert f"Line {line}: " in told
        assert what in told
    assert "Line 9" not in told


def test_many_wrong_rows_are_counted(tmp_path: Path) -> None:
    """Nobody reads thousands of sentences."""
    told = refusal(tmp_path, "time,rtt_ms\n" + "x,1\n" * 1000)
    assert told.count("Line ") == backtest_csv.MOST_MISTAKES
    assert f"{1000 - backtest_csv.MOST_MISTAKES:,} more rows are wrong" in told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no column time"),
        ("\n\n", "no column time"),
        ("time,rtt\n1,1\n", "no column rtt_ms. “rtt” looks like it"),
        ("time,time,rtt_ms\n1,1,1\n", "more than once"),
        ("time,rtt_ms\n", "no rows"),
        ('time,rtt_ms\n1,"1\n', "Check its quotes"),
        ("time,rtt_ms\n1," + "1" * 70_000 + "\n", "longer than"),
        ("time,rtt_ms\n99999-01-01T00:00:00Z,1\n", "no time"),
        ("time,rtt_ms\n999999999999,1\n", "no time"),
        (b"\xff\xfe\x00t\x00i", "no column"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str | bytes, word: str) -> None:
    """In a sentence that says what is wrong."""
    assert word in refusal(tmp_path, text)


def test_what_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    """Nothing is waited for, as at a pipe."""
    for path, word in ((tmp_path / "none.csv", "no such file"), (tmp_path, "no regular file")):
        with pytest.raises(ControlroomError, match=word):
            CsvRecording(path).look_through()


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read."""
    monkeypatch.setattr(backtest_csv, "LARGEST_BYTES", 10)
    assert "larger than" in refusal(tmp_path, "time,rtt_ms\n1,1\n")


def test_nothing_of_the_file_steers_a_terminal(tmp_path: Path) -> None:
    """Control characters and direction marks are shown as what they are, and long text is cut."""
    text = (
        "time,rtt_ms,status\n\x1b[31m2026,1,ok\n100,\u202e1,ok\n100,1,\x1b]0;x\x07\n" + "a" * 9000 + ",1,ok\n"
    )
    told = refusal(tmp_path, text)
    assert not set(told) & {"\x1b", "\x07", "\u202e"}
    assert len(told) < 1000
    told = refusal(tmp_path, "time,rtt_m\x1b\n1,1\n")
    assert "\x1b" not in told


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_octets_are_read_or_refused(content: bytes) -> None:
    """And nothing else happens."""
    with tempfile.TemporaryDirectory() as folder:
        for octets in (content, b"time,rtt_ms,status\n" + content):
            with suppress(ControlroomError):
                assert recording(Path(folder), octets).look_through().rows > 0


def test_the_period_is_the_median_step() -> None:
    """Repeated times and steps back do not count; it stays within what a site takes."""
    assert period_of([0, 240, 480, 480, 470, 720, 2000]) == 245.0
    assert period_of([5.0]) == 1.0
    assert period_of([0, 0.05, 0.1]) == 0.2
    assert period_of([0, 1e6]) == 86_400.0


def test_the_period_is_that_of_the_first_rows(tmp_path: Path) -> None:
    """So that a file that goes on is judged as its beginning was."""
    early = [f"{at},1" for at in range(backtest_csv.PERIOD_ROWS)]
    late = [f"{5000 + 60 * at},1" for at in range(3000)]
    facts = recording(tmp_path, "time,rtt_ms\n" + "\n".join([*early, *late])).look_through()
    assert (facts.rows, facts.period_s) == (len(early) + 3000, 1.0)


def test_newest_rows_first_are_refused(tmp_path: Path) -> None:
    """As many exports have them: replayed backwards everything would seem to happen at one moment."""
    rows = "".join(f"2026-01-01T00:00:{second:02d}Z,20\n" for second in range(59, -1, -1))
    assert "Its times go backwards" in refusal(tmp_path, f"time,rtt_ms\n{rows}")
