"""What is typed into the form: never dropped unasked, and complained of in its time only."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QMessageBox

from controlroom.operators.role import Role
from controlroom.site.keeping import Author
from tests.ui.desk.question import answer_with, at_the_next_question
from tests.ui.desk.site_editor.conftest import SITE, Bench
from ui.desk.duty import OnDuty
from ui.desk.site_editor.field_editors import TablesEditor, focused_editor


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

    def look(box: QMessageBox) -> None:
        said.extend([box.text(), box.informativeText()])
        box.reject()

    at_the_next_question(look)
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
    assert bench.dialog.undo.text() == "Undo: changing Router && switch"
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
        answer_with(answer)
        bench.press(difference.buttons["restore"])

    answer = "Go on editing"
    if what == "undo":
        answer_with(answer)
    wish()
    bench.qtbot.wait(300)
    assert bench.text == kept
    assert bench.dialog.form.draft().tables["name"] == "Half"
    answer = "Drop the changes"
    if what == "undo":
        answer_with(answer)
    elif bench.editor.offers.versions is not None:
        bench.editor.offers.versions.close()
    wish()
    bench.wait(lambda: bench.text == SITE)
    bench.wait(lambda: bench.dialog.form.draft().tables["name"] == "Core router")


def test_using_a_file_from_outside_keeps_what_is_typed(bench: Bench) -> None:
    """The draft is not of that file, and can still be saved into it."""
    bench.open("core")
    bench.editor._means.keeper.note(SITE, by=Author())
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


def test_what_is_typed_while_saving_stays(bench: Bench) -> None:
    """Unsaved, in the form of the endpoint that is saved now; saving again saves it."""
    bench.open(new=True)
    bench.type("name", "Mast South")
    bench.type("address", "127.0.0.3")
    bench.dialog.save.click()
    bench.type("location", "Hill")
    bench.wait(lambda: bool(bench.reloads))
    assert 'id = "mast-south"' in bench.text
    assert "Hill" not in bench.text
    assert bench.dialog.form.draft().tables["location"] == "Hill"
    assert bench.dialog.form.edited
    assert bench.dialog.duplicate.isEnabled()
    bench.save()
    assert 'location = "Hill"' in bench.text
    assert bench.text.count('id = "mast-south"') == 1
    assert not bench.dialog.form.edited


def test_whoever_goes_on_to_another_while_saving_stays_there(bench: Bench) -> None:
    """What was saved does not come back under the hands."""
    bench.open("core")
    bench.type("location", "Cellar")
    bench.dialog.save.click()
    answer_with("Drop the changes")
    bench.dialog.list.setCurrentRow(1)
    bench.type("location", "Hill")
    bench.wait(lambda: bool(bench.reloads))
    assert "Cellar" in bench.text
    assert bench.dialog.form.draft().tables["id"] == "mast"
    assert bench.dialog.form.draft().tables["location"] == "Hill"
    assert bench.dialog.form.edited


def test_tab_goes_down_the_form_as_it_stands(bench: Bench) -> None:
    """From the endpoint's last field into its probes, also into one that was made later or became another."""
    bench.open("core")
    bench.dialog.activateWindow()
    form = bench.dialog.form
    form.add_probe.click()
    form.sections[1].type_box.setCurrentIndex(form.sections[1].type_box.findData("snmp"))
    bench.wait(form.sections[1].test.isVisible)
    last = form.fields.editors["voice"].focusProxy()
    assert isinstance(last, QCheckBox)
    last.setFocus()
    passed = []
    for _ in range(80):
        QTest.keyClick(QApplication.focusWidget() or form, Qt.Key.Key_Tab)
        now = QApplication.focusWidget() or bench.dialog
        owner = next(
            (place for place, section in enumerate(form.sections) if section.isAncestorOf(now)), None
        )
        passed.append("add" if now is form.add_probe else "undo" if not form.isAncestorOf(now) else owner)
        if passed[-1] == "undo":
            break
    first = passed.count(0)
    assert first > 10
    assert passed == [0] * first + [1] * passed.count(1) + ["add", "undo"]
    assert passed.count(1) > first


def test_saving_with_a_mistake_goes_to_it(bench: Bench) -> None:
    """Whether the field itself or the whole site finds it; it is told as a sentence, and is in view."""
    bench.open("core")
    bench.dialog.activateWindow()
    bench.type_into(bench.line("ttl"), "300")
    bench.dialog.form.fields.editors["name"].setFocus()
    bench.press(bench.dialog.save)
    assert QApplication.focusWidget() is bench.line("ttl")
    bench.wait(lambda: bench.line("ttl").visibleRegion().boundingRect().height() > 10)
    bench.line("ttl").clear()
    bench.type("address", "bad host!")
    bench.dialog.form.fields.editors["name"].setFocus()
    bench.press(bench.dialog.save)
    bench.wait(lambda: bool(faults(bench)))
    assert faults(bench)[0].startswith("This is neither an IP address nor a host name.")
    assert QApplication.focusWidget() is bench.dialog.form.fields.editors["address"].focusProxy()


def test_each_column_of_the_limits_is_explained(bench: Bench) -> None:
    """As the keyboard goes from cell to cell."""
    bench.open("core")
    bench.dialog.activateWindow()
    fields = bench.dialog.form.sections[0].fields
    assert fields is not None
    limits = fields.editors["limits"]
    assert isinstance(limits, TablesEditor)
    limits.table.setFocus()
    assert bench.dialog.help.text().startswith("Limits: ")
    limits.add.click()
    told = set()
    for column, each in enumerate(limits.field.fields):
        limits.table.setCurrentCell(0, column)
        assert bench.dialog.help.text().startswith(each.label)
        assert each.help in bench.dialog.help.text()
        told.add(bench.dialog.help.text())
    assert len(told) == len(limits.field.fields)


