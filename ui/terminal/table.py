"""The picture as text for a terminal: a head, the endpoints, the alarms. It reads no store.

Rules:
1. A condition is told by shape and word, and by colour only beside them.
2. What stands out is what is wrong: what is up has no colour.
3. Every figure has its age. While the engine is not alive every condition reads *stale*.
4. Text of the site or of an operator is data: never markup, never a control sequence.
5. An alarm that is hidden stands in no line of its own; how many are, one line says.
6. Where the height does not hold every endpoint, the worst are shown, in their usual places, and the
   last line says how many are not shown and how they are. Without a given height nothing is left out or cut.
7. Where the site is simulated the first line says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Group, OverflowMethod, RenderableType
from rich.table import Table
from rich.text import Text

from controlroom.alarms.alarm import Alarm
from controlroom.condition.answering import NOT_MEASURED_YET
from controlroom.condition.state import Condition
from controlroom.reading import Outcome, Reading
from controlroom.report import wording
from controlroom.report.escaping import printable
from controlroom.report.figures import age_text, clock_text, duration_text, local_text, value_text, zone
from controlroom.report.stray_words import stray_words, strays
from controlroom.report.unknown_words import UNKNOWN, unknown_lines
from controlroom.site.view import SeenMetric
from ui.terminal.alarm_line import badge, hidden_counts, told, whose
from ui.terminal.picture import SEVERITY, STALE, EndpointPicture, NewestReading, Picture, worst_first

WIDE = 110
"""From this many columns on, reason and figures have columns of their own."""

_SHAPES = {
    Condition.UP.value: ("●", ""),
    Condition.DEGRADED.value: ("▲", "bold yellow"),
    Condition.DOWN.value: ("■", "bold white on red"),
    Condition.UNKNOWN.value: ("?", "bold magenta"),
    Condition.UNREACHABLE.value: ("□", "bold magenta"),
    Condition.MAINTENANCE.value: ("◇", "cyan"),
    STALE: ("~", "bold magenta"),
}

_MOST_ALARMS = 5
_MOST_FIGURES = 3
_MOST_UNKNOWN = 2


def render(picture: Picture, *, width: int, height: int | None = None, by_trouble: bool = False) -> Group:
    """Lay the picture out for so many columns and, where ``height`` is given, so many lines."""
    head = [*_simulated_line(picture), _site_line(picture, width), *_engine_lines(picture)]
    whole = height is None
    alarms = [Text(), *_alarm_lines(picture, width, whole=whole)]
    column_heads = 1
    room = None if height is None else max(1, height - len(head) - column_heads - len(alarms))
    shown = _shown(picture, room, by_trouble=by_trouble)
    parts: list[RenderableType] = [*head, _endpoint_table(picture, shown, width, whole=whole)]
    left_out = _left_out(picture, shown)
    if left_out is not None:
        parts.append(left_out)
    return Group(*parts, *alarms)


def _line(text: str, style: str = "") -> Text:
    """One line that never becomes two, so that the height can be reckoned with."""
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def _simulated_line(picture: Picture) -> list[Text]:
    if not picture.view.simulated:
        return []
    return [_line(" SIMULATED: nothing below is real, every reading is invented ", "bold reverse")]


def _site_line(picture: Picture, width: int) -> Text:
    counts = Counter(seen.condition for seen in picture.endpoints)
    order = sorted(counts, key=SEVERITY.__getitem__)
    summary = ", ".join(f"{counts[condition]} {_word(condition)}" for condition in order)
    zone_name = picture.view.time_zone
    clock = local_text(picture.at_utc_s, zone_name)
    if width < WIDE:
        clock = f"{clock_text(picture.at_utc_s, zone_name)} {zone(zone_name)[1]}"
    total = len(picture.endpoints)
    line = _line(f"{clock} · ")
    line.append(printable(picture.view.name, 60) or "No site yet", style="bold")
    line.append(f" · {total} endpoint{'' if total == 1 else 's'}{f': {summary}' if summary else ''}")
    return line


def _engine_lines(picture: Picture) -> list[Text]:
    engine = picture.engine
    blind = "never blind in 24 h"
    if picture.blind_spans:
        blind = f"blind {duration_text(picture.blind_s)} in 24 h"
    if engine.alive and engine.heartbeat is not None:
        age_s = max(0.0, engine.heartbeat_age_s or 0.0)
        failing = int(engine.heartbeat.health.get("names_failing", 0))
        names = f" · {failing} name{'' if failing == 1 else 's'} not resolved" if failing else ""
        said = f"Monitoring runs (process {engine.pid}), heartbeat {age_s:.1f} s ago · {blind}{names}"
        return [_line(said), *_odd_reply_lines(engine.heartbeat.health, picture)]
    if engine.starting:
        told = (
            "nothing was measured yet" if engine.heartbeat is None else "all is stale until it has measured"
        )
        after = "Nothing was ever measured here." if engine.heartbeat is None else blind
        return [_line(f" Monitoring starts: {told} ", style="bold reverse"), _line(after)]
    if engine.heartbeat is None:
        said, blind = "MONITORING IS NOT RUNNING for this data folder", "Nothing was ever measured here."
    elif engine.pid is None:
        said = f"MONITORING IS NOT RUNNING since {_when(engine.heartbeat.at_utc_s, picture)}: all is stale"
    else:
        age = age_text(engine.heartbeat.at_utc_s, picture.at_utc_s)
        said = f"MONITORING STANDS STILL (process {engine.pid}), heartbeat {age}: all is stale"
    return [_line(f" {said} ", style="bold white on red"), _line(blind)]


def _odd_reply_lines(health: Mapping[str, float], picture: Picture) -> list[Text]:
    """Tell of replies that were not as they should be, and of the endpoint that has most of them."""
    said = stray_words(strays(health))
    if not said:
        return []
    each = [(sum(strays(health, seen.endpoint.id).values()), seen) for seen in picture.endpoints]
    most, worst = max(each, key=lambda pair: pair[0], default=(0, None))
    whose = f" · most: {printable(worst.endpoint.name, 60)}" if worst is not None and most else ""
    return [_line(f"Odd replies: {said}{whose}")]


def _when(at_utc_s: float, picture: Picture) -> str:
    """The time of day; with the date where that is not today's."""
    text = local_text(at_utc_s, picture.view.time_zone, with_zone=False)
    today = local_text(picture.at_utc_s, picture.view.time_zone, with_zone=False)
    return text[11:] if text[:10] == today[:10] else text


