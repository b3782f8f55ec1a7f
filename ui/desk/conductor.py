"""Leads the desk: takes what the threads saw, folds it, and shows it; sends what the operator does.

1. Nothing here waits: no disk, no network, no lock that another thread holds for long.
2. One timer empties the queues five times a second; text and ages change once a second.
3. Unless the heartbeat is seen to move, everything is shown as stale.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from controlroom.alarms.alarm import ENGINE, Alarm
from controlroom.condition.state import Condition
from controlroom.logbook.act import Act, ActKind
from controlroom.logbook.entry import Entry, LogKind
from controlroom.reading import SeriesKey
from controlroom.report import wording
from ui.desk import time_text
from ui.desk.act_post import ActPost
from ui.desk.board.model import Group
from ui.desk.board.plan import Density
from ui.desk.close_dialog import CloseDialog, Closing
from ui.desk.engine_keeper import EngineKeeper
from ui.desk.faces import alarm_face, log_face, pending_note_face, tile_face
from ui.desk.faults import Faults
from ui.desk.graph.panel import Drawable
from ui.desk.liveness import HeartbeatWatch, Liveness
from ui.desk.parts import DeskParts
from ui.desk.pending import PendingActs, Refusal
from ui.desk.picture import Picture
from ui.desk.reader_thread import ReaderThread
from ui.desk.snapshot import History, ReadFailure, Recent, Request, Snapshot
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow
from ui.desk.worker import Worker

DRAIN_EVERY_MS = 200
TICK_EVERY_MS = 1000
DAY_S = 86400.0
_JOIN_S = 3.0


class Conductor(QObject):
    """Owns the desk's threads and what it knows."""

    finished = Signal()

    def __init__(self, parts: DeskParts, theme: Theme, window: DeskWindow, faults: Faults) -> None:
        """Tie the parts to the window; nothing runs before ``start``."""
        super().__init__()
        self._faults = faults
        self._parts, self._theme, self._window = parts, theme, window
        self._reader = ReaderThread(parts.open_store, parts.monotonic_s)
        self._post = ActPost(parts.open_inbox)
        self._keeper = EngineKeeper(parts.engine)
        self._clerk = Worker("desk-export")
        self._watch = HeartbeatWatch(parts.monotonic_s())
        self._pending = PendingActs()
        self.picture = Picture()
        self._zone = ZoneInfo("UTC")
        self._selected = ""
        self._chosen_by_hand = False
        self._ticket = 0
        self._store_trouble = ""
        self.liveness = Liveness.STARTING
        self._closing: CloseDialog | None = None
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
        window.alarms.alarm_chosen.connect(self._follow_alarm)
        window.alarms.alarm_led.connect(self._be_led)
        window.alarms.acknowledged.connect(self._acknowledge)
        window.log.noted.connect(self._note)
        window.log.filter_changed.connect(self._show_log)
        window.log.export_wanted.connect(self._ask_export)
        window.graph.wanted.connect(self._request)
        window.close_wanted.connect(self.ask_closing)
        window.painted.connect(window.graph.load_plot)

    def start(self) -> None:
        """Start the threads and the timers."""
        for thread in (self._reader, self._post, self._keeper, self._clerk):
            thread.start()
        self._window.notice.say(self._parts.notice)
        self._drain.start()
        self._tick.start()
        self.tick()

    def end(self) -> None:
        """End the threads; what was written is safe, what was being read is dropped."""
        self._drain.stop()
        self._tick.stop()
        self._reader.end()
        self._clerk.end()
        self._post.end(_JOIN_S)
        self._keeper.end(_JOIN_S)
        self._reader.join(_JOIN_S)
        self._clerk.join(_JOIN_S)

    def drain(self) -> None:
        """Take what the threads saw and did, and show what changed."""
        looked = False
        for event in self._reader.drain():
            if isinstance(event, Snapshot):
                self._take(event)
                looked = looked or event.states is not None or bool(event.answers)
            elif isinstance(event, History):
                if event.request.ticket == self._ticket:
                    self._window.graph.take(event)
            elif isinstance(event, Recent):
                self.picture.fold_recent(event)
            elif isinstance(event, ReadFailure):
                self._store_trouble = event.reason
        for done in self._post.drain():
            self._take_post(done.job, done.failure)
        for done in self._clerk.drain():
            failed = f"Not exported: {done.failure}"
            self._window.alarms.message.say(
                failed if done.failure else f"Log exported, {done.result} entries."
            )
        self._reader.watch_acts(self._pending.ids())
        before = self.liveness
        self._judge()
        if looked or before is not self.liveness:
            self.show()

    def tick(self) -> None:
        """Let the clock, the ages and the graph go on; what was seen meanwhile comes first."""
        self.drain()
        self._window.header.show_time(self._parts.utc_s(), self._zone)
        self.show()
        now_utc_s = self.picture.now_utc_s(self._parts.monotonic_s())
        if now_utc_s is not None:
            self._window.graph.tell_time(now_utc_s)
        self._window.graph.redraw()

    def choose(self, endpoint_id: str) -> None:
        """Follow the operator to an endpoint and to its alarm."""
        self._chosen_by_hand = True
        self.select(endpoint_id)
        self._window.alarms.choose_subject(endpoint_id)

    def select(self, endpoint_id: str) -> None:
        """Show everything about one endpoint."""
        endpoint = self.picture.endpoints.get(endpoint_id)
        if endpoint is None or endpoint_id == self._selected:
            return
        self._selected = endpoint_id
        self._window.board.choose(endpoint_id)
        choices = [Drawable(*choice) for choice in self.picture.series_of(endpoint_id)]
        self._window.graph.choose(endpoint.seen.name, choices)
        self._show_detail()
        self._show_log()

    def shown_endpoint(self) -> str:
        """Return the endpoint that graph and details are about; empty while there is none."""
        return self._selected

    def ask_closing(self) -> None:
        """Ask what closing the window is to mean."""
        if self._closing is None:
            self._closing = CloseDialog(self._theme, self._window)
            self._closing.decided.connect(self._close)
            self._closing.open()

    def show(self) -> None:
        """Show the picture as it is now."""
        now_monotonic_s = self._parts.monotonic_s()
        now_utc_s = self.picture.now_utc_s(now_monotonic_s)
        self._show_bands()
        if now_utc_s is None:
            return
        self._show_board(now_utc_s, now_monotonic_s)
        self._show_alarms(now_utc_s)
        self._show_header(now_utc_s)
        self._show_detail()
        self._show_log()

    def _take(self, snapshot: Snapshot) -> None:
        self._store_trouble = ""
        self._mind_stops(snapshot.entries)
        self._watch.observe(snapshot.heartbeat, snapshot.read_monotonic_s)
        self.picture.fold(snapshot)
        for refusal in self._pending.answered(snapshot.answers):
            self._say_refused(refusal)
        if snapshot.site is not None:
            self._take_site()
        self._window.graph.add(snapshot.readings)

    def _mind_stops(self, entries: Sequence[Entry]) -> None:
        """Leave stopped what an operator stopped at another desk while this one was open."""
        for entry in entries if self.picture.entries else ():
            if entry.kind is LogKind.ENGINE_STARTED:
                self._keeper.resting = False
            elif entry.kind is LogKind.ENGINE_STOPPED and entry.facts.get("cause") == "operator":
                self._keeper.resting = True

    def _take_site(self) -> None:
        site = self.picture.site
        if site is None:
            return
        self._zone = time_text.zone_of(site.time_zone)
        self._window.graph.zone = self._zone
        empty = "This site has no endpoints yet. Add them to the site file and start the engine again."
        self._window.say_no_endpoints("" if site.endpoints else empty)
        self._selected = self._selected if self._selected in self.picture.endpoints else ""

    def _take_post(self, job: str, failure: str) -> None:
        if job == Closing.STOP.value:
            self._stopped(failure)
        elif failure:
            refusal = self._pending.failed(job, failure)
            if refusal is not None:
                self._say_refused(refusal)

    def _say_refused(self, refusal: Refusal) -> None:
        what = "Acknowledgement" if refusal.act.kind is ActKind.ACKNOWLEDGE else "Note"
        self._window.alarms.message.say(
            f"{what} refused: {wording.answer_words(refusal.reason)}", "text.strong"
        )

    def _judge(self) -> None:
        """Judge the heartbeat on the desk's own clock, and have a dead engine started."""
        now_s = self._parts.monotonic_s()
        self.liveness = self._watch.liveness(now_s)
        heartbeat = self._watch.last
        abandoned = heartbeat is None or heartbeat.engine_pid is None
        self._keeper.keep(self.liveness, abandoned, now_s)

    def _show_bands(self) -> None:
        window, heartbeat = self._window, self.picture.heartbeat
        if self._faults.words():
            window.stopped.say(
                "THIS DESK HAS FAILED – figures below may be wrong",
                f"Close it and open it again; monitoring goes on. {self._faults.words()}",
            )
        elif self.liveness is Liveness.STOPPED:
            since = time_text.clock(heartbeat.at_utc_s, self._zone) if heartbeat is not None else ""
            old = f"figures below are from {since} and may be wrong" if since else "nothing is being measured"
            doing = self._keeper.words(self._parts.monotonic_s())
            window.stopped.say(f"MONITORING STOPPED – {old}", self._store_trouble or doing)
        else:
            window.stopped.say("")
        lost = self.picture.own_connection_alarm()
        window.warning.say(
            "This workstation has lost the network: endpoints cannot be judged" if lost is not None else "",
            "Check its own cable, switch port and address first." if lost is not None else "",
        )

    def _show_board(self, now_utc_s: float, now_monotonic_s: float) -> None:
        live = self.liveness is Liveness.LIVE
        groups, faces, ages = [], [], []
        for kind, members in self.picture.groups().items():
            mine = [tile_face(member, now_utc_s, now_monotonic_s, live) for member in members]
            abnormal = sum(face.attention for face in mine)
            groups.append(Group(wording.kind_words(kind, many=True), len(mine), abnormal))
            faces += mine
            ages += [age for member in members if (age := member.age_s(now_monotonic_s)) is not None]
        model = self._window.board_model
        placed = [group.size for group in model.groups]
        model.show(groups, faces)
        if [group.size for group in groups] != placed:
            self._window.share_height()
        if not self._selected and faces:
            self._select_first()
        self._window.board_panel.aside.say(self._board_words(ages, live))

    def _board_words(self, ages: Sequence[float], live: bool) -> str:
        if not ages:
            return ""
        if not live:
            return "all figures are stale"
        parts = [f"no figure older than {time_text.duration(max(1.0, *ages) + 0.5)}"]
        if self._window.board.density is Density.TILE:
            parts.append("loss over the last 5 min")
        elif self._window.board.density is Density.NARROW:
            parts.append("round trips in ms")
        return "     ".join(parts)

    def _select_first(self) -> None:
        subjects = (alarm.subject for alarm in self.picture.alarms if alarm.subject != ENGINE)
        first = next(subjects, None) or self._window.board_model.faces[0].endpoint_id
        self.select(first)

    def _show_alarms(self, now_utc_s: float) -> None:
        panel, alarms = self._window.alarms, self.picture.alarms
        panel.show_alarms(
            [alarm_face(alarm, self.picture, self._pending, now_utc_s, self._zone) for alarm in alarms]
        )
        new = sum(alarm.acknowledged_utc_s is None and alarm.active for alarm in alarms)
        returned = sum(not alarm.active for alarm in alarms)
        counts = [f"{new} new", f"{len(alarms) - new - returned} acknowledged", f"{returned} returned"]
        panel.aside.say("     ".join(counts) if alarms else "")
        panel.say_empty(self._no_alarms())
        self._window.header.show_counts(self.picture.unacknowledged())

    def _no_alarms(self) -> str:
        endpoints = self.picture.endpoints.values()
        if not endpoints:
            return "No alarms, for nothing is measured yet."
        if self.liveness is not Liveness.LIVE:
            return "No alarms are known, but nothing is being measured now."
        unmeasured = sum(
            endpoint.state is None or endpoint.state.condition is Condition.UNKNOWN for endpoint in endpoints
        )
        if unmeasured:
            return f"No alarms. {unmeasured} of {len(endpoints)} endpoints are not measured yet."
        return f"No alarms. All {len(endpoints)} endpoints measured."

    def _show_header(self, now_utc_s: float) -> None:
        header, heartbeat, site = self._window.header, self.picture.heartbeat, self.picture.site
        if site is not None:
            faces = self._window.board_model.faces
            abnormal = sum(face.attention for face in faces)
            known = f"{len(faces)} endpoints, {abnormal} abnormal"
            header.show_site(
                site.name, known if self.liveness is Liveness.LIVE else f"{len(faces)} endpoints"
            )
        beat = time_text.clock(heartbeat.at_utc_s, self._zone) if heartbeat is not None else ""
        header.show_monitoring(self.liveness, beat)
        header.blind.say(time_text.amount(self._blind_s(now_utc_s)))
        rate = sum(1 / probe.period_s for end in (site.endpoints if site else ()) for probe in end.probes)
        self._window.status.show_health(heartbeat, self._store_trouble, rate)

    def _blind_s(self, now_utc_s: float) -> float:
        """The blind time of the last day; while the engine is dead, its silence counts already."""
        blind_s = self.picture.blind_s(now_utc_s, DAY_S)
        if self.liveness is Liveness.STOPPED and self.picture.heartbeat is not None:
            blind_s += now_utc_s - self.picture.heartbeat.at_utc_s
        return min(blind_s, DAY_S)

    def _show_detail(self) -> None:
        now_utc_s = self.picture.now_utc_s(self._parts.monotonic_s())
        endpoint = self.picture.endpoints.get(self._selected)
        if endpoint is not None and now_utc_s is not None:
            live = self.liveness is Liveness.LIVE
            self._window.detail.show_endpoint(endpoint, now_utc_s, self._zone, live)

    def _show_log(self) -> None:
        now_utc_s = self.picture.now_utc_s(self._parts.monotonic_s())
        if now_utc_s is None:
            return
        panel, subject = self._window.log, self._selected if self._window.log.only_selected else None
        lines = [pending_note_face(act, self.picture, now_utc_s, self._zone) for act in self._pending.notes()]
        lines += [
            log_face(entry, self.picture, now_utc_s, self._zone)
            for entry in reversed(self.picture.entries)
            if subject is None or entry.subject == subject
        ]
        panel.show_lines(lines)
        panel.name_subject(self.picture.name_of(subject) if subject else "")

    def _follow_alarm(self, number: int) -> None:
        alarm = self._alarm(number)
        if alarm is not None and alarm.subject != ENGINE:
            self._chosen_by_hand = True
            self.select(alarm.subject)

    def _be_led(self, number: int) -> None:
        """Show the endpoint of the worst alarm, unless the operator is looking at one of their choice."""
        alarm = self._alarm(number)
        if alarm is not None and alarm.subject != ENGINE and not self._chosen_by_hand:
            self.select(alarm.subject)

    def _alarm(self, number: int) -> Alarm | None:
        return next((alarm for alarm in self.picture.alarms if alarm.number == number), None)

    def _acknowledge(self, number: int, note: str) -> None:
        alarm = self._alarm(number)
        if alarm is not None and not self._pending.acknowledging(number):
            self._send(ActKind.ACKNOWLEDGE, alarm.subject, number, note)

    def _note(self, words: str) -> None:
        subject = self._selected if self._window.log.only_selected and self._selected else ENGINE
        self._send(ActKind.NOTE, subject, None, words)

    def _send(self, kind: ActKind, subject: str, number: int | None, note: str) -> None:
        act = self._act(kind, subject, number, note)
        self._pending.add(act)
        self._reader.watch_acts(self._pending.ids())
        self._post.send(act)
        self._window.alarms.message.say("", "text.muted")
        self.show()

    def _act(self, kind: ActKind, subject: str, number: int | None, note: str) -> Act:
        return Act(
            id=str(uuid.uuid4()),
            kind=kind,
            at_utc_s=self._parts.utc_s(),
            operator=self._parts.operator,
            subject=subject,
            alarm_number=number,
            note=note,
        )

    def _request(self, series: SeriesKey, since_utc_s: float, until_utc_s: float) -> None:
        self._ticket += 1
        self._reader.ask(Request(self._ticket, series, since_utc_s, until_utc_s))

    def _ask_export(self) -> None:
        day = time_text.local(self._parts.utc_s(), self._zone)
        name = str(Path.home() / f"event-log-{day:%Y-%m-%d}.csv")
        path, _ = QFileDialog.getSaveFileName(self._window, "Export the event log", name, "CSV (*.csv)")
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Write the event log as CSV, away from the GUI thread."""
        self._window.alarms.message.say("Exporting the log…", "text.muted")
        self._clerk.submit("export", lambda: self._parts.export_log(path))

    def _close(self, closing: Closing) -> None:
        self._closing = None
        if closing is Closing.KEEP:
            self._window.close_now()
            self.finished.emit()
        elif closing is Closing.STOP:
            self._keeper.resting = True
            self._window.alarms.message.say("Stopping the monitoring…", "text.strong")
            act = self._act(ActKind.STOP, ENGINE, None, "")
            self._post.after(Closing.STOP.value, lambda: self._stop_engine(act))

    def _stop_engine(self, act: Act) -> None:
        """Write into the log who stops it, then end it. In the thread that writes acts."""
        if self._parts.engine.pid() is None:
            return
        self._post.put(act)
        self._parts.engine.stop()

    def _stopped(self, failure: str) -> None:
        if failure:
            self._keeper.resting = False
            self._window.alarms.message.say(f"Monitoring could not be stopped: {failure}", "text.strong")
            return
        self._window.close_now()
        self.finished.emit()
