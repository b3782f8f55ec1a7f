"""What was learnt of one probe, as plain numbers that survive a restart. It knows no meaning of them.

Each thing that learns has a ``kind`` of its own, writes its numbers and reads them again; what it cannot read
it learns anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from controlroom.reading import ProbeKey

USUAL_SILENCE: Final = "usual_silence"
"""The kind of ``UsualSilence.kept``."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The numbers of one kind and probe; they take the place of those before."""

    probe: ProbeKey
    kind: str
    numbers: Mapping[str, object]
