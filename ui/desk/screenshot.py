"""Takes a picture of the desk without a screen, for documentation and tests. It writes nothing else.

Rules
1. The picture is taken once the store's data, the graph and all panels have been painted and two looks in a
   row are alike. What does not settle in time is taken as it is, and said.
2. It has exactly the size asked for, whatever the machine's own scale, and appears whole or not at all.
3. A desk that failed while it was painted gives no picture.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QMessageLogContext,
    QPoint,
    QSize,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFont, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QWidget

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.report.whole_file import write_whole_bytes
from controlroom.site.mistakes import nearest
from ui.desk.application import Desk
from ui.desk.garbage import GarbageKeeper
from ui.desk.liveness import Liveness
from ui.desk.parts import DeskParts
from ui.desk.python_guard import refuse_broken_binding
from ui.desk.shown_view import open_view, select
from ui.desk.views import VIEWS

SETTLES_WITHIN_S: Final = 15.0
"""A desk calls its figures stale after eight seconds without a heartbeat; the rest takes two or three."""
_LOOK_EVERY_S: Final = 0.25
_NO_SCREEN: Final = tuple(f"This plugin does not support {what}" for what in ("raise", "propagateSizeHints"))
_SMALL: Final = QSize(160, 90)
_ALIKE: Final = 0.5
"""How much two looks may differ, as the mean of all channels of 0 to 255: a clock's digit, no more."""
_ENVIRONMENT: Final = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1", "QT_FONT_DPI": "96"}


@dataclass(frozen=True, slots=True)
class Shot:
    """What is wanted: a view of ``VIEWS``, its size in pixels, the file, and what is to be shown.

    ``select`` is the id of an endpoint or of a service; empty leaves the choice to the desk.
    ``settle_s`` is waited at the end.
    """

    view: str
    width: int
    height: int
    output: Path
    select: str = ""
    settle_s: float = 1.0


def shot_of(chosen: argparse.Namespace) -> Shot:
    """Return what was typed."""
    width, height = chosen.size
    return Shot(chosen.view, width, height, chosen.output, chosen.select, chosen.settle_s)


def run_screenshot(parts: DeskParts, shot: Shot, err: TextIO) -> None:
    """Open a desk, take the picture and write it as PNG.

    Raise ``ControlroomError``: ``no-such-view``, ``no-such-endpoint``, ``size-too-small``,
    ``nothing-to-show``, ``desk-failed``, ``not-written``.
    """
    _refuse_unknown_view(shot.view)
    refuse_broken_binding()
    os.environ.update(_ENVIRONMENT)
    os.environ.pop("QT_SCREEN_SCALE_FACTORS", None)
    before = _tell_warnings(err)
    application = QApplication(["controlroom"])
    application.setStyle("Fusion")
    application.setCursorFlashTime(0)
    desk = Desk(parts)
    application.setFont(QFont(desk.theme.font()))
    application.setPalette(desk.theme.palette())
    _refuse_small_size(desk, shot)
    garbage = GarbageKeeper()
    stop_watching = desk.faults.watch()
    try:
        image = _take(desk, shot, err)
        if desk.faults.words():
            raise ControlroomError("desk-failed", f"The desk failed: {desk.faults.words()}.")
    finally:
        desk.conductor.end()
        desk.window.allow_closing()
        desk.window.close()
        garbage.end()
        stop_watching()
        qInstallMessageHandler(before)
    write_whole_bytes(shot.output, as_png(image))


def grab(desk: Desk, width: int, height: int) -> QImage:
    """Return the window as it is now, with its topmost dialog over it."""
    image = desk.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    over = dialogs(desk)
    if over:
        _paint_over(image, over[-1], desk)
    return image.copy(0, 0, width, height)


def dialogs(desk: Desk) -> list[QWidget]:
    """Return what stands open over the desk's window, the topmost last."""
    return [each for each in desk.window.findChildren(QWidget) if each.isWindow() and each.isVisible()]


