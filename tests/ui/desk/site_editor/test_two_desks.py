"""Two desks and one site file: nothing that the other did is lost, and no question is asked for nothing."""

from __future__ import annotations

import tomllib

import pytest

from tests.ui.desk.question import answer_with
from tests.ui.desk.site_editor.conftest import SITE, Bench


def test_undo_never_erases_what_another_desk_saved_since(bench: Bench) -> None:
    """It is refused, shows what came since, and nothing is written."""
    bench.open("core")
    bench.type("name", "Core A")
    bench.save()
    theirs = bench.other_desk('"Mast"', '"Mast West"')
    bench.press(bench.dialog.undo)
    difference = bench.difference()
    assert "Mast → Mast West" in difference.words.text()
    assert list(difference.buttons) == ["later"]
    assert bench.text == theirs
    assert len(bench.reloads) == 1


def test_undo_never_erases_a_change_from_outside(bench: Bench) -> None:
    """The same for an editor's hand in the file."""
    bench.open("core")
    bench.type("name", "Core A")
    bench.save()
    outside = bench.text.replace('"Mast"', '"By hand"')
    (bench.folder / "site.toml").write_text(outside)
    bench.press(bench.dialog.undo)
    assert "By hand" in bench.difference().words.text()
    assert bench.text == outside


def test_changes_to_different_endpoints_are_both_kept(bench: Bench) -> None:
    """No question: what the other desk saved stays, and this desk's endpoint is written into it."""
    bench.open("core")
    bench.type("name", "Core A")
    theirs = bench.other_desk('"Mast"', '"Mast West"')
    bench.save()
    assert bench.text == theirs.replace('"Core router"', '"Core A"')
    assert bench.editor.offers.difference is None


def test_a_new_endpoint_goes_in_beside_what_another_desk_added(bench: Bench) -> None:
    """Also where the one that it was copied from is gone."""
    bench.open("core")
    bench.press(bench.dialog.duplicate)
    bench.other_desk(SITE[SITE.index("[own") : SITE.index('[[endpoints]]\nid = "mast"')], "")
    bench.save()
    ids = [table["id"] for table in tomllib.loads(bench.text)["endpoints"]]
    assert ids == ["mast", "core-router-copy"]


@pytest.mark.parametrize("answer", ["mine", "theirs", "later"])
def test_two_changes_to_one_endpoint_are_shown_and_decided(bench: Bench, answer: str) -> None:
    """The difference is never empty; until it is decided nothing is written and nothing typed is lost."""
    bench.open("core")
    bench.type("name", "Mine")
    theirs = bench.other_desk('"Core router"', '"Theirs"')
    bench.press(bench.dialog.save)
    difference = bench.difference()
    assert "Theirs → Mine" in difference.words.text()
    assert bench.text == theirs
    bench.press(difference.buttons[answer])
    if answer == "mine":
        bench.wait(lambda: bench.text == theirs.replace('"Theirs"', '"Mine"'))
    else:
        name = "Theirs" if answer == "theirs" else "Mine"
        assert bench.dialog.form.draft().tables["name"] == name
        assert bench.text == theirs


def test_an_endpoint_that_another_desk_took_out_can_be_saved_as_a_new_one(bench: Bench) -> None:
    """Or let go."""
    bench.open("core")
    bench.type("name", "Mine")
    bench.other_desk(SITE[SITE.index("[own") : SITE.index('[[endpoints]]\nid = "mast"')], "")
    bench.press(bench.dialog.save)
    bench.press(bench.difference().buttons["mine"])
    bench.wait(lambda: '"Mine"' in bench.text)
    assert tomllib.loads(bench.text)["endpoints"][1]["id"] == "core"


def test_removing_what_another_desk_changed_asks_once_more(bench: Bench) -> None:
    """What goes may be more than what was seen."""
    bench.open("core")
    theirs = bench.other_desk('"Core router"', '"Theirs"')
    answer_with("Remove")
    bench.press(bench.dialog.remove)
    difference = bench.difference()
    assert "Theirs" in difference.words.text()
    assert bench.text == theirs
    bench.press(difference.buttons["mine"])
    bench.wait(lambda: '"Theirs"' not in bench.text)


def test_the_form_opened_again_keeps_what_is_being_typed(bench: Bench) -> None:
    """F4 at the same endpoint goes on; at another it asks first."""
    bench.open("core")
    bench.type("name", "Half")
    bench.editor.open("core")
    bench.qtbot.wait(300)
    assert bench.dialog.form.draft().tables["name"] == "Half"
    answer_with("Go on editing")
    bench.editor.open("mast")
    bench.qtbot.wait(300)
    assert bench.dialog.form.draft().tables["name"] == "Half"
    assert bench.dialog.list.currentRow() == 0