def test_a_very_long_name_is_cut_and_found_all_the_same(bench: Bench) -> None:
    """The list shows both lines of it and does not scroll sideways; the form shows its beginning."""
    name = "Übersee " * 12 + "<b>北"
    bench.open(new=True)
    line = bench.dialog.form.fields.editors["name"].focusProxy()
    assert isinstance(line, QLineEdit)
    line.insert(name)
    bench.type("address", "fd00::2")
    bench.save()
    item = bench.dialog.list.item(bench.dialog.list.count() - 1)
    first, second = item.text().split("\n")
    assert "…" in first
    assert first.endswith("<b>北")
    assert second.endswith("fd00::2")
    assert "&lt;b&gt;北" in item.toolTip()
    assert not bench.dialog.list.horizontalScrollBar().isVisible()
    bench.dialog.search.setText("see übersee übersee übersee übersee")
    assert not item.isHidden()
    assert line.cursorPosition() == 0


def test_saving_does_not_scroll_and_an_answer_comes_into_view(bench: Bench) -> None:
    """Whoever works on a probe goes on there; another endpoint is shown from its beginning."""
    bench.open("core")
    bench.dialog.activateWindow()
    form, bar = bench.dialog.form, bench.dialog.form.verticalScrollBar()
    form.sections[0].test.setFocus()
    form.sections[0].test.click()
    answers = form.sections[0].answers
    bench.wait(lambda: "1." in answers.text() and not form.sections[0].testing)
    bench.wait(lambda: answers.visibleRegion().boundingRect().height() == answers.height())
    bench.line("ttl").setFocus()
    bench.wait(lambda: bar.value() > 0)
    bench.type_into(bench.line("ttl"), "33")
    before, at_most = bar.value(), answers.height() + 10
    QTest.keyClick(bench.line("ttl"), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: bool(bench.reloads))
    bench.qtbot.wait(50)
    assert abs(bar.value() - before) <= at_most
    assert bench.line("ttl").hasFocus()
    bench.dialog.list.setFocus()
    bench.dialog.list.setCurrentRow(1)
    bench.qtbot.wait(50)
    assert bar.value() == 0


def test_saving_what_was_not_changed_writes_nothing(bench: Bench) -> None:
    """No version, no undo, no word in the log; a copy is something to save."""
    bench.open("core")
    bench.press(bench.dialog.save)
    assert bench.dialog.message.text() == "Nothing was changed, so there is nothing to save."
    assert bench.text == SITE
    assert not bench.dialog.undo.isEnabled()
    bench.press(bench.dialog.duplicate)
    bench.save()
    assert bench.text != SITE


def test_what_is_typed_waits_while_the_desk_is_in_front(bench: Bench) -> None:
    """The desk says so; coming back shows it as it was and asks nothing, whatever the desk shows."""
    told: list[tuple[str, str]] = []
    bench.editor.notice_changed.connect(lambda words, detail: told.append((words, detail)))
    bench.open("core")
    bench.type("location", "Hill")
    bench.dialog.hide()
    bench.wait(lambda: bool(told) and "not saved" in told[-1][0])
    assert "F4" in told[-1][1]
    bench.editor.open("mast")
    assert bench.dialog.isVisible()
    assert bench.dialog.form.draft().tables["location"] == "Hill"
    bench.wait(lambda: told[-1] == ("", ""))
    bench.save()
    assert 'location = "Hill"' in bench.text


def test_closing_the_desk_asks_about_what_is_typed_first(bench: Bench) -> None:
    """Also where the form had stepped aside; nothing typed, nothing asked."""
    assert bench.editor.may_close()
    bench.open("core")
    assert bench.editor.may_close()
    bench.type("location", "Hill")
    bench.dialog.hide()
    answer_with("Go on editing")
    assert not bench.editor.may_close()
    assert bench.dialog.isVisible()
    answer_with("Drop the changes")
    assert bench.editor.may_close()


def test_what_presses_is_said_over_the_form(bench: Bench) -> None:
    """The form may cover the desk; it goes as it came."""
    bench.editor.say_alarm("2 critical alarms not acknowledged", "F3 silences.")
    bench.open("core")
    assert bench.dialog.alarm.isVisible()
    assert bench.dialog.alarm.mapTo(bench.dialog, QPoint(0, 0)) == QPoint(0, 0)
    assert bench.dialog.alarm.width() == bench.dialog.width()
    bench.editor.say_alarm("", "")
    assert bench.dialog.alarm.isHidden()


def test_what_one_typed_waits_for_them_when_another_may_not_save_it(bench: Bench) -> None:
    """Leaving drops nothing and asks nothing; where it must be asked, it is said whose it is."""
    bench.open("core")
    bench.type("location", "Hill")
    bench.duty.take_over(OnDuty("ops1", "Wes Tran", Role.WATCH))
    bench.dialog.close()
    assert bench.dialog.isHidden()
    bench.editor.open()
    assert bench.dialog.form.draft().tables["location"] == "Hill"
    said: list[str] = []

    def look(box: QMessageBox) -> None:
        said.extend([box.informativeText(), *(button.text() for button in box.buttons())])
        box.reject()

    at_the_next_question(look)
    bench.dialog.list.setCurrentRow(1)
    assert said[0].startswith("Ann Lee typed them. ")
    assert "Keep them" in said
    bench.duty.take_over(OnDuty("ops1", "Ann Lee", Role.CONFIGURE))
    bench.save()
    assert 'location = "Hill"' in bench.text
    bench.duty.take_over(OnDuty("ops1", "Ben Okoro", Role.CONFIGURE))
    bench.type("location", "Dale")
    assert bench.dialog.typed_by == "Ben Okoro"