def _shown(picture: Picture, room: int | None, *, by_trouble: bool) -> list[EndpointPicture]:
    endpoints = list(picture.endpoints)
    if room is not None and len(endpoints) > room:
        worst = {seen.endpoint.id for seen in worst_first(endpoints)[: max(1, room - 1)]}
        endpoints = [seen for seen in endpoints if seen.endpoint.id in worst]
    return worst_first(endpoints) if by_trouble else endpoints


def _left_out(picture: Picture, shown: Sequence[EndpointPicture]) -> Text | None:
    ids = {seen.endpoint.id for seen in shown}
    counts = Counter(seen.condition for seen in picture.endpoints if seen.endpoint.id not in ids)
    if not counts:
        return None
    said = ", ".join(f"{count} {_word(condition)}" for condition, count in counts.items())
    return _line(f"… and {counts.total()} more: {said}", style="italic")


def _endpoint_table(picture: Picture, shown: Sequence[EndpointPicture], width: int, *, whole: bool) -> Table:
    wide = width >= WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), width=width, header_style="dim")
    table.add_column("Condition", no_wrap=True, min_width=13)
    overflow: OverflowMethod = "fold" if whole else "ellipsis"
    table.add_column("Endpoint", no_wrap=not whole, overflow=overflow, ratio=3)
    table.add_column("For", no_wrap=True, justify="right", min_width=9)
    if wide:
        table.add_column("Kind", no_wrap=True, overflow="ellipsis", ratio=2)
        table.add_column("Newest", no_wrap=not whole, overflow=overflow, ratio=4)
        table.add_column("Age", no_wrap=True, justify="right", min_width=9)
        table.add_column("Why", no_wrap=not whole, overflow=overflow, ratio=4)
    else:
        table.add_column("Newest, or why", no_wrap=not whole, overflow=overflow, ratio=4)
        table.add_column("Age", no_wrap=True, justify="right", min_width=7)
    for seen in shown:
        table.add_row(*_cells(seen, picture, wide=wide))
    return table


def _cells(seen: EndpointPicture, picture: Picture, *, wide: bool) -> list[Text]:
    shape, style = _SHAPES[seen.condition]
    lasted = ""
    if seen.state is not None and seen.condition != STALE:
        lasted = duration_text(picture.at_utc_s - seen.state.since_utc_s)
    figures, why = _figures(seen), _why(seen, picture)
    cells = [
        Text(f"{shape} {_word(seen.condition)}", style=style),
        Text(printable(seen.endpoint.name, 120)),
        Text(lasted),
    ]
    if wide:
        kind = wording.kind_words(seen.endpoint.kind)
        return [*cells, Text(kind, style="dim"), Text(figures), Text(_age(seen, picture)), Text(why)]
    told = why or figures
    if seen.condition == Condition.UP and why:
        told = f"{figures}, {why}"
    return [*cells, Text(told), Text(_age(seen, picture))]


