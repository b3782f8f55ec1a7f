"""The form as IT staff use it: real widgets, a real site file, real tests in a process of their own."""

from __future__ import annotations

import tomllib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from controlroom.operators.role import Role
from controlroom.site.keeping import VERSIONS_KEPT, Author
from tests.lab.snmp_agent import COMMUNITY, serving
from tests.lab.snmp_recording import INTEGER, OCTETS, Recorded
from tests.ui.desk.question import answer_with
from tests.ui.desk.site_editor.conftest import HUSH, SITE, Bench
from ui.desk.duty import OnDuty
from ui.desk.site_editor.field_editors import ChoiceEditor, LineEditor, SecretEditor, TablesEditor
from ui.desk.site_editor.table_editor import TableEditor


def test_an_edit_changes_its_line_and_nothing_else(bench: Bench) -> None:
    """Comments and order stay; the engine is asked, the log told what."""
    bench.open("core")
    bench.type("name", "Core router A")
    bench.save()
    assert bench.text == SITE.replace('"Core router"', '"Core router A"')
    assert bench.reloads == ["Changed core"]
    bench.runs_the_file()
    assert bench.dialog.message.text() == "“Core router A” saved. The engine has taken it."


def test_what_was_said_of_a_saving_goes_with_the_next_edit(bench: Bench) -> None:
    """And what is saved late says nothing of what was typed since."""
    bench.open("core")
    bench.type("name", "Core router A")
    bench.save()
    bench.type("location", "Hill")
    assert bench.dialog.message.text() == ""
    bench.runs_the_file()
    assert "not saved yet" in bench.dialog.message.text()


def test_a_new_endpoint_gets_an_id_of_its_name(bench: Bench) -> None:
    """The first endpoint of a newcomer: a name, an address, saved."""
    bench.open(new=True)
    bench.type("name", "Mast South 3")
    bench.type("address", "127.0.0.3")
    bench.save()
    assert tomllib.loads(bench.text)["endpoints"][2] == {
        "id": "mast-south-3",
        "name": "Mast South 3",
        "kind": "infrastructure",
        "address": "127.0.0.3",
        "probes": [{"type": "icmp"}],
    }
    assert bench.text.startswith(SITE[:40])


def test_a_duplicate_comes_after_and_undo_takes_everything_back(bench: Bench) -> None:
    """Two changes, undone one after the other, give the very file from before."""
    bench.open("core")
    bench.press(bench.dialog.duplicate)
    assert bench.dialog.form.draft().tables["id"] == "core-router-copy"
    bench.save()
    assert [end["id"] for end in tomllib.loads(bench.text)["endpoints"]] == [
        "core",
        "core-router-copy",
        "mast",
    ]
    bench.type("location", "Hill")
    bench.save()
    assert 'location = "Hill"' in bench.text
    for _ in range(2):
        bench.press(bench.dialog.undo)
        count = len(bench.reloads)
        bench.wait(lambda count=count: len(bench.reloads) > count)  # type: ignore[misc]  # bound per round
    assert bench.text == SITE
    assert not bench.dialog.undo.isEnabled()


def test_removing_asks_and_what_a_service_needs_stays(bench: Bench) -> None:
    """The refusal names the service; the other goes after a question, anchors and all."""
    bench.open("mast")
    bench.press(bench.dialog.remove)
    assert "Voice" in bench.dialog.message.text()
    bench.dialog.list.setCurrentRow(0)
    answer_with("Remove")
    bench.press(bench.dialog.remove)
    bench.wait(lambda: bench.reloads == ["Removed core"])
    tables = tomllib.loads(bench.text)
    assert [end["id"] for end in tables["endpoints"]] == ["mast"]
    assert tables["own_connectivity"]["anchors"] == []


