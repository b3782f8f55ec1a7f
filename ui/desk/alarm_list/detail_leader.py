"""Leads the detail of one alarm: opens it, renews it, asks what its buttons need. It sends nothing.

Rules:
1. It stays about the alarm it was opened for, whatever is selected meanwhile; when that ends, it says so, and
   still takes a note.
2. What presses besides is said above it, for it lies over the desk.
3. What the role forbids is disabled and says why; the engine checks it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from controlroom.alarms.alarm import Alarm, Priority
from controlroom.alarms.card import card_of
from controlroom.operators.role import Permission
from controlroom.operators.roster import Roster
from controlroom.report.escaping import printable
from controlroom.site.action_card import ActionCard
from ui.desk.alarm_list import questions
from ui.desk.alarm_list.acts import AlarmActs
from ui.desk.alarm_list.brief import brief_of
from ui.desk.alarm_list.dialog import AlarmDialog
from ui.desk.alarm_list.face import Moment
from ui.desk.alarm_list.offers import AlarmAct, offers_of
from ui.desk.alarm_list.story import story_of, ticks_of
from ui.desk.alarm_list.strip import Answer, Question
from ui.desk.duty import Duty
from ui.desk.faces import log_face
from ui.desk.liveness import Liveness
from ui.desk.theme import Theme
from ui.desk.urgent import urgent_words
from ui.desk.window import DeskWindow

NOBODY: Final = "nobody"


class AlarmDetail(QObject):
    """Owns the dialog. ``maintenance_wanted`` asks for the planner of an endpoint, where ``plans`` is set."""

    maintenance_wanted = Signal(str)

    def __init__(
        self,
        theme: Theme,
        window: DeskWindow,
        duty: Duty,
        acts: AlarmActs,
        roster: Callable[[], Roster | None],
    ) -> None:
        """Show nothing yet; ``roster`` names the operators to whom an alarm can be given."""
        super().__init__()
        self._theme, self._window, self._duty, self._acts = theme, window, duty, acts
        self._roster = roster
        self._moment: Moment | None = None
        self._liveness = Liveness.STARTING
        self.about, self._subject = 0, ""
        self.plans = False
        self.dialog: AlarmDialog | None = None

    def open(self, number: int) -> None:
        """Show all about an alarm."""
        moment = self._moment
        alarm = None if moment is None else moment.picture.lists.numbered(number)
        if self.dialog is not None or moment is None or alarm is None:
            return
        self.about, self._subject = number, alarm.subject
        dialog = self.dialog = AlarmDialog(self._theme, self._window)
        dialog.wanted.connect(self._do)
        dialog.ticked.connect(self._tick)
        dialog.assigned.connect(lambda owner: self._acts.assign(self.about, owner))
        dialog.noted.connect(lambda words: self._acts.note(self.about, self._subject, words))
        dialog.finished.connect(self._closed)
        self.show(moment, self._liveness)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def show(self, moment: Moment, liveness: Liveness) -> None:
        """Show the alarm as it is now."""
        self._moment, self._liveness = moment, liveness
        dialog, picture = self.dialog, moment.picture
        if dialog is None:
            return
        story = story_of(self.about, picture.log.every())
        faces = [log_face(entry, picture, moment.now_utc_s, moment.zone) for entry in story]
        dialog.show_story(faces)
        alarm = picture.lists.numbered(self.about)
        dialog.urgent.say(*self._urgent_words(alarm, moment))
        if alarm is None:
            dialog.show_ended(self._duty.why_not(Permission.NOTE))
            return
        why_not = self._duty.why_not(Permission.ACKNOWLEDGE)
        incident, card = picture.lists.led_by(alarm.number), self._card(alarm)
        dialog.show_brief(brief_of(alarm, moment, card, incident, ticks_of(story)), why_not)
        offers = offers_of(alarm, moment.pending, self._duty.why_not, plans=self.plans)
        dialog.show_offers(offers, self._duty.why_not(Permission.NOTE))
        dialog.show_owners(self._owners(alarm), alarm.owner, why_not)

    def _card(self, alarm: Alarm) -> ActionCard:
        site = None if self._moment is None else self._moment.picture.site
        return ActionCard() if site is None else card_of(alarm, site)

    def _shift_left_s(self) -> float | None:
        return None if self._moment is None else self._moment.shift_left_s()

    def _longest_shelf_s(self) -> float:
        return 0.0 if self._moment is None else self._moment.picture.longest_shelf_s()

    def _urgent_words(self, alarm: Alarm | None, moment: Moment) -> tuple[str, str]:
        """Say what presses besides the alarm that is looked at (rule 2)."""
        critical = moment.picture.unacknowledged()[int(Priority.CRITICAL)]
        itself = alarm is not None and alarm.annunciated and alarm.priority is Priority.CRITICAL
        return urgent_words(self._liveness, critical - itself, "Esc leads to the desk, F3 silences.")

    def _owners(self, alarm: Alarm) -> Sequence[tuple[str, str]]:
        """Return to whom an alarm can be given: nobody, whoever is on duty, the operators, and who has it."""
        me, roster = self._duty.now, self._roster()
        names = () if roster is None else tuple(operator.name for operator in roster.operators)
        owners = {"": NOBODY, me.label(): f"{printable(me.name or me.account, 60)} (me)"}
        owners |= {name: printable(name, 60) for name in names if name != me.name}
        if alarm.owner not in owners:
            owners[alarm.owner] = printable(alarm.owner, 60)
        return list(owners.items())

    def _do(self, act: AlarmAct) -> None:
        """Do what a button says, after what it needs was asked."""
        alarm = None if self._moment is None else self._moment.picture.lists.numbered(self.about)
        dialog, moment = self.dialog, self._moment
        if alarm is None or dialog is None or moment is None:
            return
        asked = self._asked(act, alarm.number, moment.picture.name_of(alarm.subject))
        if asked is not None:
            dialog.ask(*asked)
        elif act is AlarmAct.PLAN:
            self.maintenance_wanted.emit(alarm.subject)
        elif act is AlarmAct.SPLIT:
            self._acts.split(alarm.number)
        elif act is AlarmAct.UNSHELVE:
            self._acts.unshelve([alarm.number])
        else:
            self._acts.reset(alarm.number)

    def _asked(
        self, act: AlarmAct, number: int, name: str
    ) -> tuple[Question, Callable[[Answer], None]] | None:
        """Return what an act needs to be told, and what is done with the answer; ``None`` for nothing."""
        acts, one = self._acts, [number]
        if act is AlarmAct.ACKNOWLEDGE:
            return (
                questions.acknowledging(name, 1, self._shift_left_s()),
                lambda answer: acts.acknowledge(one, answer.words, answer.for_s),
            )
        if act is AlarmAct.SHELVE:
            why_not = self._duty.why_not(Permission.SHELVE_LONG)
            question = questions.shelving(name, 1, self._longest_shelf_s(), why_not)
            return question, lambda answer: acts.shelve(one, answer)
        if act is AlarmAct.TAKE_OUT:
            return questions.taking_out(name), lambda answer: acts.take_out(one, answer.words)
        if act is AlarmAct.PUT_BACK:
            return questions.putting_back(name), lambda answer: acts.put_back(one, answer.words)
        return None

    def _tick(self, step: int, done: bool) -> None:
        alarm = None if self._moment is None else self._moment.picture.lists.numbered(self.about)
        if alarm is not None and self._moment is not None:
            steps = self._card(alarm).steps
            words = steps[step - 1] if 0 < step <= len(steps) else ""
            self._acts.tick(alarm.number, step, words, done=done)