def _word(condition: str) -> str:
    return STALE if condition == STALE else wording.condition_words(condition).removeprefix("in ")


def _why(seen: EndpointPicture, picture: Picture) -> str:
    """Why the condition is as it is, what it was before it went stale, and what is suspected."""
    state = seen.state
    if state is None:
        return wording.reason_words("not_measured_yet")
    parts = []
    if seen.condition == STALE:
        parts.append(f"last known: {wording.condition_words(state.condition)}")
    if state.reason not in ("", "none") and state.condition is not Condition.UP:
        parts.append(
            wording.reason_words(
                state.reason,
                seen.endpoint,
                name_of=lambda other: wording.subject_words(other, picture.view),
            )
        )
    if state.suspected is not None and state.suspected is not state.condition and seen.condition != STALE:
        parts.append(f"perhaps {wording.condition_words(state.suspected)}")
    return ", ".join(parts)


def _figures(seen: EndpointPicture) -> str:
    chief_first = sorted(seen.newest, key=lambda newest: not newest.stands)
    told = [_newest(newest) for newest in chief_first if newest.reading is not None]
    if not told:
        judged = seen.state is not None and seen.state.reason != NOT_MEASURED_YET
        return "none kept lately" if judged else "no reading yet"
    return "; ".join(told)


def _newest(newest: NewestReading) -> str:
    reading = newest.reading
    if reading is None:
        return ""
    name = printable(newest.probe.name, 20)
    if reading.outcome is not Outcome.REPLIED:
        return f"{name} {wording.outcome_words(reading.outcome)}"
    told = _told(newest, reading)[:_MOST_FIGURES]
    values = [_value(metric, value, newest) for metric, value in told]
    shown = {metric.name for metric, _ in told}
    others = {metric: why for metric, why in newest.unknown.items() if metric not in shown}
    lacks = unknown_lines(newest.probe, others, newest.told) if reading.beat else []
    more = len(lacks) - _MOST_UNKNOWN
    said = [*values, *lacks[:_MOST_UNKNOWN], *([f"and {more} more unknown"] if more > 0 else [])]
    return f"{name} {', '.join(said)}" if said else f"{name} replied"


def _told(newest: NewestReading, reading: Reading) -> list[tuple[SeenMetric, float | None]]:
    """Return the figures that are shown, each in its place; ``None`` for one that is unknown now.

    A re-probe asks for none; what the site does not know has no title.
    """
    if not reading.beat or not any(metric.name in reading.values for metric in newest.figures):
        judges = {metric.name for metric in newest.probe.metrics if metric.judges}
        known = {metric.name: metric for metric in newest.probe.metrics}
        return [
            (known.get(name) or SeenMetric(name=name, unit="", title=""), value)
            for name, value in reading.values.items()
            if name not in judges
        ]
    return [(metric, reading.values.get(metric.name)) for metric in newest.figures]


def _value(metric: SeenMetric, value: float | None, newest: NewestReading) -> str:
    if value is None and metric.name in newest.unknown:
        why = {metric.name: newest.unknown[metric.name]}
        return unknown_lines(newest.probe, why, newest.told | {metric.name})[0]
    text = UNKNOWN if value is None else printable(value_text(value, metric.unit, metric.meanings), 40)
    if metric.name == "rtt_s":
        return text
    return f"{printable(metric.title or metric.name, 30)}{':' if metric.meanings else ''} {text}"


def _age(seen: EndpointPicture, picture: Picture) -> str:
    """How old the newest figure is."""
    readings: list[Reading] = [newest.reading for newest in seen.newest if newest.reading is not None]
    if not readings:
        return ""
    return age_text(max(reading.sent_utc_s for reading in readings), picture.at_utc_s).removesuffix(" ago")


def _alarm_lines(picture: Picture, width: int, *, whole: bool) -> list[Text]:
    shown = picture.alarms if whole else picture.alarms[:_MOST_ALARMS]
    lines = [_alarm_line(alarm, picture, width, whole=whole) for alarm in shown] or [_line("No alarms.")]
    more = len(picture.alarms) - len(shown)
    if more:
        lines.append(_line(f"… and {more} more alarm{'' if more == 1 else 's'}", style="italic"))
    hidden = hidden_counts(picture.hidden_alarms)
    return [*lines, _line(f"Not shown: {hidden}.", style="italic")] if hidden else lines


def _alarm_line(alarm: Alarm, picture: Picture, width: int, *, whole: bool) -> Text:
    line = Text(overflow="fold") if whole else _line("")
    line.append(*badge(alarm))
    line.append(f" {told(alarm, picture.view, picture.at_utc_s)}")
    who = whose(alarm, picture.at_utc_s)
    if who and width >= WIDE:
        line.append(f", {who}")
    return line
