"""How long the desk's alarm list takes: 50 active alarms and 2,000 suppressed ones, looked at every second.

Measured in one process without a screen: sorting the alarms of a look, making the rows of each list, showing
them where nothing changed and where everything did, and painting. Beside it stands the same with every row
made and repainted anew each second, as a list without this care would.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QApplication

from controlroom.alarms.alarm import Alarm, AlarmState, Cause, Priority
from controlroom.site.view import SiteView
from tests.ui.desk.room import site_view
from ui.desk.alarm_list.face import Moment
from ui.desk.alarm_list.lists import AlarmLists, ListKind
from ui.desk.alarm_list.panel import AlarmPanel
from ui.desk.alarm_list.rows import AlarmRows
from ui.desk.pending import PendingActs
from ui.desk.picture import Picture
from ui.desk.snapshot import Snapshot
from ui.desk.theme import Theme, load_fonts

NOW_UTC_S = 1795356000.0
ACTIVE, SUPPRESSED, TURNS = 50, 2000, 60
LONDON = ZoneInfo("Europe/London")


def alarms_of(site: SiteView) -> Sequence[Alarm]:
    """Return the alarms: the first endpoint leads, most of the others are behind it."""
    subjects = [endpoint.id for endpoint in site.endpoints]
    fresh = Alarm(
        0,
        "",
        Cause.DOWN,
        "deadline",
        Priority.HIGH,
        AlarmState.UNACKNOWLEDGED,
        NOW_UTC_S - 60,
        NOW_UTC_S - 58,
    )
    alarms = [replace(fresh, number=n + 1, subject=subject) for n, subject in enumerate(subjects[:ACTIVE])]
    code = f"behind:{subjects[0]}"
    alarms += [
        replace(fresh, number=n + 1, subject=subject, suppressed_by=code, part_of=1)
        for n, subject in enumerate(subjects[ACTIVE : ACTIVE + SUPPRESSED], start=ACTIVE)
    ]
    return alarms


def timed(work: Callable[[int], object]) -> str:
    """Do something so often; return the median and the greatest time in milliseconds."""
    times = []
    for turn in range(TURNS):
        begun_s = time.perf_counter()
        work(turn)
        times.append((time.perf_counter() - begun_s) * 1000)
    return f"{statistics.median(times):6.2f} ms, at most {max(times):6.2f} ms"


def main() -> None:
    """Measure and print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["bench"])
    picture = Picture()
    site = site_view(endpoints=2200)
    alarms = alarms_of(site)
    picture.fold(Snapshot(0.0, None, site=site, alarms=alarms))
    panel = AlarmPanel(Theme("dark", load_fonts()))
    panel.resize(580, 480)
    panel.show()
    rows, lists = AlarmRows(), AlarmLists(alarms)
    whole = {incident.key for incident in lists.incidents}

    def moment(turn: int) -> Moment:
        return Moment(picture, PendingActs(), NOW_UTC_S + turn, LONDON)

    def show(kind: ListKind, keeper: Callable[[], AlarmRows]) -> Callable[[int], None]:
        def once(turn: int) -> None:
            panel.show_alarms(keeper().of(kind, lists, moment(turn), whole))
            application.processEvents()

        panel.tabs.choose(kind)
        once(0)
        return once

    told = [
        (f"{ACTIVE} active and {SUPPRESSED} suppressed alarms, {TURNS} seconds each; median and most:", ""),
        ("sorting a look's alarms       ", timed(lambda _turn: picture._take_alarms(alarms))),
        ("active list, each second      ", timed(show(ListKind.ACTIVE, lambda: rows))),
        ("suppressed, all rows, a second", timed(show(ListKind.SUPPRESSED, lambda: rows))),
        ("the same, every row made anew ", timed(show(ListKind.SUPPRESSED, AlarmRows))),
    ]
    sys.stdout.writelines(f"{what} {how}\n" for what, how in told)


if __name__ == "__main__":
    main()
