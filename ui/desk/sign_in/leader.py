"""Leads signing in and out: reads the list and checks PINs in a thread, and puts who is on duty on duty.

1. A desk begins signed out. Without operators the account may do everything; with a list that cannot be
   read nobody may do more than watch.
2. A wrong PIN says no more than that it is wrong, and guessing is slowed down.
3. Signing in and out goes into the log, and so does what somebody changes in the list of operators.
4. Whoever lists the first operator goes on as that one, who may configure: nobody else may add the next.
5. The list may be looked at by whoever may see the desk, and changed by whoever may configure.
6. A PIN that was being checked when the question was closed signs nobody in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from controlroom.errors import ControlroomError
from controlroom.logbook.act import DESK_CLOSED, ActKind
from controlroom.operators.change import ChangeKind, RosterChange, change_text, changes_between
from controlroom.operators.keeping import RosterKeeper
from controlroom.operators.pin import PinWait, hash_pin, is_right
from controlroom.operators.role import Permission, Role
from controlroom.operators.roster import Roster
from ui.desk.duty import Duty, OnDuty
from ui.desk.sign_in.operators_dialog import OperatorsDialog
from ui.desk.sign_in.sign_in_dialog import SignInDialog
from ui.desk.theme import Theme
from ui.desk.worker import Done, Worker

LOOK_EVERY_MS = 100
_CHANGED_MEANWHILE: Final = "roster-changed-meanwhile"


class PutAct(Protocol):
    """Puts an act into the log; ``by`` did it, where they are not on duty any more."""

    def __call__(self, kind: ActKind, note: str, by: OnDuty | None = None) -> None:
        """Send it on its way."""


@dataclass(frozen=True, slots=True)
class _Saved:
    """A list that was kept: what became another in it, by whom, and who is to be shown."""

    roster: Roster
    changes: tuple[RosterChange, ...]
    by: OnDuty
    name: str
    first: bool


class SignIn(QObject):
    """Owns the dialogs of who is on duty."""

    def __init__(
        self,
        keeper: RosterKeeper,
        theme: Theme,
        window: QWidget,
        duty: Duty,
        act: PutAct,
        monotonic_s: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        """``act`` puts what is done here into the log; ``say`` tells the operator on the desk itself."""
        super().__init__(window)
        self._keeper, self._theme, self._window, self._duty = keeper, theme, window, duty
        self._act, self._monotonic_s, self._say = act, monotonic_s, say
        self._worker = Worker("desk-duty")
        self._wait = PinWait()
        self.roster: Roster | None = None
        self.dialog: SignInDialog | None = None
        self.operators: OperatorsDialog | None = None
        self._opening = False
        self._left: OnDuty | None = None
        self._checks = 0
        self._checking = 0
        duty.changed.connect(self._mind_duty)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin signed out; nobody may do more than watch until the list is read."""
        self._duty.take_over(replace(self._duty.now, name="", role=Role.WATCH))
        self._worker.start()
        self._timer.start()
        self._worker.submit("load", self._keeper.load)

    def end(self, wait_s: float) -> None:
        """Sign out whoever is on duty, for the log must not say that they still are, and end the thread."""
        self._timer.stop()
        self._leave(DESK_CLOSED)
        self._worker.end()
        self._worker.join(wait_s)

    def leave_with_the_desk(self) -> None:
        """Sign out whoever is on duty, because their desk closes; ``come_back`` takes it back."""
        self._left = self._duty.now
        self._leave(DESK_CLOSED)

    def come_back(self) -> None:
        """Sign in again whoever left with a desk that then stayed open."""
        left, self._left = self._left, None
        if left is not None and left.name:
            self._enter(left.name)

    def open(self) -> None:
        """Ask who is on duty, by the list as it is now."""
        self._opening = True
        self._worker.submit("load", self._keeper.load)

    def manage(self) -> None:
        """Show the list of operators to whoever may change it."""
        if self._duty.may(Permission.EDIT_OPERATORS):
            self.show_operators()

    def show_operators(self) -> None:
        """Show the list of operators; who may not change it is told why (rule 5)."""
        if self.roster is None:
            return
        if self.dialog is not None:
            self.dialog.reject()
        self.operators = OperatorsDialog(self._theme, self._window, self.roster)
        self.operators.change_wanted.connect(self._change)
        self.operators.finished.connect(self._closed_operators)
        self._mind_duty()
        self.operators.open()

    def look(self) -> None:
        """Take what the thread did."""
        for done in self._worker.drain():
            self._take(done)

    def _take(self, done: Done) -> None:
        if done.job.startswith("pin:"):
            _, number, name = done.job.split(":", 2)
            self._checked(int(number), name, done.result is True)
        elif done.failure:
            self._fail(done)
        elif isinstance(done.result, Roster):
            self._take_roster(done.result)
        elif isinstance(done.result, _Saved):
            self._take_saved(done.result)

    def _take_roster(self, roster: Roster) -> None:
        self.roster = roster
        self._duty.know_trouble("")
        now = self._duty.now
        known = roster.find(now.name) if now.name else None
        if now.name and known is None:
            self._leave()
        role = roster.role_of_nobody() if known is None else known.role
        self._duty.take_over(replace(self._duty.now, role=role))
        if self.operators is not None:
            self.operators.show_roster(roster)
        if self._opening:
            self._opening = False
            self._show(roster)

    def _take_saved(self, saved: _Saved) -> None:
        for change in saved.changes:
            self._act(ActKind.CHANGE_OPERATORS, change_text(change), saved.by)
            if change.what is ChangeKind.RENAMED and change.before == self._duty.now.name:
                self._duty.take_over(replace(self._duty.now, name=change.after))
        self._take_roster(saved.roster)
        if saved.first:
            self._enter(saved.name)
        if self.operators is not None:
            self.operators.show_roster(saved.roster, saved.name)
            self.operators.say(f"Saved. You are signed in as {saved.name}." if saved.first else "Saved.")

    def _mind_duty(self) -> None:
        if self.operators is not None:
            self.operators.forbid(self._duty.why_not(Permission.EDIT_OPERATORS))

    def _fail(self, done: Done) -> None:
        self._opening = False
        if self.operators is not None:
            self.operators.say(done.failure)
            if done.code == _CHANGED_MEANWHILE:
                self._worker.submit("load", self._keeper.load)
            return
        self._say(done.failure)
        if done.job == "load":
            self._duty.know_trouble(done.failure)
            self._duty.take_over(replace(self._duty.now, name="", role=Role.WATCH))

    def _show(self, roster: Roster) -> None:
        why_not = self._duty.why_not(Permission.EDIT_OPERATORS)
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = SignInDialog(self._theme, self._window, roster, self._duty.now, why_not)
        self.dialog.wanted.connect(self._check)
        self.dialog.signed_out.connect(lambda: self._leave())
        self.dialog.manage_wanted.connect(self.manage)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        """Let go of the question and of a PIN that is being checked; it is asked anew by the list of then."""
        self._checking = 0
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _check(self, name: str, pin: str) -> None:
        operator = self.roster.find(name) if self.roster is not None else None
        if operator is None or self.dialog is None:
            return
        wait_s = self._wait.wait_s(name, self._monotonic_s())
        if wait_s > 0:
            self.dialog.say(f"Too many wrong PINs. Try again in {wait_s:.0f} s.")
        elif not operator.pin_hash:
            self._enter(name)
        else:
            self.dialog.message.say("Checking…")
            self._checks += 1
            self._checking = self._checks
            self._worker.submit(f"pin:{self._checking}:{name}", lambda: is_right(pin, operator.pin_hash))

    def _checked(self, number: int, name: str, right: bool) -> None:
        self._wait.tried(name, right, self._monotonic_s())
        if number != self._checking:
            return
        if right:
            self._enter(name)
        elif self.dialog is not None:
            wait_s = self._wait.wait_s(name, self._monotonic_s())
            self.dialog.say(f"The PIN is wrong.{f' The next try is in {wait_s:.0f} s.' if wait_s else ''}")

    def _enter(self, name: str) -> None:
        operator = self.roster.find(name) if self.roster is not None else None
        if operator is None:
            return
        if self._duty.now.name:
            self._act(ActKind.SIGN_OUT, "")
        self._duty.take_over(OnDuty(self._duty.now.account, operator.name, operator.role))
        self._act(ActKind.SIGN_IN, "")
        if self.dialog is not None:
            self.dialog.accept()

    def _leave(self, why: str = "") -> None:
        if self._duty.now.name:
            self._act(ActKind.SIGN_OUT, why)
        role = self.roster.role_of_nobody() if self.roster is not None else Role.WATCH
        self._duty.take_over(OnDuty(self._duty.now.account, "", role))

    def _closed_operators(self) -> None:
        if self.operators is not None:
            self.operators.deleteLater()
            self.operators = None

    def _change(self, roster: Roster, name: str, pin: str) -> None:
        before, by = self.roster, self._duty.now
        why_not = self._duty.why_not(Permission.EDIT_OPERATORS)
        if before is None or why_not:
            if self.operators is not None:
                self.operators.say(why_not or "The list of operators has not been read yet.")
            return

        def work() -> _Saved:
            if self._keeper.load() != before:
                raise ControlroomError(
                    _CHANGED_MEANWHILE,
                    "The list was changed at another desk meanwhile; nothing was saved.",
                    "Look at it as it is now, and do it again.",
                )
            kept = roster
            operator = roster.find(name)
            if pin and operator is not None:
                kept = roster.put(replace(operator, pin_hash=hash_pin(pin)), operator.name)
            self._keeper.save(kept)
            return _Saved(
                kept,
                changes_between(before, kept),
                by,
                name,
                first=not before.operators and bool(kept.operators),
            )

        self._worker.submit("save", work)
