"""A version as people read it: enough to choose which one to bring back."""

from __future__ import annotations

import pytest

from controlroom.site.keeping import Author, KeptVersions, SiteVersion
from ui.desk.site_editor.version_words import author_words, version_lines, version_marks


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (Author("Ann Lee (ops1)", "configure"), "Ann Lee (ops1), configure"),
        (Author("eva"), "eva"),
        (Author(), "who: not recorded"),
        (Author(program=True), "Controlroom itself"),
        (Author(outside=True), "edited outside Controlroom"),
        (
            Author("Ann (ops1)", "configure", outside=True, account="root"),
            "edited outside Controlroom (the file belonged to root), taken into use by Ann (ops1), configure",
        ),
    ],
)
def test_who_wrote_it(by: Author, words: str) -> None:
    """An operator with the role, the account of an outside edit, or that it is not known."""
    assert author_words(by) == words


def test_a_version_is_two_lines_without_tricks() -> None:
    """What a file says cannot fake another line."""
    version = SiteVersion(7, 0.0, "d", Author("Ann\nRUNNING"), "Added endpoint Mast\r7")
    lines = version_lines(version, "26 Nov  13:00:00", "RUNNING")
    assert lines[0].startswith("7   26 Nov  13:00:00   Ann")
    assert not any(sign in line for line in lines for sign in "\r\n")
    assert version_lines(SiteVersion(1, 0.0, "d", Author(), ""), "now", "")[1] == "what: not recorded"


def test_one_version_is_marked_as_running_and_one_as_the_file() -> None:
    """Of equal texts the newest."""
    versions = tuple(
        SiteVersion(number, 0.0, digest, Author(), "") for number, digest in ((4, "b"), (3, "a"), (2, "b"))
    )
    assert version_marks(KeptVersions(versions, "b", "b")) == {4: "RUNNING"}
    marks = version_marks(KeptVersions(versions, "b", "a"))
    assert marks == {4: "IN THE SITE FILE", 3: "RUNNING, not in the site file any more"}
    assert version_marks(KeptVersions(versions, "", "")) == {}