def as_png(image: QImage) -> bytes:
    """Return the image as a PNG file's bytes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the format is text in Python, bytes in the stubs
    return bytes(buffer.data().data())


def unlikeness(one: QImage, other: QImage) -> float:
    """Return the mean difference of two images of one size, over all channels of 0 to 255."""
    return float(np.abs(_channels(one) - _channels(other)).mean())


def _take(desk: Desk, shot: Shot, err: TextIO) -> QImage:
    desk.window.alarms.flash.hold_still(True)
    desk.window.setGeometry(0, 0, shot.width, shot.height)
    desk.window.show()
    desk.conductor.start()
    until_s = time.monotonic() + SETTLES_WITHIN_S
    _wait(lambda: desk.conductor.picture.site is not None, until_s)
    site = desk.conductor.picture.site
    if site is None:
        raise ControlroomError("nothing-to-show", "The store holds nothing that could be shown.")
    select(desk, site, shot.select)
    settled = _wait(lambda: has_data(desk), until_s)
    open_view(desk, site, shot.view, shot.select)
    settled = _wait(lambda: desk.window.graph.settled, until_s) and settled
    _wait(lambda: False, time.monotonic() + shot.settle_s)
    desk.conductor.tick()
    settled = _wait_until_still(desk, shot, until_s + shot.settle_s) and settled
    if not settled:
        err.write("The desk has not come to rest; the picture shows it as it is.\n")
    return grab(desk, shot.width, shot.height)


def has_data(desk: Desk) -> bool:
    """Whether the first look at the store is shown, and whether it lives has been judged."""
    conductor = desk.conductor
    judged = conductor.liveness is not Liveness.STARTING
    seen = conductor.picture.heartbeat is not None and conductor.picture.site is not None
    listed = conductor.sign_in is None or conductor.sign_in.roster is not None
    return judged and seen and listed and bool(conductor.shown_endpoint() or not conductor.picture.endpoints)


def _refuse_small_size(desk: Desk, shot: Shot) -> None:
    least = desk.window.minimumSize()
    if shot.width < least.width() or shot.height < least.height():
        words = f"The desk needs at least {least.width()}x{least.height()} pixels."
        raise ControlroomError("size-too-small", words)


def _refuse_unknown_view(name: str) -> None:
    if name not in VIEWS:
        close = nearest(name, VIEWS)
        meant = f" Did you mean “{close}”?" if close else ""
        views = f"The views are {', '.join(VIEWS)}."
        raise ControlroomError("no-such-view", f"There is no view “{printable(name, 60)}”.{meant}", views)


def _wait_until_still(desk: Desk, shot: Shot, until_s: float) -> bool:
    """Look until two looks in a row are alike; tell whether they ever were."""
    before = _small(grab(desk, shot.width, shot.height))
    while time.monotonic() < until_s:
        _wait(lambda: False, time.monotonic() + _LOOK_EVERY_S)
        now = _small(grab(desk, shot.width, shot.height))
        if unlikeness(before, now) <= _ALIKE:
            return True
        before = now
    return False


def _wait(is_so: Callable[[], bool], until_s: float) -> bool:
    """Let the desk work until something is so, or the time is up; tell whether it is so."""
    while not is_so():
        if time.monotonic() >= until_s:
            return False
        QApplication.processEvents()
        time.sleep(0.01)
    QApplication.processEvents()
    return True


def _tell_warnings(err: TextIO) -> Callable[[QtMsgType, QMessageLogContext, str], None] | None:
    """Pass on what Qt complains of, but for what the platform without a screen always says."""

    def tell(_kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
        if not words.startswith(_NO_SCREEN):
            err.write(f"{printable(words, 400)}\n")

    return qInstallMessageHandler(tell)


def _paint_over(image: QImage, dialog: QWidget, desk: Desk) -> None:
    """Paint a dialog in the middle, with an edge in place of the frame that a window manager gives."""
    picture = dialog.grab()
    room = image.size() - picture.size()
    place = QPoint(max(0, room.width() // 2), max(0, room.height() // 2))
    painter = QPainter(image)
    painter.drawPixmap(place, picture)
    painter.setPen(QPen(desk.theme.colour("line.button"), 1))
    painter.drawRect(place.x() - 1, place.y() - 1, picture.width() + 1, picture.height() + 1)
    painter.end()


def _small(image: QImage) -> QImage:
    return image.scaled(
        _SMALL, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def _channels(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    """The red, green and blue of every pixel, row by row."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(np.int16)
