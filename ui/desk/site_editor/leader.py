"""Leads the editing: takes what the operator wants to the thread of the disk, and shows what came.

1. Nothing here waits. Disk and tests have a thread each; a timer takes their answers.
2. What was changed outside is shown and never overwritten unseen (``outside_notice.py``).
3. Where the very endpoint was saved by another desk meanwhile, the difference is shown. Undo takes back only
   what nobody has built upon.
4. What is typed and not saved is never dropped without a question; nor what is typed while something is
   being saved.
5. Who may not change the site may look at all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from controlroom.operators.role import Permission
from controlroom.site.edit import stands_in_the_way
from controlroom.site.keeping import CHANGED_OUTSIDE, KeptVersions, SiteOnDisk
from controlroom.site.mistakes import SITE_MISTAKES, Mistake
from ui.desk.duty import Duty
from ui.desk.site_editor import desk_work
from ui.desk.site_editor.desk_work import Conflict, Differing, OutsideFile, Saved
from ui.desk.site_editor.dialog import EditorDialog
from ui.desk.site_editor.differences import Differences
from ui.desk.site_editor.draft import EndpointDraft, Tables, duplicate_of, fresh_endpoint
from ui.desk.site_editor.means import SiteEditing
from ui.desk.site_editor.offers import BACK, LATER, MINE, THEIRS, USE, Offers
from ui.desk.site_editor.outside_notice import OutsideNotice
from ui.desk.site_editor.probe_section import ProbeSection
from ui.desk.site_editor.shown_file import ShownFile
from ui.desk.site_editor.site_writer import SiteWriter
from ui.desk.site_editor.taking_use import TakingUse
from ui.desk.site_editor.trial_runner import TrialRunner
from ui.desk.site_editor.undo_steps import UndoSteps
from ui.desk.successor import neighbour
from ui.desk.theme import Theme
from ui.desk.worker import Done, Worker

LOOK_EVERY_MS = 100
WATCH_EVERY = 20
"""Every so many looks the file's digest is asked for: every two seconds."""

_USED = "The changed file is used"
_NOT_UNDONE = (
    "Not undone: the text from before has mistakes, and the engine would refuse it. "
    "“Versions…” can bring back one that has none."
)
_SAID = {"save": "“{}” saved", "remove": "“{}” removed"}


