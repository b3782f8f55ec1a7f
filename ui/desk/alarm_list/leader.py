"""Leads the alarms on the desk: shows their lists, asks what an act needs, says what came of it.

Rules:
1. An act is about the alarms that were selected when it was asked for, whatever came since.
2. What the role forbids is refused here with the reason; the engine checks it again.
3. Taking off the shelf what was just shelved, and giving back what was just given away, is offered as undo
   once the engine has taken the act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject

from controlroom.alarms.alarm import BY_OPERATOR
from controlroom.logbook.act import Act, ActKind
from controlroom.operators.role import Permission
from controlroom.operators.roster import Roster
from controlroom.report.escaping import printable
from ui.desk import empty, figures
from ui.desk.alarm_list import questions
from ui.desk.alarm_list.acts import AlarmActs, SendAct
from ui.desk.alarm_list.detail_leader import NOBODY, AlarmDetail
from ui.desk.alarm_list.face import AlarmFace, Moment, Row
from ui.desk.alarm_list.lists import AlarmLists, ListKind
from ui.desk.alarm_list.panel import AlarmPanel
from ui.desk.alarm_list.rows import AlarmRows
from ui.desk.alarm_list.term import term_words
from ui.desk.duty import Duty
from ui.desk.liveness import Liveness
from ui.desk.pending import PendingActs, alarms_of
from ui.desk.picture import Picture
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow


@dataclass(frozen=True, slots=True)
class AlarmMeans:
    """What the conductor lends: ``follow`` goes to an endpoint for a reason, by the hand or not."""

    send: SendAct
    follow: Callable[[str, str, bool], None]
    roster: Callable[[], Roster | None]


class AlarmLeader(QObject):
    """Owns the alarm panel, and what leads the detail of one alarm."""

    def __init__(
        self,
        theme: Theme,
        window: DeskWindow,
        duty: Duty,
        picture: Picture,
        pending: PendingActs,
        means: AlarmMeans,
    ) -> None:
        """Show nothing yet."""
        super().__init__()
        self._window, self._duty, self._picture, self._means = window, duty, picture, means
        self.acts = AlarmActs(picture, pending, means.send)
        self.detail = AlarmDetail(theme, window, duty, self.acts, means.roster)
        self._rows = AlarmRows()
        self._whole: set[str] = set()
        self._moment: Moment | None = None
        self._liveness = Liveness.STARTING
        panel = window.alarms
        panel.alarm_chosen.connect(lambda number: self._follow(number, by_hand=True))
        panel.alarm_led.connect(lambda number: self._follow(number, by_hand=False))
        panel.acknowledge_wanted.connect(self.begin_acknowledging)
        panel.second_wanted.connect(self.begin_second)
        panel.opened.connect(self.open)
        panel.list_changed.connect(self._show_panel)

    @property
    def panel(self) -> AlarmPanel:
        """The panel that is led."""
        return self._window.alarms

    @property
    def _lists(self) -> AlarmLists:
        return self._picture.lists

    # -- showing ----------------------------------------------------------------------------------

    def show(self, moment: Moment | None, liveness: Liveness) -> None:
        """Show the alarms as they are now; nothing is known before the first moment."""
        self._moment, self._liveness = moment, liveness
        if moment is not None:
            self._show_panel()
            self.detail.show(moment, liveness)

    def _show_panel(self) -> None:
        moment, panel = self._moment, self.panel
        if moment is None:
            return
        self._whole &= {incident.key for incident in self._lists.incidents}
        panel.show_counts({kind: len(self._lists.of(kind)) for kind in ListKind}, self._count_words())
        panel.say_empty(self._empty_words())
        panel.forbid_second(self._why_no_second())
        panel.show_alarms(self._rows.of(panel.kind, self._lists, moment, self._whole))

    def _count_words(self) -> str:
        alarms = self._lists.active
        if self.panel.kind is not ListKind.ACTIVE or not alarms:
            return ""
        new = sum(alarm.annunciated and alarm.active for alarm in alarms)
        over = sum(not alarm.active for alarm in alarms)
        return f"{new} new, {len(alarms) - new - over} acknowledged, {over} over"

    def _empty_words(self) -> str:
        if self.panel.kind is not ListKind.ACTIVE:
            return empty.hidden_alarms(self.panel.kind)
        return empty.alarms(
            self._picture.endpoints.values(), self._liveness, self._duty.may(Permission.EDIT_SITE)
        )

    def _follow(self, number: int, *, by_hand: bool) -> None:
        """Show the endpoint of an alarm, or the first that failed of what it leads."""
        alarm = self._lists.numbered(number)
        subject = "" if alarm is None else self._picture.shown_for(alarm)
        if alarm is not None and subject:
            self._means.follow(subject, alarm.reason, by_hand)

    # -- acts on what is selected -----------------------------------------------------------------

    def begin_acknowledging(self) -> None:
        """Ask for a note about the selected alarms; a note is not needed."""
        panel = self.panel
        if panel.kind is not ListKind.ACTIVE:
            panel.tabs.choose(ListKind.ACTIVE)
            panel.explain("These are the active alarms. F2 acknowledges what is selected.")
            return
        faces = panel.waiting()
        if panel.forbidden:
            panel.explain(panel.forbidden)
        elif not faces:
            panel.explain(_why_none_waits(panel.chosen()))
        else:
            numbers = [face.number for face in faces]
            left_s = None if self._moment is None else self._moment.shift_left_s()
            question = questions.acknowledging(faces[0].name, len(faces), left_s)
            panel.ask(question, lambda answer: self.acts.acknowledge(numbers, answer.words, answer.for_s))

    def begin_second(self) -> None:
        """Do what the second button of the shown list says to what is selected."""
        faces, kind, why_not = self.panel.chosen(), self.panel.kind, self._why_no_second()
        if not faces or kind is ListKind.SUPPRESSED:
            self.panel.explain("There is no alarm that could be shelved.")
        elif why_not:
            self.panel.explain(why_not)
        elif kind is ListKind.ACTIVE:
            self._begin_shelving(faces)
        elif kind is ListKind.SHELVED:
            self.acts.unshelve([face.number for face in faces])
        else:
            self._begin_putting_back(faces)

    def _why_no_second(self) -> str:
        is_out = self.panel.kind is ListKind.OUT_OF_SERVICE
        return self._duty.why_not(Permission.TAKE_OUT if is_out else Permission.SHELVE)

    def _begin_shelving(self, faces: Sequence[AlarmFace]) -> None:
        numbers = [face.number for face in faces]
        why_not = self._duty.why_not(Permission.SHELVE_LONG)
        longest_s = self._picture.longest_shelf_s()
        question = questions.shelving(faces[0].name, len(faces), longest_s, why_not)
        self.panel.ask(question, lambda answer: self.acts.shelve(numbers, answer))

    def _begin_putting_back(self, faces: Sequence[AlarmFace]) -> None:
        alarms = [alarm for face in faces if (alarm := self._lists.numbered(face.number)) is not None]
        numbers = [alarm.number for alarm in alarms if alarm.out_of_service == BY_OPERATOR]
        if not numbers:
            self.panel.explain("A maintenance ends by its plan, or where it is planned.")
            return
        question = questions.putting_back(faces[0].name, len(numbers))
        self.panel.ask(question, lambda answer: self.acts.put_back(numbers, answer.words))

    # -- what came of acts ------------------------------------------------------------------------

    def took(self, act: Act) -> None:
        """Offer to undo what the engine has just taken, where that makes sense (rule 3)."""
        numbers = alarms_of(act)
        alarms = [alarm for number in numbers if (alarm := self._lists.numbered(number)) is not None]
        if not alarms:
            return
        name = self._picture.name_of(alarms[0].subject)
        what = f"{name} is" if len(alarms) == 1 else f"{figures.counted(len(alarms), 'alarm')} are"
        if act.kind is ActKind.SHELVE:
            seconds = act.details.get("for_s")
            lasting = f" for {term_words(float(seconds))}" if isinstance(seconds, int | float) else ""
            self.panel.offer_undo(f"{what} shelved{lasting}.", lambda: self.acts.unshelve(numbers))
        elif act.kind is ActKind.ASSIGN and "was" in act.details:
            owner, was = str(act.details.get("owner", "")), str(act.details["was"])
            words = f"{what} with {printable(owner, 60) or NOBODY} now."
            self.panel.offer_undo(words, lambda: self.acts.assign(numbers[0], was, undoing=True))

    def refused(self, act: Act, words: str) -> None:
        """Say what came to nothing, also in the detail of the alarm that it was about."""
        self.panel.message.say(words, "text.strong")
        if self.detail.dialog is not None and self.detail.about in alarms_of(act):
            self.detail.dialog.say(words)

    # -- the detail of one ------------------------------------------------------------------------

    def open(self) -> None:
        """Show all about the selected alarm; on a row that stands for others list them, or no longer."""
        face = self.panel.current()
        if face is None:
            self.panel.explain("There is no alarm to look at.")
        elif face.row is Row.MORE:
            self._whole ^= {face.subject}
            self._show_panel()
        elif face.number:
            self.detail.open(face.number)


def _why_none_waits(faces: Sequence[AlarmFace]) -> str:
    """Say why nothing is acknowledged."""
    if not faces:
        return "There is no alarm to acknowledge."
    if len(faces) > 1:
        return "None of the selected alarms waits for it."
    face = faces[0]
    if face.new or face.returned:
        return "The acknowledgement is on its way to the engine."
    return f"{face.name} is acknowledged already."
