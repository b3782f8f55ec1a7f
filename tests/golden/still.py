"""A desk whose clocks stand still, on a room whose story is always the same: every picture of it is alike."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from controlroom.engine.roster_file import RosterFile
from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.engine.trial import TrialProcess
from controlroom.operators.role import Role
from controlroom.operators.roster import Operator, Roster
from controlroom.site.form import metrics_of, site_form
from controlroom.site.view import SiteView
from controlroom.store.folder import DataFolder
from controlroom.store.interface import Heartbeat
from controlroom.store.sqlite.reader import SqliteReadStore
from probes.registry import PROBE_TYPES
from tests.ui.desk.alarm_list.hidden import hide_alarms
from tests.ui.desk.room import LOSSY, Room, make_room
from tests.ui.desk.services.offer import give_services
from tests.ui.desk.sound.recorder import unheard_means
from ui.desk.alarm_list.lists import ListKind
from ui.desk.application import Desk
from ui.desk.duty import OnDuty
from ui.desk.liveness import Liveness
from ui.desk.parts import DeskParts
from ui.desk.screenshot import dialogs, grab, has_data
from ui.desk.site_editor.means import SiteEditing
from ui.desk.still import NoEngine, NoInbox, no_export
from ui.desk.views import VIEWS

WIDTH, HEIGHT = 1280, 720
SMALL = QSize(320, 180)
"""References are kept small: hinting of single letters disappears, panels, rows and colours do not."""
BLOCK = 20
FROZEN_S = 1000.0
_MOST_LOOKS = 40
_WITHOUT_DIALOG = ("desk", "tour", "alarms-shelved", "alarms-suppressed")
_NAME = "Eva Lindqvist"
_ROSTER = Roster(
    (
        Operator(_NAME, Role.CONFIGURE, "hash"),
        Operator("Ben Okoro", Role.ACT),
        Operator("Cem Aydın", Role.WATCH),
    )
)


class StillStore(SqliteReadStore):
    """A store whose engine is always the same process."""

    def heartbeat(self) -> Heartbeat | None:
        """Put that process in the place of this one, which holds the store."""
        heartbeat = super().heartbeat()
        return None if heartbeat is None else replace(heartbeat, engine_pid=4410)


@dataclass(slots=True)
class StillDesk:
    """A desk at one moment; only ``ahead_s`` moves its clock."""

    desk: Desk
    room: Room
    qtbot: QtBot
    ahead_s: float = 0.0

    def picture(self, view: str = "desk") -> QImage:
        """Open a view, take its small picture, and leave the view."""
        VIEWS[view](self.desk)
        taken = self._at_rest(dialog=view not in _WITHOUT_DIALOG)
        for dialog in dialogs(self.desk):
            dialog.close()
        self.desk.tour.leave()
        self.desk.window.alarms.tabs.choose(ListKind.ACTIVE)
        self.settle()
        smooth = Qt.TransformationMode.SmoothTransformation
        return taken.scaled(SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)

    def _at_rest(self, *, dialog: bool) -> QImage:
        """Look until two looks in a row are alike, with a dialog where one is expected."""
        before = QImage()
        for _ in range(_MOST_LOOKS):
            self.settle()
            now = grab(self.desk, WIDTH, HEIGHT)
            if now == before and bool(dialogs(self.desk)) == dialog:
                return now
            before = now
            self.qtbot.wait(250)
        raise AssertionError("The desk does not come to rest.")

    def settle(self) -> None:
        """Let everything be laid out and painted."""
        self.qtbot.wait(60)

    def lose_the_heartbeat(self) -> None:
        """Move the clock until the desk says that nothing is monitored and has tried what it may."""
        self.ahead_s = 10.0
        conductor = self.desk.conductor
        conductor.tick()
        self.qtbot.waitUntil(lambda: "only looked at" in self.desk.window.stopped.detail.text(), timeout=5000)
        conductor.tick()

    def close(self) -> None:
        """End the desk and its store."""
        self.desk.close()
        self.room.store.close()


def open_still_desk(qtbot: QtBot, folder: Path, theme: str) -> StillDesk:
    """Open a desk that has seen the heartbeat move once; from then on nothing changes."""
    room = make_room(folder, seconds=120)
    hide_alarms(room, members=4)
    give_services(room)
    RosterFile(folder).save(_ROSTER)
    (folder / "site.toml").write_text(_site_text(room.site))
    still: list[StillDesk] = []
    parts = DeskParts(
        open_store=lambda: StillStore(DataFolder(folder)),
        open_inbox=NoInbox,
        engine=NoEngine(),
        export_log=no_export,
        operator="e.lindqvist",
        utc_s=lambda: room.now_utc_s,
        monotonic_s=lambda: FROZEN_S + (still[0].ahead_s if still else 0.0),
        settings_file=folder / "desk.ini",
        theme=theme,
        site_editing=SiteEditing(
            keeper=FileSiteKeeper(folder / "site.toml", folder, PROBE_TYPES, lambda: room.now_utc_s),
            form=site_form(PROBE_TYPES),
            trials=TrialProcess([sys.executable, "-c", ""]),
            metrics_of=partial(metrics_of, PROBE_TYPES),
        ),
        roster=RosterFile(folder),
        sound=unheard_means(folder / "sounds"),
    )
    QApplication.setStyle("Fusion")
    QApplication.setCursorFlashTime(0)
    desk = Desk(parts)
    desk.window.alarms.flash.hold_still(True)
    QApplication.setFont(QFont(desk.theme.font()))
    QApplication.setPalette(desk.theme.palette())
    qtbot.addWidget(desk.window, before_close_func=lambda _window: desk.window.allow_closing())
    still.append(StillDesk(desk, room, qtbot))
    _let_it_settle(still[0])
    return still[0]


def _site_text(site: SiteView) -> str:
    """Write the room's site file with one endpoint that tells all that an endpoint can."""
    endpoint = next(one for one in site.endpoints if one.id == LOSSY)
    facts = ("id", "name", "kind", "address", "criticality", "location", "contact", "consequence")
    lines = [f"{fact} = {json.dumps(str(getattr(endpoint, fact)), ensure_ascii=False)}" for fact in facts]
    head = f'name = "{site.name}"\ntime_zone = "{site.time_zone}"\n[[endpoints]]\n'
    return head + "\n".join(lines) + '\n[[endpoints.probes]]\ntype = "icmp"\n'