def test_wrong_values_are_told_at_their_field_and_not_saved(bench: Bench) -> None:
    """A range, a missing name, and what only the whole site knows."""
    bench.open("mast")
    bench.type_into(bench.line("period_s"), "0.01")
    bench.press(bench.dialog.save)
    assert "1 field is not right" in bench.dialog.message.text()
    bench.type_into(bench.line("period_s"), "1")
    bench.type_into(bench.line("timeout_s"), "5")
    bench.press(bench.dialog.save)
    bench.wait(lambda: "Not saved: 1 mistake" in bench.dialog.message.text())
    fields = bench.dialog.form.sections[0].fields
    assert fields is not None
    assert "longer than period_s" in fields._faults["timeout_s"].text()
    assert bench.text == SITE


def test_limits_are_rows_of_a_table(bench: Bench) -> None:
    """A row added is a limit in the file."""
    bench.open("core")
    fields = bench.dialog.form.sections[0].fields
    assert fields is not None
    limits = fields.editors["limits"]
    assert isinstance(limits, TablesEditor)
    bench.press(limits.add)
    for column, words in ((0, "rtt_s"), (1, "0.1"), (2, "0.05")):
        item = limits.table.item(0, column)
        assert item is not None
        item.setText(words)
    bench.save()
    probe = tomllib.loads(bench.text)["endpoints"][0]["probes"][0]
    assert probe["limits"] == [{"metric": "rtt_s", "raise_above": 0.1, "clear_below": 0.05}]


def test_a_limit_that_cannot_be_is_told_in_the_form(bench: Bench) -> None:
    """One that never alarms is warned of while it is typed, a share in per cent is not saved."""
    bench.open("core")
    section = bench.dialog.form.sections[0]
    assert section.fields is not None
    assert section.warning.isHidden()
    limits = section.fields.editors["limits"]
    assert isinstance(limits, TablesEditor)
    bench.press(limits.add)

    def fill(*cells: str) -> None:
        for column, words in enumerate(cells):
            item = limits.table.item(0, column)
            assert item is not None
            item.setText(words)

    fill("rtt_s", "150", "100")
    assert section.warning.text().startswith("Warning: The limit on rtt_s never alarms")
    fill("loss_ratio", "5", "0.03")
    assert section.warning.isHidden()
    bench.press(bench.dialog.save)
    bench.wait(lambda: "Not saved: 1 mistake" in bench.dialog.message.text())
    assert "a share from 0 to 1. Write 0.05 for 5 %." in section.fields._faults["limits"].text()
    assert bench.text == SITE


def test_a_nested_table_is_out_of_sight_until_it_is_set(bench: Bench) -> None:
    """Its tick shows its fields; what is set there is a table, and without the tick it goes."""
    bench.open("mast")
    voice = bench.dialog.form.fields.editors["voice"]
    assert isinstance(voice, TableEditor)
    assert voice.inside.isHidden()
    voice.own.click()
    bench.wait(voice.inside.isVisible)
    assert not bench.dialog.form.edited
    codec, extra = voice.editors["codec"], voice.editors["extra_delay_s"]
    assert isinstance(codec, ChoiceEditor)
    assert isinstance(extra, LineEditor)
    codec.box.setCurrentIndex(codec.box.findData("g711"))
    bench.type_into(extra.line, "9")
    bench.press(bench.dialog.save)
    assert bench.dialog.form.fields._faults["voice"].text() == "Extra delay: Not 0 to 5."
    bench.type_into(extra.line, "0.2")
    bench.save()
    mast = tomllib.loads(bench.text)["endpoints"][1]
    assert mast["voice"] == {"codec": "g711", "extra_delay_s": 0.2}
    voice = bench.dialog.form.fields.editors["voice"]
    assert isinstance(voice, TableEditor)
    assert voice.own.isChecked()
    voice.own.click()
    bench.save()
    assert "voice" not in tomllib.loads(bench.text)["endpoints"][1]


def test_what_the_whole_site_says_of_a_nested_table_stands_at_it(bench: Bench) -> None:
    """One of a codec's two values without the other is found by the loader."""
    bench.open("mast")
    voice = bench.dialog.form.fields.editors["voice"]
    assert isinstance(voice, TableEditor)
    voice.own.click()
    ie = voice.editors["ie"]
    assert isinstance(ie, LineEditor)
    bench.type_into(ie.line, "7")
    bench.press(bench.dialog.save)
    bench.wait(lambda: "Not saved: 1 mistake" in bench.dialog.message.text())
    assert "without bpl" in bench.dialog.form.fields._faults["voice"].text()


