"""What is typed into the form: never dropped unasked, and complained of in its time only."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox

from controlroom.operators.role import Role
from tests.ui.desk.site_editor.conftest import SITE, Bench
from ui.desk.duty import OnDuty
from ui.desk.site_editor.field_editors import focused_editor


def faults(bench: Bench) -> list[str]:
    """Every complaint that is shown."""
    forms = [bench.dialog.form.fields, *(section.fields for section in bench.dialog.form.sections)]
    shown = [text for form in forms if form is not None for text in form._faults.values()]
    return [text.text() for text in shown if text.isVisibleTo(bench.dialog)]


def test_nobody_is_told_what_is_needed_before_they_came_to_it(bench: Bench) -> None:
    """A new form complains of nothing; the field that was emptied does, and saving names them all."""
    bench.open(new=True)
    assert faults(bench) == []
    bench.type("address", "a")
    assert faults(bench) == []
    line = bench.dialog.form.fields.editors["address"].focusProxy()
    assert isinstance(line, QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert faults(bench) == ["Needed."]
    bench.press(bench.dialog.save)
    assert len(faults(bench)) >= 3
    bench.type("name", "Mast")
    assert "" not in faults(bench)


def test_what_was_typed_and_taken_back_is_no_change(bench: Bench) -> None:
    """Leaving then asks nothing."""
    bench.open("core")
    bench.type("location", "Hill")
    assert bench.dialog.form.edited
    editor = bench.dialog.form.fields.editors["location"].focusProxy()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClick(editor, Qt.Key.Key_Delete)
    assert not bench.dialog.form.edited
    bench.dialog.list.setCurrentRow(1)
    assert bench.dialog.form.draft().tables["id"] == "mast"


@pytest.mark.parametrize("place", ["address", "probe"])
def test_the_keyboard_stays_where_it_was_on_saving(bench: Bench, place: str) -> None:
    """Also in a probe's field, which is built anew."""
    bench.open(new=True)
    bench.type("name", "Mast South")
    bench.type("address", "127.0.0.3")
    bench.dialog.activateWindow()
    line = bench.line("period_s") if place == "probe" else bench.dialog.form.fields.editors["address"]
    line.setFocus()
    bench.dialog.save.click()
    bench.wait(lambda: len(bench.reloads) == 1)
    editor = focused_editor(QApplication.focusWidget())
    assert editor is not None
    assert editor.field.key == ("period_s" if place == "probe" else "address")


def test_what_is_not_saved_yet_can_be_neither_removed_nor_duplicated(bench: Bench) -> None:
    """The buttons would mean the endpoint that was looked at before; they say why they are off."""
    bench.open("core")
    bench.press(bench.dialog.new)
    for button in (bench.dialog.remove, bench.dialog.duplicate):
        assert not button.isEnabled()
        assert "not saved yet" in button.toolTip()
    bench.editor._remove()
    assert QApplication.activeModalWidget() is None
    bench.dialog.list.setCurrentRow(1)
    assert bench.dialog.remove.isEnabled()


def test_the_question_names_what_goes_as_people_do(bench: Bench) -> None:
    """The name, not the id; and what it is needed for in words."""
    bench.open("core")
    said: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.extend([box.text(), box.informativeText()])
        box.reject()

    QTimer.singleShot(200, look)
    bench.press(bench.dialog.remove)
    assert "“Core router”" in said[0]
    assert "asked first, to find out whether our own connection works" in said[1]
    assert bench.text == SITE


def test_undo_names_what_it_takes_back(bench: Bench) -> None:
    """As people call it, cut where it is long; whole in the tool tip."""
    bench.open("core")
    assert bench.dialog.undo.text() == "Undo"
    bench.type("name", "Router & switch")
    bench.save()
    assert bench.dialog.undo.text() == "Undo: Router && switch"
    bench.type("name", "A very long name of a router behind the third door on the left")
    bench.save()
    assert bench.dialog.undo.text().endswith("…")
    assert "third door on the left" in bench.dialog.undo.toolTip()


@pytest.mark.parametrize("what", ["undo", "restore"])
def test_a_text_that_comes_back_asks_before_it_drops_what_is_typed(bench: Bench, what: str) -> None:
    """Going on editing changes nothing at all."""
    bench.open("core")
    bench.type("name", "One")
    bench.save()
    bench.runs_the_file()
    kept = bench.text
    bench.type("name", "Half")

    def wish() -> None:
        if what == "undo":
            bench.press(bench.dialog.undo)
            return
        bench.editor.offers.difference = None
        bench.press(bench.dialog.versions)
        bench.wait(
            lambda: bench.editor.offers.versions is not None and bench.editor.offers.versions.isVisible()
        )
        assert bench.editor.offers.versions is not None
        bench.editor.offers.versions.list.setCurrentRow(1)
        bench.press(bench.editor.offers.versions.show_button)
        difference = bench.difference()
        bench.answer_box(answer)
        bench.press(difference.buttons["restore"])

    answer = "Go on editing"
    if what == "undo":
        bench.answer_box(answer)
    wish()
    bench.qtbot.wait(300)
    assert bench.text == kept
    assert bench.dialog.form.draft().tables["name"] == "Half"
    answer = "Drop the changes"
    if what == "undo":
        bench.answer_box(answer)
    elif bench.editor.offers.versions is not None:
        bench.editor.offers.versions.close()
    wish()
    bench.wait(lambda: bench.text == SITE)
    bench.wait(lambda: bench.dialog.form.draft().tables["name"] == "Core router")


def test_using_a_file_from_outside_keeps_what_is_typed(bench: Bench) -> None:
    """The draft is not of that file, and can still be saved into it."""
    bench.open("core")
    bench.editor._means.keeper.note(SITE, operator="", what="Loaded by the engine")
    bench.runs_the_file()
    bench.type("name", "Half")
    changed = SITE.replace('"Mast"', '"Mast West"')
    (bench.folder / "site.toml").write_text(changed)
    bench.press(bench.dialog.outside)
    bench.press(bench.difference().buttons["use"])
    bench.wait(lambda: len(bench.reloads) == 1)
    bench.qtbot.wait(300)
    assert bench.dialog.form.draft().tables["name"] == "Half"
    bench.save()
    assert bench.text == changed.replace('"Core router"', '"Half"')


def test_enter_in_the_versions_opens_one_difference(bench: Bench) -> None:
    """And the version that the file is already cannot be brought back once more."""
    bench.open("core")
    bench.type("name", "One")
    bench.save()
    bench.press(bench.dialog.versions)
    bench.wait(lambda: bench.editor.offers.versions is not None)
    versions = bench.editor.offers.versions
    assert versions is not None
    wanted: list[int] = []
    versions.wanted.connect(wanted.append)
    versions.list.setFocus()
    QTest.keyClick(versions.list, Qt.Key.Key_Return)
    difference = bench.difference()
    assert wanted == [2]
    assert not difference.buttons["restore"].isEnabled()
    assert "has this very text already" in difference.buttons["restore"].toolTip()


def test_whoever_signs_out_finds_no_offer_left_open(bench: Bench) -> None:
    """A difference that could be decided before cannot be decided any more."""
    bench.open("core")
    bench.type("name", "One")
    bench.save()
    bench.press(bench.dialog.versions)
    bench.wait(lambda: bench.editor.offers.versions is not None)
    assert bench.editor.offers.versions is not None
    bench.editor.offers.versions.list.setCurrentRow(1)
    bench.press(bench.editor.offers.versions.show_button)
    difference = bench.difference()
    bench.duty.take_over(OnDuty("ops1", "Bob", Role.WATCH))
    assert not difference.isVisible()
