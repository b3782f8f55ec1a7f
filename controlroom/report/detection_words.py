"""What changed on a link, in one sentence for people. It knows no link's name and judges nothing."""

from __future__ import annotations

from typing import Final

from controlroom.measure.detection import ChangeKind, ChangeSign, Detection
from controlroom.report.figures import duration_text, value_text

_WHAT: Final[dict[ChangeKind, tuple[str, str]]] = {
    ChangeKind.LATENCY_RISE: ("The round-trip time rose", "s"),
    ChangeKind.LATENCY_FALL: ("The round-trip time fell", "s"),
    ChangeKind.LOSS_RISE: ("The loss rose", "ratio"),
    ChangeKind.LOSS_FALL: ("The loss fell", "ratio"),
    ChangeKind.SPREAD_RISE: ("The round-trip time became less steady: its spread rose", "s"),
    ChangeKind.SPREAD_FALL: ("The round-trip time became steadier: its spread fell", "s"),
}


def detection_sentence(detection: Detection) -> str:
    """Say what changed from what to what, and how long before it was certain."""
    what, unit = _WHAT[detection.kind]
    before, after = value_text(detection.before, unit), value_text(detection.after, unit)
    if detection.sign is ChangeSign.CREEP:
        return f"{what} little by little, from usually {before} to {after}."
    ago = duration_text(detection.at_s - detection.began_at_s)
    return f"{what} from {before} to {after}; it began about {ago} before this was certain."
