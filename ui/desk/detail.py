"""What to know about the selected endpoint: how it is, what to do, what is lost, whom to call, where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from controlroom.report import wording
from controlroom.report.escaping import printable
from ui.desk import empty, time_text
from ui.desk.faces import condition_title, probe_lines
from ui.desk.panel import Panel, Text
from ui.desk.picture import EndpointPicture
from ui.desk.route.part import RoutePart
from ui.desk.theme import Theme

NO_WORDS: Final[Mapping[str, str]] = MappingProxyType({})


class DetailPanel(Panel):
    """Shows the site's own words about an endpoint, as plain text; general advice where it has none.

    ``what_if_wanted`` asks for what would be if it failed.
    """

    what_if_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        """Build the panel with all its fields, of which the filled ones are shown."""
        super().__init__(theme, "Selected")
        self._fields: dict[str, tuple[Text, Text]] = {}
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, theme.em(0.3), 0)
        self._column.setSpacing(theme.em(0.1))
        self.route = RoutePart(theme)
        self.what_if = QPushButton("What if this fails?")
        self.what_if.setAccessibleDescription("Shows what it would take with it; nothing is changed.")
        self.what_if.clicked.connect(self.what_if_wanted)
        self.what_if.hide()
        for title in (
            "Now",
            "Quality",
            "Probes",
            "Odd replies",
            "What to do",
            "Lost while it fails",
            "Serves",
            "Call",
            "Where",
            "Address",
            "Five minutes",
            "Voice, estimated",
            "Figures of the graph",
            "Normal",
            "Worked",
        ):
            self._add(theme, title)
            if title == "What to do":
                self._column.addWidget(self.route)
            if title == "Serves":
                self._column.addWidget(self.what_if, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("What to know about the selected endpoint")
        for part in (area, area.viewport(), inside):
            part.setAutoFillBackground(False)
        self.body.addWidget(area, 1)
        self.may_edit = True
        self.title.elide = Qt.TextElideMode.ElideMiddle
        self.say_nothing("Waiting for the first readings.")

    def say_nothing(self, words: str) -> None:
        """Show no endpoint."""
        self.title.say("Selected")
        self.route.say("")
        self.what_if.hide()
        self._fill({"Now": words})

    def show_endpoint(
        self,
        endpoint: EndpointPicture,
        now_utc_s: float,
        zone: ZoneInfo,
        live: bool,
        odd_replies: str = "",
        worth: Mapping[str, str] = NO_WORDS,
        name_of: Callable[[str], str] = printable,
        advice: str = "",
    ) -> None:
        """Show an endpoint as it is now; ``odd_replies`` says which replies were not as they should be.

        ``worth`` says under which title what is known of its link's quality and of how long it worked;
        ``name_of`` names other endpoints; ``advice`` says what to do.
        """
        seen, state = endpoint.seen, endpoint.state
        self.title.say(seen.name)
        if not live:
            now = "Stale: monitoring is not running."
        elif state is None:
            now = "Not measured yet: the first reading comes within seconds."
        else:
            since = time_text.moment(state.since_utc_s, now_utc_s, zone)
            why = wording.reason_words(state.reason, seen, name_of=name_of)
            reason = "" if state.reason == "none" else f"\n{_sentence(why)}"
            now = f"{condition_title(state.condition)} since {since}{reason}"
        self.what_if.setVisible(bool(seen.serves))
        alarm = endpoint.alarm
        if alarm is not None and alarm.note:
            now += f"\n“{alarm.note}” {alarm.acknowledged_by}"
        self._fill(
            {
                "Now": now,
                "Probes": "\n".join(probe_lines(endpoint, now_utc_s)) if live else "",
                "Odd replies": _sentence(odd_replies) if live and odd_replies else "",
                "What to do": advice or empty.no_advice(self.may_edit),
                "Lost while it fails": seen.consequence,
                "Serves": ", ".join(seen.serves),
                "Call": seen.contact,
                "Where": seen.location,
                "Address": seen.address,
                **worth,
            }
        )

    def _add(self, theme: Theme, title: str) -> None:
        name = Text(theme, "text.dim", 0.92)
        name.say(title)
        words = Text(theme, "text.main", strong=title == "Now")
        words.setWordWrap(True)
        # One long word, such as an address of a page, must not widen the panel and cut off all the rest.
        words.setMinimumWidth(1)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setContentsMargins(0, 0, 0, theme.em(0.45))
        self._fields[title] = (name, words)
        self._column.addWidget(name)
        self._column.addWidget(words)

    def _fill(self, texts: dict[str, str]) -> None:
        for title, (name, words) in self._fields.items():
            text = texts.get(title, "")
            words.say(text)
            name.setVisible(bool(text) and title != "Now")
            words.setVisible(bool(text))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
