"""The site file is broken by a text editor, or gone: the desk says where, why, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlroom.engine.running_site import RunningSite
from tests.ui.desk.site_editor.conftest import SITE, Bench

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
