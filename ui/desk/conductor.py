"""Leads the desk: takes what the threads saw, folds it, has it shown; sends what the operator does.

1. Nothing here waits: no disk, no network, no lock that another thread holds for long.
2. One timer empties the queues five times a second; text and ages change once a second.
3. Unless the heartbeat is seen to move, everything is shown as stale.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from controlroom.alarms.alarm import ENGINE, Priority
from controlroom.logbook.act import Act, ActKind, Detail
from controlroom.logbook.entry import Entry, LogKind
from controlroom.operators.role import Permission
from controlroom.operators.roster import Roster
from controlroom.reading import SeriesKey
from controlroom.report import wording
from controlroom.report.simulation import marked_path
from controlroom.site.view import SeenEndpoint
from ui.desk import closer, empty, time_text
from ui.desk.act_post import ActPost
from ui.desk.alarm_list.face import Moment
from ui.desk.alarm_list.leader import AlarmLeader, AlarmMeans
from ui.desk.duty import Duty, OnDuty
from ui.desk.engine_keeper import EngineKeeper
from ui.desk.faults import Faults
from ui.desk.graph.panel import Drawable
from ui.desk.liveness import HeartbeatWatch, Liveness
from ui.desk.log_list.export import LogExport
from ui.desk.parts import DeskParts
from ui.desk.pending import PendingActs, Refusal
from ui.desk.picture import EndpointPicture, Picture
from ui.desk.presenter import Presenter, Sight
from ui.desk.reader_thread import ReaderThread
from ui.desk.route.leader import RouteLeader, RouteSight
from ui.desk.second_acknowledgement import second_words
from ui.desk.sign_in.leader import SignIn
from ui.desk.site_editor.leader import SiteEditor
from ui.desk.snapshot import (
    History,
    RangeTold,
    ReadFailure,
    Recent,
    Request,
    Routes,
    Snapshot,
    Worth,
)
from ui.desk.successor import renamed_to, successor
from ui.desk.theme import Theme
from ui.desk.urgent import urgent_words
from ui.desk.window import DeskWindow

DRAIN_EVERY_MS = 200
TICK_EVERY_MS = 1000
DAY_S = 86400.0
_JOIN_S = 3.0
_NOUNS = {ActKind.ACKNOWLEDGE: "Acknowledgement"}


class Conductor(QObject):
    """Owns the desk's threads and what it knows.

    ``answered`` comes with each act that the engine took, and with why it refused one, in words.
    """

    answered = Signal(object, str)

    messages_came = Signal(list)

    def __init__(self, parts: DeskParts, theme: Theme, window: DeskWindow, faults: Faults) -> None:
        """Tie the parts to the window; nothing runs before ``start``."""
        super().__init__()
        self._faults = faults
        self._parts, self._theme, self._window = parts, theme, window
        self._reader = ReaderThread(parts.open_store, parts.monotonic_s)
        self._post = ActPost(parts.open_inbox)
        self._keeper = EngineKeeper(parts.engine)
        self.log_export = LogExport(window.log, self._export_name, self._marked, parts.export_log)
        self._watch = HeartbeatWatch(parts.monotonic_s())
        self._pending = PendingActs()
        self.duty = Duty(OnDuty(parts.operator))
        self.picture = Picture()
        self.presenter = Presenter(window, self.picture, self._pending)
        self._zone = ZoneInfo("UTC")
        self._selected = ""
        self._worth: Worth | None = None
        self._range: RangeTold | None = None
        self._chosen_by_hand = False
        self._stands_in = False
        self._ticket = 0
        self._store_trouble = ""
        self.liveness = Liveness.STARTING
        self.site_editor = self._make_site_editor()
        self.sign_in = self._make_sign_in()
        self.closer = self._make_closer()
        self.route = RouteLeader(
            *(theme, window, self.duty),
            lambda endpoint_id: self._send(ActKind.TRACE, endpoint_id),
            self._pending.tracing,
        )
        self.alarms = AlarmLeader(
            *(theme, window, self.duty, self.picture, self._pending),
            AlarmMeans(self._send, self._follow, self._roster),
        )
        self.duty.changed.connect(self._mind_duty)
        self._drain = QTimer(self)
        self._drain.setInterval(DRAIN_EVERY_MS)
        self._drain.timeout.connect(self.drain)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_EVERY_MS)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self.tick)
        self._connect()

    def _connect(self) -> None:
        window = self._window
        window.board.endpoint_chosen.connect(self.choose)
        window.log.noted.connect(self._note)
        window.log.filter_changed.connect(self._show_log)
        window.graph.wanted.connect(self._request)
        window.painted.connect(window.graph.load_plot)

    def _make_closer(self) -> closer.Closer:
        return closer.Closer(
            self._window,
            self._theme,
            self.duty,
            self._parts.engine,
            self._keeper,
            self._post,
            lambda: self._act(ActKind.STOP, ENGINE, None, ""),
            self._is_simulated,
            self.sign_in,
            lambda: self.site_editor is None or self.site_editor.may_close(),
            asks=self._parts.asks_before_closing,
        )

    def _make_site_editor(self) -> SiteEditor | None:
        means = self._parts.site_editing
        if means is None:
            return None
        editor = SiteEditor(means, self._theme, self._window, self.duty, self._reload_site)
        editor.notice_changed.connect(self._window.site_notice.say)
        self._window.edit_wanted.connect(lambda: editor.open(self._selected))
        self._window.new_wanted.connect(lambda: editor.open(new=True))
        return editor

    def _roster(self) -> Roster | None:
        return None if self.sign_in is None else self.sign_in.roster

    def _make_sign_in(self) -> SignIn | None:
        if self._parts.roster is None:
            return None
        window = self._window
        sign_in = SignIn(
            self._parts.roster,
            self._theme,
            window,
            self.duty,
            self.put,
            self._parts.monotonic_s,
            window.alarms.message.say,
        )
        window.sign_in_wanted.connect(sign_in.open)
        return sign_in

    def _mind_duty(self) -> None:
        """Let every part show who is on duty and what they may do."""
        window, duty = self._window, self.duty
        window.header.show_operator(duty.now.shown(), duty.now.described(), duty.now.role)
        window.alarms.forbid(duty.why_not(Permission.ACKNOWLEDGE))
        window.log.forbid(duty.why_not(Permission.NOTE))
        window.forbid_adding(duty.why_not(Permission.EDIT_SITE))
        self._say_whether_empty()
        self.show()

    def start(self) -> None:
        """Start the threads and the timers."""
        for thread in (self._reader, self._post, self._keeper, self.log_export):
            thread.start()
        if self.site_editor is not None:
            self.site_editor.start()
        if self.sign_in is not None:
            self.sign_in.start()
        self._mind_duty()
        self._window.notice.say(self._parts.notice)
        self._drain.start()
        self._tick.start()
        self.tick()

    def end(self) -> None:
        """End the threads; what was written is safe, what was being read is dropped."""
        self._drain.stop()
        self._tick.stop()
        self._reader.end()
        if self.site_editor is not None:
            self.site_editor.end(_JOIN_S)
        if self.sign_in is not None:
            self.sign_in.end(_JOIN_S)
        self._post.end(_JOIN_S)
        self._keeper.end(_JOIN_S)
        self._reader.join(_JOIN_S)
        self.log_export.end(_JOIN_S)

    def drain(self) -> None:
        """Take what the threads saw and did, and show what changed."""
        looked = False
        for event in self._reader.drain():
            if isinstance(event, Snapshot):
                self._take(event)
                looked = looked or event.states is not None or bool(event.answers)
            else:
                self._take_read(event)
        for done in self._post.drain():
            self._take_post(done.job, done.failure)
        self.log_export.drain()
        self._reader.watch_acts(self._pending.ids())
        self._reader.watch_range(self._window.graph.shown_range)
        before = self.liveness
        self._judge()
        if looked or before is not self.liveness:
            self.show()

    def _take_read(self, event: History | Recent | Routes | Worth | RangeTold | ReadFailure) -> None:
        """Take what was read beside the looks."""
        if isinstance(event, History):
            if event.request.ticket == self._ticket:
                self._window.graph.take(event)
        elif isinstance(event, Recent):
            self.picture.fold_recent(event)
        elif isinstance(event, Routes):
            self.route.take(event)
        elif isinstance(event, Worth):
            self._worth = event
            if event.endpoint_id == self._selected:
                self._window.graph.set_marks(event.marks)
        elif isinstance(event, RangeTold):
            self._range = event
        else:
            self._store_trouble = event.reason

    def tick(self) -> None:
        """Let the clock, the ages and the graph go on; what was seen meanwhile comes first."""
        self.drain()
        self._window.header.show_time(self._parts.utc_s(), self._zone)
        self.show()
        if (now_utc_s := self._now_utc_s()) is not None:
            self._window.graph.tell_time(now_utc_s)
        self._window.graph.redraw()

    def choose(self, endpoint_id: str) -> None:
        """Follow the operator to an endpoint and to its alarm."""
        self._chosen_by_hand = True
        self.select(endpoint_id)
        self._window.alarms.choose_subject(endpoint_id)

    def select(self, endpoint_id: str, reason: str = "") -> None:
        """Show all about one endpoint; the graph begins with what ``reason`` or its condition is about."""
        endpoint = self.picture.endpoints.get(endpoint_id)
        if endpoint is None or endpoint_id == self._selected:
            return
        self._selected = endpoint_id
        self._reader.watch_routes(endpoint_id)
        self._window.board.choose(endpoint_id)
        first = _series_about(endpoint, reason)
        self._window.graph.choose(endpoint.seen.name, self._drawables(endpoint_id, first), first)
        self.presenter.show_detail(self._sight())
        self._show_route()
        self._show_log()

    def _drawables(self, endpoint_id: str, *kept: SeriesKey | None) -> list[Drawable]:
        return [Drawable(*choice) for choice in self.picture.series_of(endpoint_id, *kept)]

    def shown_endpoint(self) -> str:
        """Return the endpoint that graph and details are about; empty while there is none."""
        return self._selected

    def show(self) -> None:
        """Show the picture as it is now."""
        self.presenter.show(self._sight())
        self._show_route()
        if (now_utc_s := self._now_utc_s()) is not None and self.picture.site is not None:
            self.alarms.show(Moment(self.picture, self._pending, now_utc_s, self._zone), self.liveness)
        if self.site_editor is not None:
            new = self.picture.unacknowledged()[int(Priority.CRITICAL)]
            self.site_editor.say_alarm(*urgent_words(self.liveness, new))
        if not self._selected and (first := self.presenter.first_choice()):
            self.select(first)
        self._window.board.choose(self._selected)
        if self._stands_in:
            # Nobody chose it: from now on the worst alarm leads again.
            self._stands_in = self._chosen_by_hand = False

    def _show_route(self) -> None:
        now_s, now_utc_s, sight = self._parts.monotonic_s(), self._now_utc_s(), None
        if now_utc_s is not None:
            sight = RouteSight(now_utc_s, now_s, self._zone, self.liveness is Liveness.LIVE)
        self.route.show(self.picture.endpoints.get(self._selected), sight)

    def _now_utc_s(self) -> float | None:
        return self.picture.now_utc_s(self._parts.monotonic_s())

    def _sight(self) -> Sight:
        return Sight(
            now_monotonic_s=self._parts.monotonic_s(),
            liveness=self.liveness,
            zone=self._zone,
            selected=self._selected,
            store_trouble=self._store_trouble,
            engine_words=self._keeper.words(self._parts.monotonic_s()),
            desk_fault=self._faults.words(),
            worth=self._worth,
            told_range=self._told_range(),
        )

    def _told_range(self) -> RangeTold | None:
        """Return the figures of the range that is shown, and none of another."""
        told = self._range
        return told if told is not None and told.wish == self._window.graph.shown_range else None

    def _take(self, snapshot: Snapshot) -> None:
        self._store_trouble = ""
        self._mind_stops(snapshot.entries)
        self._watch.observe(snapshot.heartbeat, snapshot.read_monotonic_s)
        before = self.picture.site.endpoints if self.picture.site is not None else ()
        self.picture.fold(snapshot)
        for act in self._pending.accepted(snapshot.answers):
            self.answered.emit(act, "")
            if words := second_words(act, self.picture.lists.active, self.picture.name_of(act.subject)):
                self._window.alarms.message.say(words, "text.strong")
            self.alarms.took(act)
        for refusal in self._pending.answered(snapshot.answers):
            self._say_refused(refusal)
        if snapshot.site is not None:
            self._take_site(before)
        if snapshot.messages:
            self.messages_came.emit(list(snapshot.messages))
        self._window.graph.add(snapshot.readings)
        self._offer_what_is_told()

    def _offer_what_is_told(self) -> None:
        """Let the graph offer what the selected endpoint told for the first time."""
        endpoint, graph = self.picture.endpoints.get(self._selected), self._window.graph
        if endpoint is not None:
            offered = [key for key, _, _ in self.picture.series_of(self._selected, graph.drawn)]
            if offered != graph.offered:
                self._renew_graph(endpoint)

    def _mind_stops(self, entries: Sequence[Entry]) -> None:
        """Leave stopped what an operator stopped at another desk while this one was open."""
        for entry in entries if self.picture.entries else ():
            if entry.kind is LogKind.ENGINE_STARTED:
                self._keeper.resting = False
            elif entry.kind is LogKind.ENGINE_STOPPED and entry.facts.get("cause") == "operator":
                self._keeper.resting = True

    def _take_site(self, before: Sequence[SeenEndpoint]) -> None:
        site = self.picture.site
        if site is None:
            return
        if site.simulated:
            self._window.mark_simulated()
        self._zone = time_text.zone_of(site.time_zone)
        if self.site_editor is not None:
            self.site_editor.know_running(site.digest, self._zone)
        self._window.graph.zone = self._zone
        self._say_whether_empty()
        endpoint = self.picture.endpoints.get(self._selected)
        if endpoint is not None:
            self._renew_graph(endpoint)
        else:
            self._go_on_without(before, site.endpoints)

    def _renew_graph(self, endpoint: EndpointPicture) -> None:
        graph = self._window.graph
        graph.renew(endpoint.seen.name, self._drawables(self._selected, graph.drawn))

    def _go_on_without(self, before: Sequence[SeenEndpoint], after: Sequence[SeenEndpoint]) -> None:
        """Follow an endpoint to its new id, else look at its neighbour; unless an alarm leads anyway."""
        gone, self._selected = self._selected, ""
        itself = renamed_to(before, after, gone)
        self._stands_in = not itself
        leading = "" if self._chosen_by_hand else self.picture.worst_endpoint()
        self.select(itself or leading or successor(before, after, gone))
        if not self._selected:
            self._window.graph.clear(empty.graph(bool(after), self.duty.may(Permission.EDIT_SITE)))

    def _say_whether_empty(self) -> None:
        """Say in the place of the board that there is no endpoint, and who may add one."""
        site = self.picture.site
        if site is None:
            return
        may_edit = self.site_editor is not None
        why_not = self.duty.why_not(Permission.EDIT_SITE)
        none = empty.no_endpoints(why_not) if may_edit else empty.NO_ENDPOINTS_HERE
        self._window.say_no_endpoints("" if site.endpoints else none, may_add=may_edit)
        if not site.endpoints:
            self._window.graph.clear(empty.graph(False, not why_not))

    def _take_post(self, job: str, failure: str) -> None:
        if job == closer.JOB:
            self.closer.stopped(failure)
        elif failure:
            refusal = self._pending.failed(job, failure)
            if refusal is not None:
                self._say_refused(refusal)

    def _say_refused(self, refusal: Refusal) -> None:
        self.answered.emit(refusal.act, wording.answer_words(refusal.reason))
        if refusal.act.kind is ActKind.RELOAD and self.site_editor is not None:
            self.site_editor.refused(refusal.act.id, wording.answer_words(refusal.reason))
            return
        if refusal.act.kind is ActKind.TRACE:
            self.route.refused(refusal.act.subject, wording.answer_words(refusal.reason))
        what = _NOUNS.get(refusal.act.kind, wording.act_words(refusal.act.kind).capitalize())
        self.alarms.refused(refusal.act, f"{what} refused: {wording.answer_words(refusal.reason)}")

    def _judge(self) -> None:
        """Judge the heartbeat on the desk's own clock, and have a dead engine started."""
        now_s = self._parts.monotonic_s()
        self.liveness = self._watch.liveness(now_s)
        heartbeat = self._watch.last
        abandoned = heartbeat is None or heartbeat.engine_pid is None
        self._keeper.keep(self.liveness, abandoned, now_s)

    def _show_log(self) -> None:
        self.presenter.show_log(self._sight())

    def _follow(self, subject: str, reason: str, by_hand: bool) -> None:
        """Show the endpoint of an alarm: of the one gone to by hand, else of the one that leads."""
        if by_hand or not self._chosen_by_hand:
            self._chosen_by_hand = self._chosen_by_hand or by_hand
            self.select(subject, reason)

    def _note(self, words: str) -> None:
        subject = self._selected if self._window.log.only_selected and self._selected else ENGINE
        self._send(ActKind.NOTE, subject, note=words)

    def put(self, kind: ActKind, note: str, by: OnDuty | None = None) -> None:
        """Send an act about the room as a whole; ``by`` did it, where they are not on duty any more."""
        self._send(kind, ENGINE, note=note, by=by)

    def ask(self, kind: ActKind, subject: str, note: str, details: Mapping[str, Detail]) -> str:
        """Send an act with details; return its id, by which ``answered`` tells what came of it."""
        act = replace(self._act(kind, subject, None, note), details=details)
        self._put(act)
        return act.id

    def now_utc_s(self) -> float | None:
        """Return the time by the engine's heartbeat; ``None`` before the first."""
        return self.picture.now_utc_s(self._parts.monotonic_s())

    @property
    def selected(self) -> str:
        """The endpoint that is selected; empty before any is."""
        return self._selected

    def _send(
        self,
        kind: ActKind,
        subject: str,
        number: int | None = None,
        note: str = "",
        details: Mapping[str, Detail] = MappingProxyType({}),
        by: OnDuty | None = None,
    ) -> None:
        act = replace(self._act(kind, subject, number, note, by), details=dict(details))
        self._put(act)

    def _put(self, act: Act) -> None:
        self._pending.add(act)
        self._reader.watch_acts(self._pending.ids())
        self._post.send(act)
        self._window.alarms.message.say("", "text.muted")
        self.show()

    def tell_delivered(self, first: int, last: int, how: str, trouble: str) -> None:
        """Tell what became of messages at this desk; nobody waits for the answer."""
        details: dict[str, Detail] = {"first": first, "last": last, "how": how, "trouble": trouble}
        self._post.send(replace(self._act(ActKind.DELIVERED, ENGINE, None, ""), details=details))

    def _reload_site(self, note: str) -> str:
        act = self._act(ActKind.RELOAD, ENGINE, None, note)
        self._pending.add(act)
        self._reader.watch_acts(self._pending.ids())
        self._post.send(act)
        return act.id

    def _act(
        self, kind: ActKind, subject: str, number: int | None, note: str, by: OnDuty | None = None
    ) -> Act:
        who = by or self.duty.now
        return Act(
            id=str(uuid.uuid4()),
            kind=kind,
            at_utc_s=self._parts.utc_s(),
            operator=who.label(),
            subject=subject,
            alarm_number=number,
            note=note,
            role=who.role,
        )

    def _request(self, series: SeriesKey, since_utc_s: float, until_utc_s: float, points: int) -> None:
        self._ticket += 1
        self._reader.ask(Request(self._ticket, series, since_utc_s, until_utc_s, points))

    def _export_name(self) -> str:
        return f"event-log-{time_text.local(self._parts.utc_s(), self._zone):%Y-%m-%d}.csv"

    def _marked(self, path: Path) -> Path:
        return marked_path(path, simulated=self._is_simulated())

    def _is_simulated(self) -> bool:
        return self.picture.site is not None and self.picture.site.simulated


def _series_about(endpoint: EndpointPicture, reason: str) -> SeriesKey | None:
    """Return the series that a reason or else the endpoint's condition is about, or that stands for it."""
    chief = endpoint.chief_of(reason)
    return None if chief is None else SeriesKey(endpoint.seen.id, chief.probe.name, chief.metric.name)
