"""A band says all of it: what to do about a trouble stands at its end."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.desk.band import Band
from ui.desk.theme import Theme

HEADLINE = "NO SOUND: alarms can only be seen"
DETAIL = (
    "pw-play failed: Host is down (exit 1). paplay failed: Connection refused (exit 1). aplay failed: audio"
    " open error: No such file or directory (exit 1). Check the sound card, its cable and the sound server."
)


def shown(qtbot: QtBot, headline: str, detail: str) -> tuple[QWidget, Band]:
    """A window of the least common width, and the band at its top."""
    window, band = QWidget(), Band(Theme("dark", ""), "warning")
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(band)
    column.addStretch(1)
    qtbot.addWidget(window)
    window.resize(1280, 400)
    band.say(headline, detail)
    window.show()
    qtbot.wait(10)
    return window, band


def test_a_long_detail_goes_on_in_another_line(qtbot: QtBot) -> None:
    """With room for each of its lines, and the headline stands whole beside it."""
    _window, band = shown(qtbot, HEADLINE, DETAIL)
    line = band.detail.fontMetrics().lineSpacing()
    assert band.detail.height() >= band.detail.heightForWidth(band.detail.width()) > 1.5 * line
    assert band.height() > band.detail.height()
    assert band.headline.width() >= band.headline.fontMetrics().horizontalAdvance(HEADLINE)
    assert band.detail.mapTo(band, band.detail.rect().topRight()).x() < band.width()


def test_a_short_detail_takes_one_line_at_the_end(qtbot: QtBot) -> None:
    """As wide as it is and no wider."""
    _window, band = shown(qtbot, HEADLINE, "Check the cable.")
    assert band.detail.height() < 1.5 * band.detail.fontMetrics().lineSpacing() + 2
    assert band.detail.width() <= band.detail.fontMetrics().horizontalAdvance("Check the cable.") + 4


def test_a_long_headline_leaves_two_fifths_for_the_detail(qtbot: QtBot) -> None:
    """And has all of it where there is no detail."""
    long = "A headline that does not end. " * 12
    _window, band = shown(qtbot, long, DETAIL)
    assert band.detail.width() > 0.3 * band.width()
    _window, band = shown(qtbot, long, "")
    assert band.headline.width() > 0.9 * band.width()
