"""The lines of the log as they are shown now. A line is made once while site and day are the same."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from controlroom.logbook.entry import Entry
from controlroom.report.alarm_words import suppression_words
from controlroom.site.view import SiteView
from ui.desk import figures, time_text
from ui.desk.faces import LogFace, log_face
from ui.desk.log_list.folding import Fold
from ui.desk.picture import Picture

_MOST_KEPT: Final = 8000


class LogLines:
    """Makes the lines of a picture's log."""

    def __init__(self, picture: Picture) -> None:
        """Begin with none made."""
        self._picture = picture
        self._kept: dict[int, LogFace] = {}
        self._kept_for: tuple[SiteView | None, str, ZoneInfo | None] = (None, "", None)

    def of(self, subject: str | None, now_utc_s: float, zone: ZoneInfo) -> list[LogFace]:
        """Return the lines, newest first; of one subject every entry, else those of many as one."""
        kept_for = self._picture.site, time_text.day(now_utc_s, zone), zone
        known = self._kept_for
        if kept_for[0] is not known[0] or kept_for[1:] != known[1:] or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
            self._kept_for = kept_for
        if subject is not None:
            return [self._line(entry, now_utc_s, zone) for entry in self._picture.log.about(subject)]
        return [
            self._fold(each, now_utc_s, zone) if isinstance(each, Fold) else self._line(each, now_utc_s, zone)
            for each in self._picture.log.lines()
        ]

    def _line(self, entry: Entry, now_utc_s: float, zone: ZoneInfo) -> LogFace:
        face = self._kept.get(entry.number)
        if face is None:
            face = self._kept[entry.number] = log_face(entry, self._picture, now_utc_s, zone)
        return face

    def _fold(self, fold: Fold, now_utc_s: float, zone: ZoneInfo) -> LogFace:
        return LogFace(
            number=fold.number,
            subject="",
            at=time_text.moment(fold.at_utc_s, now_utc_s, zone),
            who="auto",
            text=fold_words(fold, self._picture.site),
            by_person=False,
        )


def fold_words(fold: Fold, site: SiteView | None) -> str:
    """Say what a cause did to many: ``312 endpoints unreachable behind Core router``."""
    count = figures.counted(len(fold.subjects), "endpoint")
    cause = suppression_words(fold.code, site).removesuffix(", which is down") if fold.code else ""
    if not fold.fell:
        return f"{count} back{f' that were {cause}' if cause else ''}."
    lost = "unreachable" if fold.code.startswith("behind:") else "lost,"
    return f"{count} {lost} {cause}."