def test_a_test_asks_what_the_form_has_and_its_secret_leaves_no_trace(bench: Bench) -> None:
    """A typed secret is lent for the length of the test; afterwards no file of the folder holds it."""
    bench.open("core")
    bench.press(bench.dialog.form.add_probe)
    section = bench.dialog.form.sections[1]
    section.type_box.setCurrentIndex(section.type_box.findData("snmp"))
    assert section.fields is not None
    community = section.fields.editors["community"]
    assert isinstance(community, SecretEditor)
    bench.type_into(community.fresh, HUSH)
    bench.type_into(bench.line("timeout_s", 1), "0.3")
    assert "uptime_s" in section.yields.text()
    bench.press(section.test)
    bench.wait(lambda: not section.testing)
    assert section.answers.text().count("\n") == 2
    assert not [p for p in bench.folder.rglob("*") if p.is_file() and HUSH.encode() in p.read_bytes()]
    assert HUSH not in repr(bench.dialog.form.draft())

    bench.save()
    holders = [p for p in bench.folder.rglob("*") if p.is_file() and HUSH.encode() in p.read_bytes()]
    assert [path.name for path in holders] == ["core.snmp.community"]
    assert 'community = "file:secrets/core.snmp.community"' in bench.text.replace("'", '"')


def test_a_test_of_this_machine_tells_values_and_can_be_cancelled(bench: Bench) -> None:
    """Answers come one by one; a second press ends it at once."""
    bench.open("core")
    section = bench.dialog.form.sections[0]
    section.type_box.setCurrentIndex(section.type_box.findData("host"))
    bench.press(section.test)
    bench.wait(lambda: section.answers.text().startswith("1."))
    bench.press(section.test)
    bench.wait(lambda: not section.testing)
    assert "\n3." not in section.answers.text()


def test_a_version_is_shown_beside_the_file_and_brought_back(bench: Bench) -> None:
    """Bringing back is a change like any other, and can be undone."""
    bench.open("core")
    for number in range(3):
        bench.type("name", f"Router {number}")
        bench.save()
    bench.press(bench.dialog.versions)
    bench.wait(lambda: bench.editor.offers.versions is not None)
    versions = bench.editor.offers.versions
    assert versions is not None
    assert versions.list.count() == 4 <= VERSIONS_KEPT
    versions.list.setCurrentRow(3)
    bench.press(versions.show_button)
    bench.wait(lambda: bench.editor.offers.difference is not None)
    difference = bench.editor.offers.difference
    assert difference is not None
    assert "Core router" in difference.words.text()
    assert "→" in difference.words.text()
    bench.press(difference.buttons["restore"])
    bench.wait(lambda: bench.text == SITE)
    assert bench.dialog.undo.isEnabled()


@pytest.mark.parametrize("answer", ["use", "back"])
def test_a_change_from_outside_is_noticed_shown_and_decided(bench: Bench, answer: str) -> None:
    """The desk says so within seconds; both answers do what they say."""
    said: list[str] = []
    bench.editor.notice_changed.connect(lambda words, _detail: said.append(words))
    bench.open("core")
    bench.editor._means.keeper.note(SITE, by=Author())
    bench.runs_the_file()
    changed = SITE.replace('"Mast"', '"Mast West"')
    (bench.folder / "site.toml").write_text(changed)
    bench.wait(lambda: bool(said) and "outside" in said[-1])
    assert bench.dialog.outside.isVisible()
    bench.press(bench.dialog.outside)
    bench.wait(lambda: bench.editor.offers.difference is not None)
    difference = bench.editor.offers.difference
    assert difference is not None
    assert "Mast → Mast West" in difference.words.text()
    bench.press(difference.buttons[answer])
    bench.wait(lambda: len(bench.reloads) == 1)
    assert bench.reloads[0].startswith(
        "The changed file is used" if answer == "use" else "Put back what runs"
    )
    assert bench.dialog.message.text().startswith(bench.reloads[0])
    bench.wait(lambda: bench.text == (changed if answer == "use" else SITE))
    keeper = bench.editor._means.keeper
    bench.wait(lambda: changed in [keeper.version_text(version.number) for version in keeper.versions()])


