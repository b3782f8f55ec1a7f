"""Volume, speech, mute and test of the desk's sound. It makes no sound itself; it tells what is wanted."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from ui.desk.panel import Text
from ui.desk.sound.cues import MUTES_S
from ui.desk.sound.tones import LEAST_VOLUME, MOST_VOLUME
from ui.desk.theme import Theme
from ui.desk.tick_box import TickBox

_STEP = 10


class SoundDialog(QDialog):
    """What can be chosen, and the test with its question."""

    volume_chosen = Signal(int)
    speech_chosen = Signal(bool)
    mute_wanted = Signal(float)
    unmute_wanted = Signal()
    test_wanted = Signal()
    heard = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        """Build it; ``show_choices`` and ``show_state`` fill it."""
        super().__init__(parent)
        self.setWindowTitle("Sound")
        self._theme = theme
        self.state, self.volume_text = Text(theme, "text.strong"), Text(theme, "text.strong")
        self.test_state, self.mute_state = Text(theme, "text.muted"), Text(theme, "text.muted")
        for text in (self.state, self.test_state, self.mute_state):
            text.setWordWrap(True)
            text.setMinimumWidth(1)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setRange(LEAST_VOLUME, MOST_VOLUME)
        self.volume.setSingleStep(_STEP)
        self.volume.setPageStep(2 * _STEP)
        self.volume.setAccessibleName("Volume in per cent")
        self.speech = TickBox("Speak each new alarm after its tone")
        self.test, self.yes, self.no = QPushButton("Test"), QPushButton("Yes, heard"), QPushButton("No")
        self.test.setAccessibleName("Play the tone of a critical alarm")
        self.mutes = [QPushButton(f"{length_s / 60:.0f} min") for length_s in MUTES_S]
        self.unmute = QPushButton("End the mute")
        self._lay_out()
        self._connect()
        self.show_question(False)
        self.test.setFocus()

    def show_choices(self, volume_percent: int, speech: bool, speech_found: bool | None) -> None:
        """Show what is chosen; speech cannot be where no engine was found."""
        for widget in (self.volume, self.speech):
            widget.blockSignals(True)
        self.volume.setValue(volume_percent)
        self.volume_text.say(f"{volume_percent} %")
        self.speech.setChecked(speech)
        for widget in (self.volume, self.speech):
            widget.blockSignals(False)
        why = "" if speech_found is not False else "No speech engine was found: install espeak-ng."
        self.speech.setEnabled(not why)
        self.speech.setToolTip(why)
        self.speech.setText("Speak each new alarm after its tone" + (f". {why}" if why else ""))

    def show_state(self, state: str, mute: str) -> None:
        """Say whether sound works, and for how long it is muted, if it is."""
        self.state.say(state)
        self.mute_state.say(mute or "A mute ends by itself; a lost heartbeat is heard all the same.")
        self.unmute.setVisible(bool(mute))

    def show_question(self, asked: bool, words: str = "") -> None:
        """Ask whether the test was heard, or say something in the question's place."""
        self.test_state.say("Did you hear it?" if asked else words)
        # Enter presses what is marked: Test, and Yes while it is asked. Focus goes there before a button is
        # hidden, for Qt would hand it on to the next one.
        wanted, other = (self.yes, self.test) if asked else (self.test, self.yes)
        if asked:
            self._show_answers(True)
        had_focus = other.hasFocus() or self.no.hasFocus()
        wanted.setDefault(True)
        if asked or had_focus:
            wanted.setFocus()
        if not asked:
            self._show_answers(False)

    def _show_answers(self, shown: bool) -> None:
        for button in (self.yes, self.no):
            button.setVisible(shown)

    def _connect(self) -> None:
        self.volume.valueChanged.connect(lambda value: self.volume_text.say(f"{value} %"))
        self.volume.valueChanged.connect(self.volume_chosen)
        self.speech.toggled.connect(self.speech_chosen)
        for button, length_s in zip(self.mutes, MUTES_S, strict=True):
            button.clicked.connect(lambda _checked=False, length_s=length_s: self.mute_wanted.emit(length_s))
        self.unmute.clicked.connect(self.unmute_wanted)
        self.test.clicked.connect(self.test_wanted)
        self.yes.clicked.connect(lambda: self.heard.emit(True))
        self.no.clicked.connect(lambda: self.heard.emit(False))

    def _lay_out(self) -> None:
        theme = self._theme
        column = QVBoxLayout(self)
        margin = theme.em(1.4)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.em(0.7))
        heading = Text(theme, "text.strong", 1.2, strong=True)
        heading.say("Sound of this desk")
        column.addWidget(heading)
        column.addWidget(self.state)
        column.addLayout(self._row("Volume", self.volume, self.volume_text))
        column.addLayout(self._row("Speech", self.speech))
        column.addLayout(self._row("Test", self.test, self.test_state, self.yes, self.no))
        column.addLayout(self._row("Mute for", *self.mutes, self.unmute))
        column.addLayout(self._row("", self.mute_state))
        column.addStretch(1)
        close = QPushButton("Close  Esc")
        close.clicked.connect(self.reject)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumSize(theme.em(38), theme.em(20))

    def _row(self, title: str, *widgets: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.em(0.6))
        label = Text(self._theme, "text.muted")
        label.say(title)
        label.setFixedWidth(self._theme.em(5))
        row.addWidget(label)
        wide = (self.volume, self.test_state, self.mute_state, self.speech)
        for widget in widgets:
            row.addWidget(widget, 1 if widget in wide else 0)
        if not any(widget in wide for widget in widgets):
            row.addStretch(1)
        return row
