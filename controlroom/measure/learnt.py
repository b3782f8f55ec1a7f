"""What was learnt of a probe's link, as it is kept over a restart. It learns nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from controlroom.reading import ProbeKey

USUAL_SILENCE: Final = "usual_silence"
"""The subject of ``UsualSilence.kept``."""

USUAL_LINK: Final = "usual_link"
"""The subject of what ``ChangeDetector.kept`` returns, with what was asked."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """One thing learnt of one probe.

    ``subject`` says which: who learns it names it. ``text`` is for the learner alone, and a few kilobytes at
    most; whoever reads it back believes nothing of it unseen. It takes the place of the one before.
    """

    probe: ProbeKey
    subject: str
    text: str
