"""Opens the desk and keeps it open. It composes; what is shown and done stands elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from ui.desk.alarm_health.leader import AlarmHealthLeader, HealthMeans
from ui.desk.conductor import Conductor
from ui.desk.ending import Ending
from ui.desk.faults import Faults
from ui.desk.garbage import GarbageKeeper
from ui.desk.liveness import Liveness
from ui.desk.maintenance.leader import MaintenanceLeader
from ui.desk.notices.news import News
from ui.desk.notices.tray import Tray
from ui.desk.parts import DeskParts
from ui.desk.python_guard import refuse_broken_binding
from ui.desk.services.leader import ServiceLeader
from ui.desk.settings import DeskSettings
from ui.desk.sound.leader import Situation, SoundLeader
from ui.desk.theme import Theme, load_fonts
from ui.desk.tour.leader import Tour
from ui.desk.tour.steps import Target
from ui.desk.what_if.leader import WhatIfLeader
from ui.desk.window import DeskWindow

DEFAULT_THEME = "dark"
_JOIN_S = 3.0


class Desk:
    """One desk: its window, its theme and who leads it. ``run_desk`` opens one; tests do likewise."""

    def __init__(self, parts: DeskParts) -> None:
        """Build everything; nothing runs before ``open``. Needs a ``QApplication``."""
        self.settings = DeskSettings(parts.settings_file)
        self.theme = Theme(parts.theme or self.settings.theme(DEFAULT_THEME), load_fonts())
        self.window = DeskWindow(self.theme, parts.operator)
        self.window.setWindowTitle("Controlroom")
        self.faults = Faults()
        self.conductor = Conductor(parts, self.theme, self.window, self.faults)
        self.tour = Tour(self.window, self.theme, self.settings, self._monitored, _absent(parts))
        self._offers_tour = parts.offers_tour
        self.news = News(self.conductor.tell_delivered, audible=parts.sound is not None)
        self.conductor.messages_came.connect(self.news.take)
        self.tray = self._make_tray()
        self.sound = self._make_sound(parts)
        self.alarm_health = self._make_alarm_health(parts)
        self.maintenance = self._make_maintenance()
        self.what_if = WhatIfLeader(self.theme, self.window, self.conductor.picture)
        self.services = ServiceLeader(
            *(self.theme, self.window, self.conductor.picture, lambda: self.conductor.liveness),
            *(self.conductor.choose, lambda service_id: self.what_if.open(service_id=service_id)),
        )
        self.window.detail.what_if_wanted.connect(lambda: self.what_if.open(self.conductor.selected))
        self.theme.changed.connect(lambda: self.settings.keep_theme(self.theme.name))
        self.window.alarms.flash.hold_still(self.settings.reduced_motion())
        self.window.motion_wanted.connect(self._turn_motion)

    def open(self) -> None:
        """Show the window where it was last, or over the whole screen, and begin."""
        geometry = self.settings.geometry()
        if geometry is not None and self.window.restoreGeometry(geometry):
            self.window.show()
        else:
            self.window.setGeometry(self.window.screen().availableGeometry())
            self.window.showMaximized()
        self.conductor.start()
        self.tray.start()
        if self.sound is not None:
            self.sound.start()
        if self._offers_tour:
            self.tour.offer_at_first_start()

    def close(self) -> None:
        """End the threads and remember where the window was."""
        self.settings.keep_geometry(self.window.saveGeometry())
        self.conductor.end()
        self.tray.end()
        self.what_if.end()
        self.alarm_health.end(_JOIN_S)
        if self.sound is not None:
            self.sound.end(_JOIN_S)

    def _make_alarm_health(self, parts: DeskParts) -> AlarmHealthLeader:
        means = HealthMeans(parts.open_store, parts.utc_s, parts.monotonic_s)
        picture = self.conductor.picture
        return AlarmHealthLeader(means, self.theme, self.window, self.settings, lambda: picture.site)

    def _make_maintenance(self) -> MaintenanceLeader:
        conductor = self.conductor
        leader = MaintenanceLeader(
            *(self.theme, self.window, conductor.duty, conductor.picture),
            *(conductor.now_utc_s, lambda: conductor.selected, conductor.ask),
        )
        conductor.answered.connect(leader.answered)
        detail = conductor.alarms.detail
        detail.plans = True
        detail.maintenance_wanted.connect(self._plan_maintenance)
        return leader

    def _plan_maintenance(self, endpoint_id: str) -> None:
        """Go from the detail of an alarm to the planner, with the endpoint chosen."""
        detail = self.conductor.alarms.detail
        if detail.dialog is not None:
            detail.dialog.accept()
        self.conductor.choose(endpoint_id)
        self.maintenance.open(endpoint_id)

    def _turn_motion(self) -> None:
        """Let markers stand still, or flash again, and remember it."""
        reduced = not self.settings.reduced_motion()
        self.settings.keep_reduced_motion(reduced)
        self.window.alarms.flash.hold_still(reduced)
        self.window.alarms.explain(
            "Markers of new alarms stand still." if reduced else "Markers of new alarms flash."
        )

    def _make_tray(self) -> Tray:
        conductor, picture = self.conductor, self.conductor.picture
        tray = Tray(
            self.theme,
            self.window,
            lambda: (picture.unacknowledged(), conductor.liveness),
            picture.name_of,
            lambda: picture.site is not None and picture.site.simulated,
        )
        conductor.messages_came.connect(tray.take)
        return tray

    def _make_sound(self, parts: DeskParts) -> SoundLeader | None:
        if parts.sound is None:
            return None
        conductor, settings = self.conductor, self.settings
        return SoundLeader(
            *(parts.sound, self.theme, self.window, conductor.duty, settings),
            *(self._situation, conductor.put, parts.monotonic_s, self.news),
        )

    def _situation(self) -> Situation:
        picture = self.conductor.picture
        return Situation(
            alarms=None if picture.heartbeat is None else picture.lists.active,
            liveness=self.conductor.liveness,
            name_of=picture.name_of,
            simulated=picture.site is not None and picture.site.simulated,
        )

    def _monitored(self) -> bool:
        return self.conductor.liveness is Liveness.LIVE


def run_desk(parts: DeskParts, ending: Ending, arguments: Sequence[str] = ("controlroom",)) -> int:
    """Open the desk and return when it is closed; raise ``ControlroomError`` when Qt cannot serve.

    The system's asking to end closes the window without a question, and leaves the monitoring running.
    """
    refuse_broken_binding()
    application = QApplication(list(arguments))
    application.setApplicationName("Controlroom")
    application.setStyle("Fusion")
    desk = Desk(parts)
    application.setFont(QFont(desk.theme.font()))
    application.setPalette(desk.theme.palette())
    desk.theme.changed.connect(lambda: application.setPalette(desk.theme.palette()))
    garbage = GarbageKeeper()
    stop_watching = desk.faults.watch()
    desk.open()

    def end() -> None:
        desk.window.close_now()
        # Also where a question with a loop of its own stands open.
        application.exit()

    ending.heed(end)
    try:
        return application.exec()
    finally:
        desk.close()
        garbage.end()
        stop_watching()


def _absent(parts: DeskParts) -> list[Target]:
    """What the tour has nothing to say about at this desk."""
    here = {Target.FORM: parts.site_editing, Target.OPERATOR: parts.roster, Target.SOUND: parts.sound}
    return [target for target, means in here.items() if means is None]
