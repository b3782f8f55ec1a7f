"""Fields that do not apply: out of sight, kept, and never in what is saved or complained of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from controlroom.site.form import site_form
from probes.registry import PROBE_TYPES
from tests.ui.desk.site_editor.conftest import HUSH
from ui.desk.site_editor.field_editors import ChoiceEditor, LineEditor, SecretEditor
from ui.desk.site_editor.fields_form import FieldsForm
from ui.desk.theme import Theme, load_fonts

ABOUT_WHO_ASKS = ("community", "user", "auth_protocol", "auth", "privacy_protocol", "privacy")


@pytest.fixture
def form(qtbot: QtBot) -> FieldsForm:
    """The form of an SNMP probe."""
    declared = site_form(PROBE_TYPES).probe("snmp")
    assert declared is not None
    form = FieldsForm(Theme("dark", load_fonts()), declared.fields)
    qtbot.addWidget(form)
    form.show()
    return form


@pytest.fixture
def choose(form: FieldsForm) -> Callable[[str, str], None]:
    """Choose a value of a field, as somebody does."""

    def choose(key: str, value: str) -> None:
        editor = form.editors[key]
        assert isinstance(editor, ChoiceEditor)
        editor.box.setCurrentIndex(editor.box.findData(value))

    return choose


def seen(form: FieldsForm) -> list[str]:
    """Which of the fields about who asks are to be seen, with their labels."""
    return [
        key
        for key in ABOUT_WHO_ASKS
        if form.editors[key].isVisible() and all(each.isVisible() for each in form._beside[key])
    ]


def test_only_what_belongs_to_the_version_is_to_be_seen(
    form: FieldsForm, choose: Callable[[str, str], None]
) -> None:
    """Label, editor and hint come and go together."""
    assert seen(form) == ["community"]
    choose("version", "3")
    assert seen(form) == ["user", "auth_protocol"]
    assert not any(each.isVisible() for each in form._beside["community"])
    choose("auth_protocol", "SHA256")
    choose("privacy_protocol", "AES128")
    assert seen(form) == list(ABOUT_WHO_ASKS[1:])
    choose("version", "1")
    assert seen(form) == ["community"]


def test_a_table_is_shown_as_its_own_version_is(form: FieldsForm) -> None:
    """Also where the one shown before was of another."""
    form.show_values({"version": "3", "user": "ann", "auth_protocol": "MD5", "auth": "file:a"})
    assert seen(form) == ["user", "auth_protocol", "auth", "privacy_protocol"]
    form.show_values({"community": "file:c"})
    assert seen(form) == ["community"]


def test_what_was_typed_is_kept_out_of_the_probe_and_there_again(
    form: FieldsForm, choose: Callable[[str, str], None]
) -> None:
    """Somebody who only looks at the other version loses nothing, and saves nothing of it."""
    community, user = form.editors["community"], form.editors["user"]
    assert isinstance(community, SecretEditor)
    assert isinstance(user, LineEditor)
    QTest.keyClicks(community.fresh, HUSH)
    choose("version", "3")
    QTest.keyClicks(user.line, "ann")
    assert (form.values()["user"], form.secrets()) == ("ann", {})
    choose("version", "2c")
    assert (form.values()["user"], form.secrets()) == (None, {"community": HUSH})
    choose("version", "3")
    assert form.values()["user"] == "ann"


def test_nothing_is_complained_of_that_is_not_to_be_seen(
    form: FieldsForm, choose: Callable[[str, str], None]
) -> None:
    """A secret typed where its place belongs is wrong while it can be seen."""
    community = form.editors["community"]
    assert isinstance(community, SecretEditor)
    QTest.keyClicks(community.reference, "public")
    assert form.show_faults() == 1
    choose("version", "3")
    assert form.show_faults() == 0
    assert form.first_fault() is None
    assert not form._faults["community"].isVisible()
    choose("version", "1")
    assert form._faults["community"].isVisible()