def _let_it_settle(still: StillDesk) -> None:
    desk, qtbot = still.desk, still.qtbot
    desk.window.setGeometry(0, 0, WIDTH, HEIGHT)
    desk.window.show()
    desk.conductor.start()
    qtbot.waitUntil(lambda: desk.conductor.picture.heartbeat is not None, timeout=10_000)
    still.room.second()
    qtbot.waitUntil(lambda: desk.conductor.liveness is Liveness.LIVE and has_data(desk), timeout=10_000)
    assert desk.conductor.sign_in is not None
    sign_in = desk.conductor.sign_in
    qtbot.waitUntil(lambda: sign_in.roster is not None, timeout=5000)
    desk.conductor.duty.take_over(OnDuty("e.lindqvist", _NAME, Role.CONFIGURE))
    desk.conductor.choose(LOSSY)
    qtbot.waitUntil(lambda: desk.window.graph.settled, timeout=10_000)
    # The last minutes of every probe are read ahead, eight in each look: only then nothing changes any more.
    qtbot.waitUntil(lambda: not desk.conductor._reader._look.ahead, timeout=20_000)
    qtbot.wait(300)
    desk.conductor.tick()
    still.settle()


def worst_block(one: QImage, other: QImage) -> float:
    """The greatest mean difference, over all channels of 0 to 255, that any block of the picture has."""
    apart = np.abs(_channels(one) - _channels(other)).mean(axis=2)
    height, width = apart.shape
    blocks = apart.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).mean(axis=(1, 3))
    return float(blocks.max())


def _channels(image: QImage) -> npt.NDArray[np.float64]:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.float64)