def test_a_removal_is_undone_as_the_question_promises(bench: Bench) -> None:
    """As the first act and after another; the button and the words say what comes back."""
    bench.open("core")
    bench.type("location", "Hill")
    bench.save()
    changed = bench.text
    bench.dialog.list.setCurrentRow(0)
    bench.press(bench.dialog.duplicate)
    bench.save()
    bench.wait(lambda: len(bench.reloads) == 2)
    added = bench.text
    answer_with("Remove")
    bench.press(bench.dialog.remove)
    bench.wait(lambda: len(bench.reloads) == 3)
    assert bench.text == changed
    assert bench.dialog.list.hasFocus() or not bench.dialog.remove.hasFocus()
    assert bench.dialog.undo.toolTip() == "Take back: removing Core router (copy)"
    bench.press(bench.dialog.undo)
    bench.wait(lambda: len(bench.reloads) == 4)
    assert bench.text == added
    assert bench.dialog.message.text().startswith("Undone: removing Core router (copy).")
    assert bench.dialog.undo.toolTip() == "Take back: adding Core router (copy)"


def test_the_key_of_undo_is_the_forms_unless_a_field_has_something_to_undo(bench: Bench) -> None:
    """First what was typed into the field, then what was saved."""
    bench.open("core")
    bench.type("location", "Hill")
    bench.save()
    bench.runs_the_file()
    line = bench.dialog.form.fields.editors["location"].focusProxy()
    assert isinstance(line, QLineEdit)
    bench.dialog.activateWindow()
    bench.wait(bench.dialog.isActiveWindow)
    line.setFocus()
    QTest.keyClicks(line, "top")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "Hill"
    assert 'location = "Hill"' in bench.text
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    bench.wait(lambda: bench.text == SITE)


def test_what_was_said_of_one_endpoint_is_not_said_under_another(bench: Bench) -> None:
    """It goes when another is chosen, copied, begun or to be removed."""
    bench.open("mast")
    bench.press(bench.dialog.remove)
    bench.wait(lambda: "needed by" in bench.dialog.message.text())
    bench.dialog.list.setCurrentRow(0)
    assert bench.dialog.message.text() == ""


def test_a_text_with_mistakes_is_not_brought_back_by_undo(bench: Bench) -> None:
    """Bringing a good version back over a broken file cannot be undone; that is said of the right text."""
    bench.open("core")
    bench.type("name", "Router")
    bench.save()
    bench.runs_the_file()
    good = bench.text
    (bench.folder / "site.toml").write_text(good.replace('kind = "infra', 'sort = "infra'))
    bench.wait(lambda: not bench.dialog.outside.isHidden())
    bench.press(bench.dialog.outside)
    bench.press(bench.difference().buttons["back"])
    bench.wait(lambda: len(bench.reloads) == 2)
    assert bench.text == good
    bench.press(bench.dialog.undo)
    bench.wait(
        lambda: bench.dialog.message.text().startswith("Not undone: the text from before has mistakes")
    )
    assert bench.text == good
    assert not bench.dialog.undo.isEnabled()


def test_saving_over_a_change_from_outside_shows_it_instead(bench: Bench) -> None:
    """Nothing that somebody else wrote is lost."""
    bench.open("core")
    bench.type("name", "Mine")
    (bench.folder / "site.toml").write_text(SITE.replace('"Mast"', '"Theirs"'))
    bench.press(bench.dialog.save)
    bench.wait(lambda: bench.editor.offers.difference is not None)
    assert "Theirs" in bench.text
    assert "Mine" not in bench.text


def test_who_may_only_watch_sees_everything_and_changes_nothing(bench: Bench) -> None:
    """Every button says why it is off; a sign-in makes it work at once."""
    bench.duty.take_over(OnDuty("ops1", "Bob", Role.WATCH))
    bench.open("core")
    dialog = bench.dialog
    for button in (dialog.new, dialog.duplicate, dialog.remove, dialog.save, dialog.form.add_probe):
        assert not button.isEnabled()
        assert "configure" in button.toolTip()
    assert "Bob may watch only" in dialog.message.text()
    assert not dialog.form.fields.editors["name"].isEnabled()
    bench.duty.take_over(OnDuty("ops1", "Ann", Role.CONFIGURE))
    assert dialog.save.isEnabled()
    assert dialog.form.fields.editors["name"].isEnabled()


