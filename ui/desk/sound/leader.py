"""Leads the desk's sound: what the cues want goes to the station, and how it ended onto the screen.

1. Nothing here waits: tones and words are made in the station's thread, and a timer takes their ends.
2. Whether sound works is tried when the desk opens and again and again; while it does not, or while the last
   test was not heard, a band says so.
3. Volume and speech are each operator's own, and so is the test: a new operator has not tested.
4. An alarm is put into words once; its repetitions are tones. A lost heartbeat is said once a minute.
5. A repetition never ends a tone that plays: a player that hangs would be given its time over and over,
   and neither another player nor the band would ever come.
6. A message is told as delivered when a sound that began after it came has ended well (``notices/news.py``).
7. Silencing, muting and testing need no role: hearing is for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from controlroom.alarms.alarm import Alarm
from controlroom.logbook.act import ActKind
from ui.desk.duty import Duty
from ui.desk.liveness import Liveness
from ui.desk.notices.news import NO_SOUND, PLAYED, SPOKEN, News
from ui.desk.settings import DeskSettings
from ui.desk.sound.announcement import TEST_WORDS, announcement
from ui.desk.sound.cues import Cues, Due
from ui.desk.sound.dialog import SoundDialog
from ui.desk.sound.health import SoundHealth
from ui.desk.sound.station import SoundEnd, SoundMeans, SoundStation, SpeechFound
from ui.desk.sound.tones import USUAL_VOLUME
from ui.desk.sound.waiting import Cue
from ui.desk.theme import Theme
from ui.desk.window import DeskWindow

LOOK_EVERY_MS = 200
SPOKEN_AGAIN_S = 60.0
TOLD_FOR_S = 10.0
_NOTHING = "There is nothing to silence."
HEARD, NOT_HEARD = "heard", "not heard"
_CHECK, _ALARM, _TEST = "check", "alarm", "test"


@dataclass(frozen=True, slots=True)
class Situation:
    """What there is to be heard, and whether the monitoring lives.

    ``alarms`` are the open ones that nothing hides, ``None`` before the first look.
    """

    alarms: Sequence[Alarm] | None
    liveness: Liveness
    name_of: Callable[[str], str]
    simulated: bool


class SoundLeader(QObject):
    """Owns the cues, the station and the dialog of one desk."""

    def __init__(
        self,
        means: SoundMeans,
        theme: Theme,
        window: DeskWindow,
        duty: Duty,
        settings: DeskSettings,
        situation: Callable[[], Situation],
        act: Callable[[ActKind, str], None],
        monotonic_s: Callable[[], float],
        news: News,
    ) -> None:
        """``act`` puts the end of a test into the log; nothing sounds before ``start``."""
        super().__init__(window)
        self._theme, self._window, self._duty, self._settings = theme, window, duty, settings
        self._situation, self._act, self._monotonic_s = situation, act, monotonic_s
        self._station, self._news = SoundStation(means), news
        self._under_way: dict[str, tuple[tuple[int, ...], str]] = {}
        self._sounds = 0
        self.cues, self.health = Cues(), SoundHealth(unheard=settings.sound_unheard())
        self.dialog: SoundDialog | None = None
        self._speech_found: bool | None = None
        self._speech_trouble = ""
        self._tested = ""
        self._said: dict[object, float] = {}
        self._who = ""
        self._told, self._told_until_s = "", 0.0
        self._volume_percent, self._speech = USUAL_VOLUME, False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        window.silence_wanted.connect(self.silence)
        window.sound_wanted.connect(self.open)
        duty.changed.connect(self._mind_duty)
        self._mind_duty()

    def start(self) -> None:
        """Begin to listen to the desk, and try whether sound works."""
        self._station.start()
        self._timer.start()

    def end(self, wait_s: float) -> None:
        """End what sounds, and the thread, if it was started."""
        if not self._timer.isActive():
            return
        self._timer.stop()
        self._station.end(wait_s)

    def look(self) -> None:
        """Take how sounds ended, sound what is due, and show how things are."""
        now_s = self._monotonic_s()
        for end in self._station.drain():
            self._take(end, now_s)
        situation = self._situation()
        due = self.cues.look(situation.alarms, situation.liveness, now_s, self._news.was_told)
        if situation.alarms is not None:
            self._news.look(situation.alarms)
        if due is not None:
            if not (due.repeated and self._station.playing):
                self._sound(due, situation, now_s)
        elif not self._station.busy and self.health.due(now_s):
            self._station.check(_CHECK, self._volume_percent)
        self._show(now_s)

    def silence(self) -> None:
        """End what sounds; what is new sounds again."""
        now_s = self._monotonic_s()
        self._station.stop()
        self.cues.silence(now_s)
        held = self.cues.silenced_s(now_s) is not None
        self._told = "Silenced for 5 min; what is new sounds at once." if held else _NOTHING
        self._told_until_s = now_s + TOLD_FOR_S
        self._window.alarms.message.say(self._told, "text.muted")
        self._show(now_s)

    def open(self) -> None:
        """Show the dialog."""
        if self.dialog is None:
            dialog = self.dialog = SoundDialog(self._theme, self._window)
            dialog.volume_chosen.connect(self._choose_volume)
            dialog.speech_chosen.connect(self._choose_speech)
            dialog.mute_wanted.connect(self._mute)
            dialog.unmute_wanted.connect(self._unmute)
            dialog.test_wanted.connect(self._test)
            dialog.heard.connect(self._answer)
            dialog.finished.connect(self._closed)
            dialog.show_choices(self._volume_percent, self._speech, self._speech_found)
            dialog.show_question(False, self._tested or "Not tested in this shift.")
        self._show(self._monotonic_s())
        self.dialog.open()

    # -- what sounds, and how it ended ------------------------------------------------------------

    def _sound(self, due: Due, situation: Situation, now_s: float) -> None:
        name = situation.name_of(due.alarm.subject) if due.alarm is not None else ""
        told, words = self._news.pending if due.alarm is not None else (), ""
        if self._speaks(due, now_s):
            said = () if due.repeated else told
            words = announcement(
                due, name, simulated=situation.simulated, told=said, name_of=situation.name_of
            )
        self._sounds += 1
        job = f"{_ALARM} {self._sounds}"
        self._under_way[job] = (tuple(message.number for message in told), SPOKEN if words else PLAYED)
        self._station.sound(job, due.cue, self._volume_percent, words)

    def _speaks(self, due: Due, now_s: float) -> bool:
        """Whether this is to be put into words as well (rule 4)."""
        if not self._speech or self._speech_found is False:
            return False
        alarm = due.alarm
        about = (alarm.number, alarm.priority, alarm.occurrences) if alarm is not None else due.cue
        said_s = self._said.get(about)
        if said_s is not None and (alarm is not None or now_s - said_s < SPOKEN_AGAIN_S):
            return False
        kept = [one.number for one in self._situation().alarms or ()]
        self._said = {key: at for key, at in self._said.items() if isinstance(key, Cue) or _in(key, kept)}
        self._said[about] = now_s
        return True

    def _take(self, end: SoundEnd | SpeechFound, now_s: float) -> None:
        if isinstance(end, SpeechFound):
            self._speech_found = end.found
            self._show_choices()
            return
        if end.played or end.trouble:
            self.health.took(end.trouble, end.advice, now_s)
            self._speech_trouble = end.speech_trouble if end.played else self._speech_trouble
        if end.job == _TEST:
            self._tested_now(end)
        numbers, how = self._under_way.pop(end.job, ((), PLAYED))
        if end.played or end.trouble:
            how = PLAYED if end.speech_trouble else how
            self._news.ended(numbers, how, NO_SOUND if end.trouble else "", now_s)

    def _tested_now(self, end: SoundEnd) -> None:
        if end.trouble:
            self._act(ActKind.SOUND_TEST, NOT_HEARD)
        if self.dialog is not None:
            broken_off = (
                "Nothing was played." if end.trouble else "The test was broken off: an alarm sounded."
            )
            self.dialog.show_question(end.played, "" if end.played else broken_off)

    # -- what the operator wants ------------------------------------------------------------------

    def _test(self) -> None:
        words = TEST_WORDS if self._speech and self._speech_found else ""
        self._station.sound(_TEST, Cue.NEW_CRITICAL, self._volume_percent, words)
        if self.dialog is not None:
            self.dialog.show_question(False, "Playing…")

    def _answer(self, heard: bool) -> None:
        self._act(ActKind.SOUND_TEST, HEARD if heard else NOT_HEARD)
        self._tested = "Tested in this shift, heard." if heard else ""
        self.health.unheard = not heard
        self._settings.keep_sound_unheard(not heard)
        if self.dialog is not None:
            advice = "Not heard: turn the volume up, check loudspeaker and cable, then test again."
            self.dialog.show_question(False, self._tested or advice)
        self._show(self._monotonic_s())

    def _mute(self, length_s: float) -> None:
        self._station.stop()
        self.cues.mute(length_s, self._monotonic_s())
        self._show(self._monotonic_s())

    def _unmute(self) -> None:
        self.cues.unmute()
        self._show(self._monotonic_s())

    def _choose_volume(self, volume_percent: int) -> None:
        self._volume_percent = volume_percent
        self._keep()

    def _choose_speech(self, speech: bool) -> None:
        self._speech = speech
        self._keep()

    def _keep(self) -> None:
        self._settings.keep_sound(self._who, self._volume_percent, self._speech)
        self._show(self._monotonic_s())

    def _mind_duty(self) -> None:
        """Take the choices of whoever is on duty now (rule 3)."""
        who = self._duty.now.label()
        if who != self._who:
            self._who, self._tested = who, ""
            self._volume_percent, self._speech = self._settings.sound(who, USUAL_VOLUME)
            self._show_choices()
        self._show(self._monotonic_s())

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    # -- what is shown ----------------------------------------------------------------------------

    def _show_choices(self) -> None:
        if self.dialog is not None:
            self.dialog.show_choices(self._volume_percent, self._speech, self._speech_found)

    def _take_back_words(self, now_s: float) -> None:
        """What was said of silencing is not to stand beside alarms that came later."""
        if self._told and now_s >= self._told_until_s:
            if self._window.alarms.message.text() == self._told:
                self._window.alarms.message.say("", "text.muted")
            self._told = ""

    def _show(self, now_s: float) -> None:
        self._take_back_words(now_s)
        trouble, advice = self.health.band()
        headline = "NO SOUND: alarms can only be seen" if trouble else ""
        self._window.no_sound.say(headline, f"{trouble} {advice}".strip())
        mute = _left("Muted", self.cues.muted_s(now_s))
        silenced = _left("Silenced", self.cues.silenced_s(now_s))
        level = f"{self._volume_percent} %" if self.health.tried else "Not tried"
        value = "None" if trouble else mute or silenced or level
        state = trouble or ("Sound works." if self.health.tried else "Sound has not been tried yet.")
        tested = self._tested or "Not tested in this shift: F7."
        self._window.header.show_sound(value, f"{value}. {state} {tested}")
        if self.dialog is not None:
            speech = f" {self._speech_trouble}" if self._speech_trouble else ""
            told = f"{state} {self.health.advice}{speech}".strip()
            self.dialog.show_state(told, mute)


def _left(what: str, left_s: float | None) -> str:
    if left_s is None:
        return ""
    minutes, seconds = divmod(round(left_s), 60)
    return f"{what} {minutes}:{seconds:02}"


def _in(about: object, numbers: Sequence[int]) -> bool:
    return isinstance(about, tuple) and about[0] in numbers
