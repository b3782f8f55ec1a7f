"""The site file is broken by a text editor, or gone: the desk says where, why, and what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from controlroom.engine.running_site import RunningSite
from controlroom.errors import ControlroomError
from controlroom.site.keeping import Author
from controlroom.store.file_lock import try_lock
from tests.ui.desk.site_editor.conftest import HUSH, SITE, Bench
from ui.desk.site_editor.desk_work import Saved, save_endpoint
from ui.desk.site_editor.draft import EndpointDraft, ProbeDraft

GONE = "gone"
BROKEN = {
    "probe": (SITE.replace('"icmp" }]', '"icpm" }]'), "Line 12 of ", "Did you mean “icmp”?"),
    "syntax": (SITE.replace('"Core router"', '"Core router'), "Line 9 of ", "must end with a quotation mark"),
    GONE: ("", "Line 1 of ", "Check its name"),
}


@pytest.mark.parametrize("fault", list(BROKEN))
def test_a_broken_outside_edit_is_told_and_can_be_put_back(bench: Bench, fault: str) -> None:
    """File, line, cause and cure stand in the band and in the difference; what runs can be put back."""
    said: list[tuple[str, str]] = []
    bench.editor.notice_changed.connect(lambda words, detail: said.append((words, detail)))
    RunningSite(bench.folder).give(SITE)
    bench.open("core")
    bench.runs_the_file()
    text, place, cure = BROKEN[fault]
    path = bench.folder / "site.toml"
    if fault == GONE:
        path.unlink()
    else:
        path.write_text(text)
    bench.wait(lambda: bool(said) and bool(said[-1][1]))
    headline, detail = said[-1]
    assert "the engine goes on with the last good one" in headline
    assert detail.startswith(f"{place}{path}")
    assert cure in detail
    bench.press(bench.dialog.outside)
    shown = bench.difference()
    assert "goes on with the last good site" in shown.words.text()
    assert f"{place}{path}" in shown.words.text()
    assert cure in shown.words.text()
    assert not shown.buttons["use"].isEnabled()
    assert "mistakes" in shown.buttons["use"].toolTip()
    bench.press(shown.buttons["back"])
    bench.wait(lambda: path.exists() and bench.text == SITE)
    bench.wait(lambda: said[-1] == ("", ""))


def test_who_has_the_file_half_written_is_not_complained_of(bench: Bench, tmp_path: Path) -> None:
    """An editor that saves takes the file away for a moment: one look is not enough."""
    said: list[str] = []
    bench.editor.notice_changed.connect(lambda words, _detail: said.append(words))
    bench.open("core")
    bench.runs_the_file()
    digest = bench.editor.running_digest
    for seen in (digest, "", digest, "", digest):
        bench.editor._watch(seen)
    assert not any(said)
    assert tmp_path.exists()


def test_the_list_of_versions_says_when_who_what_and_which_runs(bench: Bench) -> None:
    """So that one can be chosen."""
    bench.open("core")
    bench.type("name", "Core A")
    bench.save()
    RunningSite(bench.folder).give(SITE)
    bench.press(bench.dialog.versions)
    bench.wait(lambda: bench.editor.offers.versions is not None)
    versions = bench.editor.offers.versions
    assert versions is not None
    newest, first = (versions.list.item(row).text() for row in range(2))
    assert "Ann Lee (ops1), configure   IN THE SITE FILE" in newest
    assert newest.endswith("\nRenamed Core router to Core A")
    assert "who: not recorded   RUNNING, not in the site file any more" in first
    assert first.endswith("\nThe first text that was kept")


def test_a_secret_of_a_save_that_was_refused_is_wiped(bench: Bench) -> None:
    """Another desk holds the file's lock at that moment; nothing is written, and nothing stays."""
    keeper = bench.editor._means.keeper
    disk = keeper.read()
    endpoint = {"id": "m", "name": "M", "kind": "cloud", "address": "127.0.0.1"}
    draft = EndpointDraft(endpoint, (ProbeDraft({"type": "snmp"}, {"community": HUSH}),))
    handle = os.open(bench.folder / "site.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        assert try_lock(handle)
        with pytest.raises(ControlroomError, match="Another desk"):
            save_endpoint(keeper, disk, draft, Author("Ann", "configure"))
    finally:
        os.close(handle)
    assert not [p for p in bench.folder.rglob("*") if p.is_file() and HUSH.encode() in p.read_bytes()]
    saved = save_endpoint(keeper, disk, draft, Author("Ann", "configure"))
    assert isinstance(saved, Saved)
    assert not saved.mistakes
    assert (bench.folder / "secrets" / "m.snmp.community").read_text() == HUSH
