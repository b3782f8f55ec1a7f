"""One probe of the endpoint in the form: its type, its fields, its limits, and a test of it as it stands.

It asks nothing itself: ``test_wanted`` asks for a test, ``show_answer`` shows what comes of it; likewise
``identify_wanted`` and ``take_found``, which fills in what follows from what the endpoint is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from controlroom.identification import Identification, Step
from controlroom.probe import Metric
from controlroom.report.identification_words import step_words
from controlroom.site.form import FieldKind, FormField, ProbeForm, SiteForm
from controlroom.site.trial import TrialAnswer
from ui.desk.choice import Choice
from ui.desk.panel import Text
from ui.desk.site_editor.answer_words import all_yields, answer_words, warning_words, yield_words
from ui.desk.site_editor.draft import ProbeDraft, Tables, merged
from ui.desk.site_editor.field_editors import FieldEditor
from ui.desk.site_editor.fields_form import FieldsForm
from ui.desk.site_editor.found_words import found_words
from ui.desk.theme import Theme

MetricsOf = Callable[[str, Mapping[str, object]], tuple[Metric, ...]]


class ProbeSection(QWidget):
    """Shows and takes one probe."""

    changed = Signal()
    explained = Signal()
    rebuilt = Signal()
    answered = Signal()
    test_wanted = Signal(object)
    identify_wanted = Signal(object)
    cancel_wanted = Signal()
    removed = Signal(object)

    def __init__(self, theme: Theme, form: SiteForm, table: Mapping[str, Any], metrics_of: MetricsOf) -> None:
        """Build the section for a probe's table."""
        super().__init__()
        self._theme, self._form, self._metrics_of = theme, form, metrics_of
        self._before: Mapping[str, Any] = table
        self._read_only = ""
        self.testing = self.identifying = False
        self.type_box = Choice()
        for each in form.probes:
            self.type_box.addItem(each.title, each.type)
        self.type_box.setAccessibleName("Probe type")
        self.help = Text(theme, "text.muted", 0.92)
        self.help.setWordWrap(True)
        self.help.setMinimumWidth(1)
        self.test = QPushButton("Test now")
        self.identify = QPushButton("Identify")
        self.identify.setToolTip("Asks the endpoint what it is, and fills in what follows from that.")
        self.remove = QPushButton("Remove probe")
        self.answers = Text(theme, "text.main", 0.92)
        self.answers.setWordWrap(True)
        self.answers.setMinimumWidth(1)
        self.answers.hide()
        self.yields = Text(theme, "text.muted", 0.92)
        self.yields.setWordWrap(True)
        self.yields.setMinimumWidth(1)
        self.warning = Text(theme, "text.strong", 0.92, strong=True)
        self.warning.setWordWrap(True)
        self.warning.setMinimumWidth(1)
        self.fields: FieldsForm | None = None
        self._lay_out()
        self._choose(str(table.get("type", "")))
        self.type_box.currentIndexChanged.connect(self._change_type)
        self.test.clicked.connect(self._test)
        self.identify.clicked.connect(self._identify)
        self.remove.clicked.connect(lambda: self.removed.emit(self))

    def draft(self) -> ProbeDraft:
        """Return the probe as the fields have it."""
        fields = self._all_fields()
        values = self._filled().values()
        table = merged({"type": self.type_name, **_without_type(self._before)}, fields, values)
        return ProbeDraft({"type": self.type_name, **_without_type(table)}, self._filled().secrets())

    @property
    def type_name(self) -> str:
        """The probe type that is chosen."""
        return str(self.type_box.currentData())

    def draft_keys(self) -> frozenset[str]:
        """The keys that have a field to be seen here."""
        return self._filled().applying()

    def faults(self, told: Mapping[str, str] | None = None) -> int:
        """Show what is wrong, and count it."""
        return self._filled().show_faults(told)

    def first_fault(self) -> FieldEditor | None:
        """Return the first field at which something wrong is shown."""
        return self._filled().first_fault()

    def in_order(self) -> list[QWidget]:
        """Return what the keyboard is to come to, in this order."""
        return [self.type_box, self.test, self.identify, self.remove, *self._filled().editors.values()]

    def set_read_only(self, why: str) -> None:
        """Let nothing be changed, for a reason; a test may be run all the same."""
        self._read_only = why
        self._filled().set_read_only(bool(why))
        for widget in (self.type_box, self.remove):
            widget.setEnabled(not why)
            widget.setToolTip(why)

    def begin_test(self) -> None:
        """Show that a test is under way."""
        self.testing = True
        self.identify.setEnabled(False)
        self.test.setText("Cancel test")
        self._tell("Asking…")

    def show_answer(self, number: int, answer: TrialAnswer) -> None:
        """Show what one asking came to, under those before it."""
        before = "" if number == 1 else f"{self.answers.text()}\n"
        self._tell(f"{before}{number}.  {answer_words(answer, self.type_name, self._metrics())}")

    def end_test(self, failure: str = "") -> None:
        """Show that the test is over, and why where it failed."""
        self.testing = False
        self.identify.setEnabled(True)
        self.test.setText("Test now")
        if failure:
            self._tell(failure)
        elif self.answers.text() == "Asking…":
            self._tell("Cancelled before an answer.")

    def question(self) -> Tables:
        """Return the parameters to identify by: all but those that are to be found out."""
        return {
            key: value for key, value in self.draft().parameters().items() if key not in self._identifies()
        }

    def begin_identifying(self) -> None:
        """Show that the endpoint is being asked what it is."""
        self.testing = self.identifying = True
        self.identify.setText("Cancel")
        self.test.setEnabled(False)
        self._tell("Asking what it is…")

    def show_step(self, step: Step) -> None:
        """Show how far that has come."""
        self._tell(step_words(step))

    def end_identifying(self, target: str, found: Identification | None, failure: str = "") -> None:
        """Show what came of it, and fill in what follows; ``None`` is nothing."""
        self.testing = self.identifying = False
        self.identify.setText("Identify")
        self.test.setEnabled(True)
        if found is None:
            # Without words the section was made another meanwhile: nothing of this belongs there.
            self._tell(failure or ("Cancelled; nothing was filled in." if self.answers.text() else ""))
            return
        kept_rows = bool(found.settings) and not self._read_only and self._fill_in(found)
        self._tell(found_words(found, target, self._read_only, kept_rows))

    def _fill_in(self, found: Identification) -> bool:
        """Put what follows into the fields; return whether lists that stood there stayed.

        Lists stay where all else is as it was: somebody chose from them.
        """
        editors = self._filled().editors
        settings = {each.key: each.value for each in found.settings}
        same = all(editors[key].value() == value for key, value in settings.items() if isinstance(value, str))
        kept = False
        for key in self._identifies():
            value = settings.get(key)
            if same and not isinstance(value, str) and editors[key].value():
                kept = True
            else:
                editors[key].show_value(list(value) if isinstance(value, tuple) else value)
        self._edited()
        return kept

    def _identifies(self) -> tuple[str, ...]:
        return self._probe_form().identifies

    def _tell(self, words: str) -> None:
        self.answers.say(words)
        self.answers.setVisible(bool(words))
        if words:
            self.answered.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Frame the section."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("line.tile"), 1))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _lay_out(self) -> None:
        theme = self._theme
        head = QHBoxLayout()
        title = Text(theme, "text.strong", strong=True)
        title.say("Probe")
        head.addWidget(title)
        head.addWidget(self.type_box, 1)
        head.addWidget(self.test)
        head.addWidget(self.identify)
        head.addWidget(self.remove)
        self._column = QVBoxLayout(self)
        margin = theme.em(0.8)
        self._column.setContentsMargins(margin, margin, margin, margin)
        self._column.setSpacing(theme.em(0.5))
        self._column.addLayout(head)
        self._column.addWidget(self.answers)
        self._column.addWidget(self.help)
        self._column.addWidget(self.yields)
        self._column.addWidget(self.warning)

    def _choose(self, type_name: str) -> None:
        index = self.type_box.findData(type_name)
        self.type_box.setCurrentIndex(max(0, index))
        self._build()

    def _build(self) -> None:
        if self.fields is not None:
            self.fields.hide()
            self.fields.deleteLater()
        self.fields = FieldsForm(self._theme, self._all_fields())
        self.fields.show_values(self._before)
        self.fields.changed.connect(self._edited)
        self.fields.explained.connect(self.explained)
        self._column.insertWidget(self._column.indexOf(self.yields), self.fields)
        self.identify.setVisible(bool(self._identifies()))
        self.help.say(self._probe_form().help)
        self._say_yields()

    def _edited(self) -> None:
        self._say_yields()
        self.changed.emit()

    def _say_yields(self) -> None:
        """Name what limits may judge, as far as the fields tell, and warn of one that never alarms."""
        metrics = self._metrics()
        self.yields.say(yield_words(metrics))
        self.yields.setToolTip(all_yields(metrics))
        warning = warning_words(self.draft().tables, self._probe_form())
        self.warning.say(warning)
        self.warning.setVisible(bool(warning))

    def _metrics(self) -> tuple[Metric, ...]:
        draft = self.draft()
        # A secret's place makes no difference to what is yielded, but without one there is nothing to read.
        assumed = {key: draft.tables.get(key) or "file:secret" for key in draft.secrets}
        return self._metrics_of(self.type_name, {**draft.parameters(), **assumed})

    def _change_type(self) -> None:
        kept = {key: value for key, value in self._before.items() if key in ("period_s",)}
        self._before = {"type": self.type_name, **kept}
        self._build()
        # An answer to what was asked as another type says nothing about this one.
        self._tell("")
        if self.testing:
            self.cancel_wanted.emit()
        self.changed.emit()
        self.rebuilt.emit()

    def _test(self) -> None:
        if self.testing:
            self.cancel_wanted.emit()
        else:
            self.test_wanted.emit(self)

    def _identify(self) -> None:
        if self.identifying:
            self.cancel_wanted.emit()
        else:
            self.identify_wanted.emit(self)

    def _filled(self) -> FieldsForm:
        if self.fields is None:
            self._build()
        if self.fields is None:
            raise RuntimeError("a section without its fields")
        return self.fields

    def _probe_form(self) -> ProbeForm:
        return self._form.probe(self.type_name) or self._form.probes[0]

    def _all_fields(self) -> tuple[FormField, ...]:
        limits = FormField(
            "limits",
            "Limits",
            "When an answering endpoint counts as degraded; leave empty for the usual loss limit.",
            FieldKind.TABLES,
            fields=self._form.limit,
        )
        return (*self._probe_form().fields, limits)


def _without_type(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "type"}
