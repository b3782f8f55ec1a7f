"""The mark beside a store: it says how far a commit got, or nothing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from controlroom.store.commit_mark import CommitMark, Mark, mark_in

NAME = "0123456789abcdef0123456789abcdef"


def test_it_tells_what_was_reached_last(tmp_path: Path) -> None:
    """Also after a kill: nothing waits for the end. It never goes back, and keeps its length."""
    path = tmp_path / "committed"
    with closing(CommitMark(path, NAME, 7, 3)) as mark:
        assert mark_in(path) is None
        sizes = set()
        for key, entry, told in ((8, 0, 3), (9, 12, 12), (1_000_000, 0, 12), (5, 4, 12)):
            mark.reached(key, entry)
            assert mark_in(path) == Mark(NAME, max(key, 8) if key != 5 else 1_000_000, told)
            sizes.add(path.stat().st_size)
        assert sizes == {256}
        assert path.stat().st_mode & 0o777 == 0o600
    assert mark_in(path) == Mark(NAME, 1_000_000, 12)


def test_any_flipped_bit_is_noticed(tmp_path: Path) -> None:
    """A mark that is not what was written says nothing, whatever it looks like."""
    path = tmp_path / "committed"
    with closing(CommitMark(path, NAME, 7, 3)) as mark:
        mark.reached(8, 4)
    good = path.read_bytes()
    for place in range(len(good.rstrip())):
        for bit in range(8):
            path.write_bytes(good[:place] + bytes([good[place] ^ 1 << bit]) + good[place + 1 :])
            assert mark_in(path) is None, (place, bit)


@pytest.mark.parametrize("text", [b"", b"{", b"null", b"[1]", b"00000000{}", b"\xff" * 256, b"[" * 100_000])
def test_nonsense_says_nothing(tmp_path: Path, text: bytes) -> None:
    """So does a file that is not there."""
    (tmp_path / "committed").write_bytes(text)
    assert mark_in(tmp_path / "committed") is None
    assert mark_in(tmp_path / "none") is None


def test_one_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is told in the program's log, once."""
    with closing(CommitMark(tmp_path / "gone" / "committed", NAME, 7, 3)) as mark:
        mark.reached(8, 4)
        mark.reached(9, 4)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