def test_leaving_with_changes_asks(bench: Bench) -> None:
    """Going on editing keeps them; dropping them shows the file's values again."""
    bench.open("core")
    bench.type("name", "Half")
    answer_with("Go on editing")
    bench.dialog.list.setCurrentRow(1)
    assert bench.dialog.form.draft().tables["name"] == "Half"
    answer_with("Drop the changes")
    bench.dialog.list.setCurrentRow(1)
    assert bench.dialog.form.draft().tables["name"] == "Mast"


def test_the_engines_refusal_is_told(bench: Bench) -> None:
    """Saved is not yet running."""
    bench.open("core")
    bench.type("name", "Router")
    bench.save()
    bench.editor.refused("act-1", "the site file has mistakes")
    assert "did not take it: the site file has mistakes" in bench.dialog.message.text()


def test_the_search_finds_by_name_address_and_id(bench: Bench) -> None:
    """What does not fit is hidden."""
    bench.open("core")
    QTest.keyClicks(bench.dialog.search, "127.0.0.2")
    hidden = [bench.dialog.list.item(row).isHidden() for row in range(2)]
    assert hidden == [True, False]


def test_the_form_is_never_about_an_endpoint_that_the_list_hides(bench: Bench) -> None:
    """Opened at another, or after a removal under a search, the search gives way."""
    bench.open("core")
    QTest.keyClicks(bench.dialog.search, "core")
    bench.editor.open("mast")
    bench.wait(lambda: bench.dialog.form.draft().tables["id"] == "mast")
    assert bench.dialog.search.text() == ""
    bench.dialog.list.setCurrentRow(0)
    QTest.keyClicks(bench.dialog.search, "router")
    answer_with("Remove")
    bench.press(bench.dialog.remove)
    bench.wait(lambda: len(bench.reloads) == 1)
    assert bench.dialog.search.text() == ""
    assert not bench.dialog.list.currentItem().isHidden()


def test_identify_finds_the_template_and_the_site_is_saved_with_it(bench: Bench) -> None:
    """A new device by a typed secret: asked what it is, filled in, saved; the window lives meanwhile."""
    device = [
        Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"Switch of the lab"),
        Recorded("1.3.6.1.2.1.2.1.0", INTEGER, 2),
        *(
            Recorded(f"1.3.6.1.2.1.2.2.1.{column}.{number}", kind, value)
            for number, name in ((1, b"wan"), (2, b"lan, upper"))
            for column, kind, value in ((2, OCTETS, name), (3, INTEGER, 6), (8, INTEGER, 1))
        ),
    ]
    bench.open("mast")
    bench.press(bench.dialog.form.add_probe)
    section = bench.dialog.form.sections[1]
    section.type_box.setCurrentIndex(section.type_box.findData("snmp"))
    assert section.fields is not None
    secret = section.fields.editors["community"]
    assert isinstance(secret, SecretEditor)
    with serving(device) as agent:
        bench.type("address", "127.0.0.1")
        bench.type_into(bench.line("port", 1), str(agent.port))
        bench.type_into(secret.fresh, COMMUNITY)
        bench.press(section.identify)
        bench.wait(lambda: not section.testing)
    said = section.answers.text()
    assert "Network interfaces (if-mib) fits and is filled in below." in said
    assert "Switch of the lab" in said
    template = section.fields.editors["template"]
    assert isinstance(template, ChoiceEditor)
    assert template.box.currentText() == "Network interfaces  (if-mib)"
    bench.save()
    probe = tomllib.loads(bench.text)["endpoints"][1]["probes"][1]
    assert (probe["template"], probe["rows"]) == ("if-mib", ["interface/wan", "interface/lan, upper"])
    assert COMMUNITY not in bench.text