class SiteEditor(QObject):
    """Owns the editor's window and threads.

    ``notice_changed`` tells the words for the desk's own band: what is the matter, and where and what to do.
    """

    notice_changed = Signal(str, str)

    def __init__(
        self,
        means: SiteEditing,
        theme: Theme,
        window: QWidget,
        duty: Duty,
        reload: Callable[[str], str],
    ) -> None:
        """``reload`` asks the engine to load the file, with a note for the log, and returns the act's id."""
        super().__init__(window)
        self._means, self._theme, self._window, self._duty = means, theme, window, duty
        self._disk = Worker("desk-site")
        self._tester = TrialRunner(means)
        self.dialog: EditorDialog | None = None
        self.offers = Offers(theme, duty)
        self._shown = ShownFile()
        self._begin_new = False
        self._writer = SiteWriter(self._disk, means.keeper, duty, self._say)
        self._differences = Differences(self._disk, means.keeper, self.offers, self._say)
        self._undo = UndoSteps()
        self._use = TakingUse(reload, self._say)
        self._outside = OutsideNotice(self.notice_changed.emit, self._mark_outside)
        self._zone = ZoneInfo("UTC")
        self._looks = 0
        self._alarm = "", ""
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        duty.changed.connect(self._mind_duty)

    def start(self) -> None:
        """Begin to watch the file."""
        self._disk.start()
        self._tester.start()
        self._timer.start()

    def end(self, wait_s: float) -> None:
        """End the threads; a test that is under way is broken off, and its secrets are wiped."""
        self._timer.stop()
        for worker in (self._disk, self._tester):
            worker.end()
        for worker in (self._disk, self._tester):
            worker.join(wait_s)

    def open(self, endpoint_id: str = "", new: bool = False) -> None:
        """Open the window at an endpoint, or at a new one; what is edited there is not dropped unasked.

        One that stepped aside with something unsaved comes back as it was.
        """
        if self.has_draft() and self.dialog is not None and self.dialog.isHidden():
            endpoint_id, new = "", False
        other = new or (endpoint_id and endpoint_id != self._shown.shown_id)
        if self.dialog is not None and other and self.dialog.may_leave():
            self.dialog.form.edited = False
        if self.dialog is None or not self.dialog.form.edited:
            self._begin_new, self._shown.selected = new, endpoint_id or self._shown.selected
        if self.dialog is None:
            self.dialog = EditorDialog(self._theme, self._window, self._means.form, self._means.metrics_of)
            self._connect(self.dialog)
            self.dialog.form.changed.connect(self._take_back_words)
            self.dialog.resize(
                min(self._window.width() - 40, self._theme.em(92)),
                min(self._window.height() - 40, self._theme.em(60)),
            )
        self.dialog.alarm.say(*self._alarm)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._mind_duty()
        self._read()

    def has_draft(self) -> bool:
        """Whether something is typed in the form and not saved."""
        return self.dialog is not None and self.dialog.form.edited

    def may_close(self) -> bool:
        """Ask before closing the desk drops what is not saved; the form comes up for it."""
        if not self.has_draft():
            return True
        self.open()
        return self._may_drop()

    def say_alarm(self, words: str, detail: str) -> None:
        """Say over the form, which may cover the desk, what must not be missed there; nothing is no words."""
        self._alarm = words, detail
        if self.dialog is not None:
            self.dialog.alarm.say(words, detail)

    def know_running(self, digest: str, zone: ZoneInfo) -> None:
        """Take which file the engine runs, by its digest."""
        self._zone = zone
        self._use.know_running(digest, self.has_draft())

    @property
    def running_digest(self) -> str:
        """The digest of the file that the engine runs; empty where that is not known."""
        return self._use.running_digest

    def refused(self, act_id: str, reason: str) -> None:
        """Take it that the engine did not take the file."""
        self._use.refused(act_id, reason)

    def look(self) -> None:
        """Take what the threads did, and now and then ask whether the file is still the same."""
        for done in self._disk.drain():
            self._take(done)
        self._tester.look()
        aside = self.dialog is not None and self.dialog.isHidden()
        self._outside.mind_waiting(aside and self.has_draft())
        self._looks += 1
        if self._looks % WATCH_EVERY == 0:
            self._disk.submit("watch", self._means.keeper.digest)

    # -- what the operator wants ------------------------------------------------------------------

    def _connect(self, dialog: EditorDialog) -> None:
        for begun in (
            dialog.endpoint_wanted,
            dialog.new_wanted,
            dialog.duplicate_wanted,
            dialog.remove_wanted,
        ):
            begun.connect(self._forget_words)
        dialog.endpoint_wanted.connect(self._show_endpoint)
        dialog.new_wanted.connect(self._new)
        dialog.duplicate_wanted.connect(self._duplicate)
        dialog.remove_wanted.connect(self._remove)
        dialog.save_wanted.connect(self._save)
        dialog.undo_wanted.connect(self._take_back)
        dialog.versions_wanted.connect(self._differences.ask_for_versions)
        dialog.outside_wanted.connect(self._show_outside)
        dialog.form.test_wanted.connect(lambda section: self._test(section))
        dialog.form.identify_wanted.connect(lambda section: self._test(section, identify=True))
        dialog.form.cancel_wanted.connect(self._tester.cancel)
        dialog.form.section_gone.connect(self._tester.drop)

    def _forget_words(self) -> None:
        """What was said of one endpoint is not to stand under another."""
        self._say(self._duty.why_not(Permission.EDIT_SITE))

    def _read(self) -> None:
        self._disk.submit("read", self._means.keeper.read)

    def _new(self) -> None:
        if self.dialog is not None and self.dialog.may_leave():
            self._begin_form(fresh_endpoint(self._means.form.probes[0].type), None, "A new endpoint")

    def _duplicate(self) -> None:
        table = self._shown.table(self._shown.selected)
        if self.dialog is not None and table is not None and self.dialog.may_leave():
            copied = duplicate_of(table, self._shown.ids())
            self._begin_form(
                copied, None, f"A copy of {table.get('name', '')}", after=self._shown.selected, edited=True
            )

    def _remove(self) -> None:
        table = self._shown.table(self._shown.selected)
        if self.dialog is None or self._shown.file is None or table is None or self._shown.shown_id is None:
            return
        uses = desk_work.uses(self._shown.file, self._shown.selected)
        needed = [use for use in uses if stands_in_the_way(use)]
        if needed:
            self._say("It cannot be removed while it is needed by: " + "; ".join(needed))
            return
        if self.dialog.asks_to_remove(str(table.get("name", "")), uses):
            self._write_without()

    def _write_without(self) -> None:
        if self._shown.base is not None:
            self._writer.save_without(self._shown.base, self._shown.selected, self.running_digest)

    def _save(self) -> None:
        if self.dialog is None or self._shown.base is None or not self._duty.may(Permission.EDIT_SITE):
            return
        if self._shown.shown_id is not None and not self.dialog.form.edited:
            self._say("Nothing was changed, so there is nothing to save.")
            return
        faults = self.dialog.form.faults()
        if faults:
            self._say(f"Not saved: {faults} {'field is' if faults == 1 else 'fields are'} not right yet.")
            self.dialog.form.go_to_fault()
            return
        self._write_endpoint(self.dialog.form.draft())

    def _write_endpoint(self, draft: EndpointDraft) -> None:
        if self._shown.base is not None:
            self._writer.save(self._shown.base, draft, self.running_digest)

    def _take_back(self) -> None:
        step = self._undo.newest
        if step is not None and self._duty.may(Permission.EDIT_SITE) and self._may_drop():
            self._writer.undo(step)

    def _may_drop(self) -> bool:
        """Ask before something that shows the form anew drops what was typed into it."""
        if self.dialog is None:
            return True
        may_drop = self.dialog.may_leave()
        if may_drop:
            self.dialog.form.edited = False
        return may_drop

    def _test(self, section: ProbeSection, identify: bool = False) -> None:
        if self.dialog is not None:
            begin = self._tester.identify if identify else self._tester.test
            begin(section, str(self.dialog.form.fields.values().get("address") or ""))

    def _show_outside(self) -> None:
        self._differences.ask_for_outside(self.running_digest)

    def _parent(self) -> QWidget:
        return self.dialog or self._window

    # -- what came of it --------------------------------------------------------------------------

    def _take(self, done: Done) -> None:
        self._writer.ended(done.job)
        if done.failure:
            self._fail(done)
        elif isinstance(done.result, SiteOnDisk):
            self._take_file(done.result)
        elif isinstance(done.result, Saved):
            self._take_saved(done.job, done.result)
        elif isinstance(done.result, Conflict):
            settle = partial(self._decide_conflict, found=done.result, job=done.job)
            self._differences.show_conflict(self._parent(), done.job, done.result, settle)
        elif isinstance(done.result, Differing):
            decide = partial(self._decide, found=done.result)
            self._differences.show(self._parent(), done.job, done.result, self.running_digest, decide)
        elif isinstance(done.result, KeptVersions):
            self._differences.show_versions(self._parent(), done.result, self._zone)
        elif isinstance(done.result, OutsideFile):
            self._outside.tell(done.result)
        elif done.job == "watch" and isinstance(done.result, str):
            self._watch(done.result)

    def _fail(self, done: Done) -> None:
        if done.job == "watch":
            return
        if done.job == "undo" and done.code == SITE_MISTAKES:
            # Nor is anything before it to be had: each step builds upon the one after it.
            self._undo.clear()
            self._say_undo()
            self._say(_NOT_UNDONE)
            return
        self._say(done.failure)
        if done.code != CHANGED_OUTSIDE:
            return
        step = self._undo.newest.now if self._undo.newest is not None else None
        if done.job == "undo" and step is not None:
            self._differences.ask_since(step.text)
        else:
            self._show_outside()

    def _take_file(self, file: SiteOnDisk) -> None:
        before, self._shown.file = self._shown.ids(), file
        if self.dialog is None:
            return
        if file.mistakes:
            self._say("The site file has mistakes: mend them with a text editor, or bring a version back.")
        tables = self._shown.tables()
        ids = [str(table.get("id", "")) for table in tables]
        if self.dialog.form.edited:
            # What is typed stays; saving it minds what became of the file since.
            self.dialog.show_list(tables, self._shown.shown_id or "")
            return
        if self._begin_new:
            self.dialog.show_list(tables, "")
            self._begin_new = False
            if self._duty.may(Permission.EDIT_SITE):
                self._begin_form(fresh_endpoint(self._means.form.probes[0].type), None, "A new endpoint")
            return
        if self._shown.selected not in ids:
            self._shown.selected = neighbour(before, ids, self._shown.selected) or (ids[0] if ids else "")
        self.dialog.show_list(tables, self._shown.selected)
        if self._shown.selected:
            self._show_endpoint(self._shown.selected)
        else:
            self.dialog.title.say("No endpoints yet. Ctrl+N adds the first.")

    def _take_saved(self, job: str, saved: Saved) -> None:
        if self.dialog is None:
            return
        if saved.now is None:
            self._show_mistakes(saved.mistakes)
            return
        said = _SAID.get(job, "{}").format(saved.title)
        if job == "undo":
            said = f"Undone: {self._undo.undone()}"
        else:
            self._undo.add(saved)
        self._say_undo()
        self._mind_typed(job, saved.endpoint_id or self._shown.selected, saved.now)
        self._take_file(saved.now)
        if job == "remove":
            # Not the button: what it would mean next is another endpoint.
            self.dialog.list.setFocus()
        self._use.begin(saved.now.digest, saved.what, said)

    def _say_undo(self) -> None:
        if self.dialog is not None:
            self.dialog.say_undo(self._undo.words)

    def _mind_typed(self, job: str, endpoint_id: str, now: SiteOnDisk) -> None:
        """Keep what was typed since the saving began; let the form show anew what it shows, else (rule 4)."""
        if self.dialog is None:
            return
        form, sent, self._writer.sent = self.dialog.form, self._writer.sent, None
        if job == "save" and sent is not None and form.draft() != sent:
            self._shown.file = self._shown.base = now
            self._shown.shown_id = self._shown.selected = endpoint_id
            table = self._shown.table(endpoint_id) or {}
            form.go_on(sent, table, endpoint_id)
            self.dialog.title.say(str(table.get("name", "")))
            self.dialog.say_new(False)
        elif (job == "save" and sent is not None) or job == "remove" or not form.edited:
            form.edited = False
            if job != "save" or sent is not None:
                self._shown.selected = endpoint_id

    def _show_mistakes(self, mistakes: tuple[Mistake, ...]) -> None:
        left = []
        if self.dialog is not None:
            left = self.dialog.form.show_mistakes(mistakes)
            self.dialog.form.go_to_fault()
        count = f"{len(mistakes)} {'mistake' if len(mistakes) == 1 else 'mistakes'}"
        self._say("\n".join([f"Not saved: {count}.", *left[:5]]))

    def _decide_conflict(self, answer: str, found: Conflict, job: str) -> None:
        if answer == THEIRS and self.dialog is not None:
            self.dialog.form.edited = False
            self._say("")
            self._take_file(found.file)
        elif answer == MINE and self.dialog is not None:
            self._shown.base = found.file
            if job == "remove":
                self._write_without()
                return
            draft = self.dialog.form.draft()
            self._write_endpoint(replace(draft, in_place_of=None, after=None) if found.gone else draft)

    def _decide(self, answer: str, found: Differing) -> None:
        if answer == LATER or not self._duty.may(Permission.EDIT_SITE):
            self._say(self._duty.why_not(Permission.EDIT_SITE))
        elif answer == USE:
            self._writer.note_outside(found)
            self._use.begin(found.digest, _USED, _USED)
            self._read()
        elif self._may_drop() and (text := found.brings) is not None:
            version = f"version {found.number}"
            said = ["Put back what runs", *([version] if found.number else [])]
            what = ", ".join(said) if answer == BACK else f"Brought back {version}"
            self._writer.bring(text, found, what)
            self.offers.close()

    def _watch(self, digest: str) -> None:
        """Compare the file on disk with the one that runs and the one saved here (``outside_notice.py``)."""
        if self._outside.watch(digest, *self._use.known):
            self._differences.ask_for_outside_file()

    def _mark_outside(self, outside: bool) -> None:
        if self.dialog is not None:
            self.dialog.outside.setVisible(outside)

    # -- the form ---------------------------------------------------------------------------------

    def _show_endpoint(self, endpoint_id: str) -> None:
        table = self._shown.table(endpoint_id)
        if table is not None:
            self._shown.selected = endpoint_id
            self._begin_form(table, endpoint_id, str(table.get("name", "")))

    def _begin_form(
        self,
        table: Tables,
        in_place_of: str | None,
        title: str,
        after: str | None = None,
        edited: bool = False,
    ) -> None:
        if self.dialog is None:
            return
        self._tester.drop()
        self._writer.sent = None
        self._shown.base, self._shown.shown_id = self._shown.file, in_place_of
        taken = [one for one in self._shown.ids() if one != in_place_of]
        self.dialog.title.say(title)
        self.dialog.say_new(in_place_of is None)
        self.dialog.form.show_endpoint(table, in_place_of=in_place_of, taken=taken, after=after)
        self.dialog.form.edited = edited
        self.dialog.typed_by = self._duty.now.shown() if edited else ""
        if in_place_of is None:
            self.dialog.list.setCurrentRow(-1)
            self.dialog.form.begin()

    def _take_back_words(self) -> None:
        """What was said of a saving says nothing of what is typed after it; whoever types is remembered."""
        if self.dialog is not None and self.dialog.form.edited:
            self.dialog.typed_by = self.dialog.typed_by or self._duty.now.shown()
        if self.dialog is not None and not self._writer.busy and self.dialog.form.edited:
            self._say("")

    def _say(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.say(words)

    def _mind_duty(self) -> None:
        if self.dialog is not None:
            self.dialog.say("")
            self.dialog.set_read_only(self._duty.why_not(Permission.EDIT_SITE))
        # What is open offers what whoever is on duty now may not do, or does not offer what they may.
        self.offers.close()
