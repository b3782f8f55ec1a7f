"""Makes sounds in a thread of its own, one at a time. It decides no cue and touches no widget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.program import Wanted
from ui.desk.sound.waiting import Cue
from ui.desk.worker import Worker


class Player(Protocol):
    """What plays a file; raises ``SoundError`` where it cannot."""

    def play(self, file: Path, wanted: Wanted) -> bool:
        """Play to the end, or as long as it is wanted; whether it was played to the end."""


class Speech(Protocol):
    """What speaks words; raises ``SoundError`` where it cannot."""

    def found(self) -> bool:
        """Whether there is an engine at all."""

    def speak(self, words: str, volume_percent: int, wanted: Wanted) -> bool:
        """Speak to the end, or as long as it is wanted; whether it was spoken to the end."""


@dataclass(frozen=True, slots=True)
class SoundMeans:
    """What a desk makes sound with; nothing in it is tried before it is used."""

    player: Player
    speech: Speech
    folder: SoundFolder


@dataclass(frozen=True, slots=True)
class SoundEnd:
    """How a sound ended: played, broken off, or failed with the words for it; speech is told apart."""

    job: str
    played: bool
    trouble: str = ""
    advice: str = ""
    speech_trouble: str = ""


@dataclass(frozen=True, slots=True)
class SpeechFound:
    """Whether this machine has a speech engine."""

    found: bool


class SoundStation:
    """Plays what it is told; something new ends what is playing."""

    def __init__(self, means: SoundMeans) -> None:
        """Keep the means; nothing runs before ``start``."""
        self._means = means
        self._worker = Worker("desk-sound")
        self._turn = 0
        self._open = 0
        self._speaking = False

    @property
    def busy(self) -> bool:
        """Whether a sound is on its way."""
        return self._open > 0

    @property
    def playing(self) -> bool:
        """Whether a tone is on its way; words that are spoken after it do not count."""
        return self.busy and not self._speaking

    def start(self) -> None:
        """Begin to take sounds, and see whether there is speech."""
        self._worker.start()
        self._worker.submit("speech", lambda: SpeechFound(self._means.speech.found()))

    def sound(self, job: str, cue: Cue, volume_percent: int, words: str = "") -> None:
        """Play a tone, then speak the words if there are any; ``job`` names it in its end."""
        self.stop()
        turn = self._turn
        self._submit(job, lambda: self._sound(job, turn, cue, volume_percent, words))

    def check(self, job: str, volume_percent: int) -> None:
        """Make every tone ready, and play silence, to see whether a sound could be played.

        Only while nothing else is on its way.
        """
        turn = self._turn
        self._submit(job, lambda: self._play(job, turn, lambda: self._means.folder.ready(volume_percent)))

    def stop(self) -> None:
        """End what is playing, and drop what waits."""
        self._turn += 1

    def drain(self) -> list[SoundEnd | SpeechFound]:
        """Take the ends of all sounds since the last call."""
        ends: list[SoundEnd | SpeechFound] = []
        for done in self._worker.drain():
            if isinstance(done.result, SpeechFound):
                ends.append(done.result)
                continue
            self._open -= 1
            unforeseen = SoundEnd(done.job, played=False, trouble=done.failure)
            ends.append(done.result if isinstance(done.result, SoundEnd) else unforeseen)
        return ends

    def end(self, wait_s: float) -> None:
        """End what is playing, and the thread."""
        self.stop()
        self._worker.end()
        self._worker.join(wait_s)

    def _submit(self, job: str, work: Callable[[], SoundEnd]) -> None:
        self._open += 1
        self._worker.submit(job, work)

    def _sound(self, job: str, turn: int, cue: Cue, volume_percent: int, words: str) -> SoundEnd:
        end = self._play(job, turn, lambda: self._means.folder.tone(cue, volume_percent))
        if not end.played or not words:
            return end
        self._speaking = True
        try:
            self._means.speech.speak(words, volume_percent, self._wanted(turn))
        except SoundError as error:
            return replace(end, speech_trouble=str(error))
        finally:
            self._speaking = False
        return end

    def _play(self, job: str, turn: int, file: Callable[[], Path]) -> SoundEnd:
        wanted = self._wanted(turn)
        if not wanted():
            return SoundEnd(job, played=False)
        try:
            return SoundEnd(job, played=self._means.player.play(file(), wanted))
        except SoundError as error:
            return SoundEnd(job, played=False, trouble=error.happened, advice=error.advice)

    def _wanted(self, turn: int) -> Wanted:
        return lambda: turn == self._turn
