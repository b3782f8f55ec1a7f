"""The form of one endpoint with all its probes, in a page that scrolls. It saves nothing and asks nothing."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from controlroom.site.form import SiteForm
from controlroom.site.mistakes import Mistake
from ui.desk.panel import Text
from ui.desk.site_editor.draft import EndpointDraft, Tables, merged, proposed_id
from ui.desk.site_editor.field_editors import FieldEditor
from ui.desk.site_editor.fields_form import FieldsForm
from ui.desk.site_editor.probe_section import MetricsOf, ProbeSection
from ui.desk.theme import Theme

_PREDICATES = ("is ", "has ", "may ", "must ", "takes ", "needs ", "ends ", "tells ", "names ", "cannot ")
_FIRST = ("name", "id", "kind", "address", "criticality", "what_to_do", "consequence", "contact", "location")


class EndpointForm(QScrollArea):
    """Shows an endpoint's table and gives it back as the fields have it."""

    changed = Signal()
    explained = Signal()
    test_wanted = Signal(object)
    identify_wanted = Signal(object)
    cancel_wanted = Signal()
    section_gone = Signal(object)

    def __init__(self, theme: Theme, form: SiteForm, metrics_of: MetricsOf) -> None:
        """Build an empty form."""
        super().__init__()
        self._theme, self._form, self._metrics_of = theme, form, metrics_of
        self._before: Tables = {}
        self._in_place_of: str | None = None
        self._after: str | None = None
        self._taken: Collection[str] = ()
        self._read_only = ""
        self._unsaved_copy = False
        self._shown: EndpointDraft | None = None
        order = {key: place for place, key in enumerate(_FIRST)}
        fields = sorted(form.endpoint, key=lambda each: order.get(each.key, len(order)))
        self.fields = FieldsForm(theme, tuple(fields))
        self.sections: list[ProbeSection] = []
        self.add_probe = QPushButton("Add a probe")
        self._lay_out()
        self.fields.changed.connect(self.changed)
        self.fields.explained.connect(self.explained)
        self.fields.editors["name"].changed.connect(self._propose_id)
        self.add_probe.clicked.connect(self._add_probe)

    def show_endpoint(
        self,
        table: Mapping[str, Any],
        *,
        in_place_of: str | None,
        taken: Collection[str],
        after: str | None = None,
    ) -> None:
        """Show an endpoint; ``in_place_of`` is ``None`` for a new one, ``taken`` the ids of all others."""
        kept, bar = self._keyboard_place(), self.verticalScrollBar()
        place = bar.value() if kept is not None or self._before.get("id") == table.get("id") else 0
        self._before = {key: value for key, value in table.items() if key != "probes"}
        self._in_place_of, self._after, self._taken = in_place_of, after, taken
        self.fields.show_values(self._before)
        for section in self.sections:
            section.hide()
            section.deleteLater()
        self.sections = []
        for probe in table.get("probes", []):
            self._append(probe)
        self.order_keyboard()
        self.edited = False
        self.set_read_only(self._read_only)
        if kept is not None:
            self._put_keyboard(*kept)
        bar.setValue(place)
        # The probes, which are built anew, have their height only once they were laid out.
        QTimer.singleShot(0, self, lambda: bar.setValue(place))

    def go_on(self, saved: EndpointDraft, table: Mapping[str, Any], in_place_of: str) -> None:
        """Take it that what stood here as ``saved`` is saved; what was typed since stays and is not."""
        self._before = {key: value for key, value in table.items() if key != "probes"}
        self._in_place_of, self._after, self._unsaved_copy = in_place_of, None, False
        self._taken = [taken for taken in self._taken if taken != in_place_of]
        self._shown = replace(saved, in_place_of=in_place_of, after=None)

    @property
    def edited(self) -> bool:
        """Whether the fields hold what is not saved; what was typed and taken back is nothing."""
        return self._unsaved_copy or (self._shown is not None and self.draft() != self._shown)

    @edited.setter
    def edited(self, edited: bool) -> None:
        self._unsaved_copy = edited
        self._shown = self.draft()

    def draft(self) -> EndpointDraft:
        """Return the endpoint as the fields have it."""
        tables = merged(self._before, self.fields.fields, self.fields.values())
        probes = tuple(section.draft() for section in self.sections)
        return EndpointDraft(tables, probes, self._in_place_of, self._after)

    def faults(self) -> int:
        """Show what is wrong as far as the fields can tell, and count it."""
        told = {}
        if str(self.fields.values().get("id") or "") in self._taken:
            told["id"] = "Another endpoint has this id."
        return self.fields.show_faults(told) + sum(section.faults() for section in self.sections)

    def show_mistakes(self, mistakes: Sequence[Mistake]) -> list[str]:
        """Show each mistake of the whole site at its field; return those that belong to none."""
        own = f"endpoints[{self.draft().tables.get('id', '')}]"
        fields: dict[str, str] = {}
        probes: list[dict[str, str]] = [{} for _ in self.sections]
        left = []
        for mistake in mistakes:
            words = _sentence(f"{mistake.happened} {mistake.advice}".strip())
            rest = mistake.key_path.removeprefix(own)
            place = self._section_of(rest)
            # What lies deeper, as a limit's value does, is told at the field that holds it.
            inner = rest.partition("].")[2] if place is not None else rest
            key = inner.lstrip(".").partition("[")[0].partition(".")[0]
            if not mistake.key_path.startswith(own):
                left.append(str(mistake))
            elif place is not None and key in self.sections[place].draft_keys():
                probes[place][key] = f"{probes[place].get(key, '')} {words}".strip()
            elif key in self.fields.editors:
                fields[key] = f"{fields.get(key, '')} {words}".strip()
            else:
                left.append(words)
        self.fields.show_faults(fields)
        for section, told in zip(self.sections, probes, strict=True):
            section.faults(told)
        return left

    def set_read_only(self, why: str) -> None:
        """Let nothing be changed, for a reason; empty lets it."""
        self._read_only = why
        self.fields.set_read_only(bool(why))
        self.add_probe.setEnabled(not why)
        self.add_probe.setToolTip(why)
        for section in self.sections:
            section.set_read_only(why)

    def go_to_fault(self) -> None:
        """Put the keyboard into the first field at which something wrong is shown, and show that field."""
        faults = [self.fields.first_fault(), *(section.first_fault() for section in self.sections)]
        wrong = next((fault for fault in faults if fault is not None), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_once_laid_out(wrong)

    def order_keyboard(self) -> None:
        """Let Tab go over the fields and the probes as they stand, whenever each was made."""
        order: list[QWidget] = list(self.fields.editors.values())
        for section in self.sections:
            order += section.in_order()
        order.append(self.add_probe)
        stops = [stop for widget in order for stop in _stops(widget)]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)

    def begin(self) -> None:
        """Put the keyboard into the first field."""
        self.fields.editors["name"].setFocus()

    def _section_of(self, rest: str) -> int | None:
        for place, section in enumerate(self.sections):
            draft = section.draft()
            if rest.startswith((f".probes[{draft.name}]", f".probes[#{place + 1}]")):
                return place
        return None

    def _lay_out(self) -> None:
        theme = self._theme
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        margin = theme.em(0.4)
        self._column.setContentsMargins(margin, margin, theme.em(1.0), margin)
        self._column.setSpacing(theme.em(0.8))
        self._column.addWidget(self.fields)
        heading = Text(theme, "text.strong", 1.1, strong=True)
        heading.say("How it is measured")
        self._column.addWidget(heading)
        self._column.addWidget(self.add_probe)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.setAccessibleName("The endpoint and its probes")

    def _append(self, table: Mapping[str, Any]) -> ProbeSection:
        section = ProbeSection(self._theme, self._form, table, self._metrics_of)
        section.changed.connect(self.changed)
        section.explained.connect(self.explained)
        section.rebuilt.connect(self.order_keyboard)
        section.answered.connect(lambda: self._show_once_laid_out(section.answers))
        section.test_wanted.connect(self.test_wanted)
        section.identify_wanted.connect(self.identify_wanted)
        section.cancel_wanted.connect(self.cancel_wanted)
        section.removed.connect(self._take_out)
        self.sections.append(section)
        self._column.insertWidget(self._column.indexOf(self.add_probe), section)
        return section

    def _add_probe(self) -> None:
        used = {section.type_name for section in self.sections}
        unused = [probe.type for probe in self._form.probes if probe.type not in used]
        section = self._append({"type": (unused or [self._form.probes[0].type])[0]})
        self.order_keyboard()
        self.changed.emit()
        section.type_box.setFocus()
        self._show_once_laid_out(section)

    def _show_once_laid_out(self, part: QWidget) -> None:
        """Bring a part into view, with what is said below it: it has its height only once it was laid out."""
        QTimer.singleShot(0, part, lambda: self.ensureWidgetVisible(part, 0, self._theme.em(4)))

    def _take_out(self, section: ProbeSection) -> None:
        self.section_gone.emit(section)
        self.sections.remove(section)
        section.hide()
        section.deleteLater()
        self.changed.emit()

    def _propose_id(self) -> None:
        if self._in_place_of is None:
            name = str(self.fields.values().get("name") or "")
            self.fields.editors["id"].show_value(proposed_id(name, self._taken) if name else "")
            self.fields.show_faults_of_touched()

    def _keyboard_place(self) -> tuple[int, str] | None:
        """Where in the form the keyboard is: the section's place, −1 for the endpoint itself, and the key."""
        here = QApplication.focusWidget()
        if here is None or not self.isAncestorOf(here):
            return None
        place = next((at for at, section in enumerate(self.sections) if section.isAncestorOf(here)), -1)
        fields = self.fields if place < 0 else self.sections[place].fields
        editors = fields.editors if fields is not None else {}
        return place, next((key for key, editor in editors.items() if editor.isAncestorOf(here)), "")

    def _put_keyboard(self, place: int, key: str) -> None:
        """Put the keyboard where it was before the fields were built anew."""
        section = self.sections[place] if 0 <= place < len(self.sections) else None
        fields = self.fields if section is None else section.fields
        editor = fields.editors.get(key) if fields is not None else None
        (editor or (self.fields.editors["name"] if section is None else section.type_box)).setFocus()


def _stops(widget: QWidget) -> list[QWidget]:
    """Where Tab stops within a part, in the order in which it was built."""
    inside = widget.findChildren(QWidget) if isinstance(widget, FieldEditor) else [widget]
    here = [each for each in inside if each.window() is widget.window() and each.focusProxy() is None]
    return [each for each in here if each.focusPolicy() & Qt.FocusPolicy.TabFocus]


def _sentence(words: str) -> str:
    """Make a sentence about the field under which it stands of what follows a key in a list of mistakes."""
    if words.startswith(_PREDICATES):
        return f"This {words}"
    return words[:1].upper() + words[1:]
