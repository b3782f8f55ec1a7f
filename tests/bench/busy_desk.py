"""A desk that is never left alone, as load beside a measurement: ``python -m tests.bench.busy_desk DATA``.

A real desk on a real store, offscreen. Five times a second another endpoint is chosen, and every second
another range of the graph. Ends by SIGTERM.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from controlroom.store.folder import DataFolder
from controlroom.store.sqlite import open_read_store
from ui.desk.application import Desk
from ui.desk.parts import DeskParts
from ui.desk.still import NoEngine, NoInbox, no_export

_ANOTHER_ENDPOINT_MS = 200
_ANOTHER_RANGE_MS = 1000


def main() -> None:
    """Open the desk and keep it busy."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(["busy desk"])
    application.setStyle("Fusion")
    with tempfile.TemporaryDirectory() as place:
        desk = Desk(
            DeskParts(
                open_store=partial(open_read_store, DataFolder(Path(sys.argv[1]))),
                open_inbox=NoInbox,
                engine=NoEngine(),
                export_log=no_export,
                operator="bench",
                utc_s=time.time,
                monotonic_s=time.monotonic,
                settings_file=Path(place) / "desk.ini",
            )
        )
        application.setFont(QFont(desk.theme.font()))
        desk.open()
        desk.window.resize(1920, 1080)
        places = itertools.count()

        def choose_another() -> None:
            known = list(desk.conductor.picture.endpoints)
            if known:
                desk.conductor.select(known[next(places) % len(known)])

        choosing, ranging = QTimer(), QTimer()
        choosing.timeout.connect(choose_another)
        ranging.timeout.connect(lambda: desk.window.graph.cycle_range())
        choosing.start(_ANOTHER_ENDPOINT_MS)
        ranging.start(_ANOTHER_RANGE_MS)

        def end(*_: object) -> None:
            desk.window.close_now()
            application.exit()

        signal.signal(signal.SIGTERM, end)
        application.exec()
        desk.close()


if __name__ == "__main__":
    main()
