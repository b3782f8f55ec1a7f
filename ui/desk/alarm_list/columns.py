"""Where the parts of a row of alarms stand, for a width. Rows and heading share it; it paints nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics

from ui.desk.theme import Theme

_NARROW_EMS: Final = 29
"""Below this width the words need the room: times lose their seconds, and the age goes below the state."""


@dataclass(frozen=True, slots=True)
class AlarmColumns:
    """The columns of the list for a width, from the theme's text; shared by rows and heading."""

    symbol: QRectF
    raised: QRectF
    source: QRectF
    age: QRectF
    state: QRectF
    narrow: bool

    @classmethod
    def of(cls, box: QRectF, theme: Theme) -> AlarmColumns:
        """Lay the columns into a row."""
        metrics = QFontMetrics(theme.font())
        pad, gap = theme.em(0.5), theme.em(0.75)
        narrow = box.width() < theme.em(_NARROW_EMS)
        symbol = QRectF(box.left() + pad, box.top(), theme.em(1.1), box.height())
        raised = QRectF(
            symbol.right() + gap,
            box.top(),
            metrics.horizontalAdvance("00 Nov" if narrow else "00:00:00") + 2,
            box.height(),
        )
        state_width = metrics.horizontalAdvance("pending…") + gap
        state = QRectF(box.right() - pad - state_width, box.top(), state_width, box.height())
        age_width = 0 if narrow else metrics.horizontalAdvance("00 d 00 h") + gap / 2
        age = QRectF(state.left() - age_width, box.top(), max(0.0, age_width - gap / 2), box.height())
        left = raised.right() + gap
        source = QRectF(left, box.top(), age.left() - left - pad / 2, box.height())
        return cls(symbol, raised, source, age, state, narrow)


def without_seconds(raised: str) -> str:
    """Shorten ``14:30:16`` to ``14:30`` and ``21 Nov 14:30`` to ``21 Nov``."""
    return raised[:5] if raised[2:3] == ":" else raised.rsplit(" ", 1)[0]
