"""Exports the event log: asks where to, has it written away from the GUI thread, says what came of it.

The words stand in the log panel. A success goes away by itself, a failure stays until the next export.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from controlroom.report.escaping import printable
from ui.desk.log_list.panel import LogPanel
from ui.desk.worker import Worker

SUFFIX: Final = "csv"


class LogExport(QObject):
    """Exports for one log panel.

    ``file_name`` proposes a name, ``marked`` puts into a file's name what must stand there, ``write`` returns
    how many entries it wrote.
    """

    def __init__(
        self,
        panel: LogPanel,
        file_name: Callable[[], str],
        marked: Callable[[Path], Path],
        write: Callable[[Path], int],
    ) -> None:
        """Prepare the thread that writes."""
        super().__init__(panel)
        self._panel, self._file_name, self._marked, self._write = panel, file_name, marked, write
        self._clerk = Worker("desk-export")
        panel.export_wanted.connect(self.ask)

    def start(self) -> None:
        """Start the thread."""
        self._clerk.start()

    def end(self, patience_s: float) -> None:
        """End the thread; an export that has begun is finished if it can be in time."""
        self._clerk.end()
        self._clerk.join(patience_s)

    def ask(self) -> None:
        """Ask for the file; a name without a suffix gets one before it is asked whether to overwrite."""
        dialog = QFileDialog(self._panel.window(), "Export the event log", str(Path.home()))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(f"CSV (*.{SUFFIX})")
        dialog.setDefaultSuffix(SUFFIX)
        dialog.selectFile(self._marked(Path(self._file_name())).name)
        dialog.fileSelected.connect(lambda file: self.export(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export(self, file: Path) -> None:
        """Write the log to a file."""
        marked = self._marked(file)
        self._panel.say("Exporting the log…")
        self._clerk.submit(str(marked), lambda: self._write(marked))

    def drain(self) -> None:
        """Say what has ended meanwhile."""
        for done in self._clerk.drain():
            file = printable(done.job, 400)
            if done.failure:
                self._panel.say(f"Not exported to {file}: {done.failure}")
            else:
                entries = "1 entry" if done.result == 1 else f"{done.result} entries"
                self._panel.say(f"Exported {entries} to {file}", passing=True)
