"""What the band says of the site file, and when it says nothing."""

from __future__ import annotations

import pytest

from ui.desk.site_editor.desk_work import OutsideFile
from ui.desk.site_editor.fault_words import outside_words
from ui.desk.site_editor.outside_notice import OutsideNotice


class Band:
    """The desk's band, and the mark at the form."""

    def __init__(self) -> None:
        """Say nothing."""
        self.words: list[tuple[str, str]] = []
        self.marks: list[bool] = []
        self.notice = OutsideNotice(
            lambda words, detail: self.words.append((words, detail)), self.marks.append
        )


@pytest.mark.parametrize("known", ["runs", "saved"])
def test_a_file_that_is_known_is_no_change_from_outside(known: str) -> None:
    """However often it is seen."""
    band = Band()
    assert [band.notice.watch(known, "runs", "saved") for _ in range(2)] == [False, False]
    assert (band.words[-1], band.marks[-1]) == (("", ""), False)


def test_a_file_is_looked_into_when_it_was_the_same_twice() -> None:
    """One that is missing is looked into too; where it is not known what runs, nothing is."""
    band = Band()
    seen = ["draft", "other", "other", "", ""]
    assert [band.notice.watch(digest, "runs", "") for digest in seen] == [False, False, True, False, True]
    assert [Band().notice.watch("other", "", "") for _ in range(2)] == [False, False]


def test_what_was_found_is_said_unless_the_file_has_changed_again() -> None:
    """The answer of the disk may come late."""
    band = Band()
    band.notice.watch("other", "runs", "")
    band.notice.tell(OutsideFile("before", ()))
    assert band.words == []
    band.notice.tell(OutsideFile("other", ()))
    assert (band.words, band.marks) == ([outside_words(())], [True])


def test_something_unsaved_is_said_where_nothing_was_changed_outside() -> None:
    """A change outside goes before it, and it comes back after that; each once."""
    band = Band()
    for waits in (True, True):
        band.notice.mind_waiting(waits)
    band.notice.watch("other", "runs", "")
    band.notice.tell(OutsideFile("other", ()))
    band.notice.watch("runs", "runs", "")
    band.notice.mind_waiting(False)
    unsaved, outside, again, nothing = (words for words, _ in band.words)
    assert "not saved" in unsaved
    assert outside == outside_words(())[0]
    assert (again, nothing) == (unsaved, "")
