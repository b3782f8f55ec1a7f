"""The status of everything, once: a table for people, or JSON for programs.

The JSON, whose keys stay:

    {"at", "site", "simulated", "well",
     "engine": {"alive", "pid", "heartbeat_at", "heartbeat_age_s", "health": {…}},
     "blind_24h": {"seconds", "spans"},
     "endpoints": [{"id", "name", "kind", "condition", "last_condition", "since", "reason", "suspected",
                    "newest": [{"probe", "at", "age_s", "outcome", "reason",
                                "values": [{"metric", "value", "unit"}],
                                "unknown": [{"metric", "why"}]}]}],
     "alarms": [ALARM], "hidden_alarms": [ALARM]}

An ALARM has the keys that ``alarm_json.py`` tells. ``hidden_alarms`` are those that are shelved, suppressed
or out of service: who watches ``alarms`` is called by none of them. ``well`` leaves them out too, but not
the conditions of their endpoints: while one is down, or anything but up, not all is well.
``unknown`` is what the newest answer on the beat did not tell, and what came in its place.
``condition`` is ``stale`` while the engine is not alive; ``last_condition`` is what was known last.
Times are ISO 8601 in UTC; what is not known is ``null``.
"""

from __future__ import annotations

import json as json_format
import math
import os
from typing import TextIO

from rich.console import Console

from controlroom.report.escaping import printable
from controlroom.report.figures import utc_text
from controlroom.store.interface import ReadStore
from ui.terminal.alarm_json import alarm_json, members_of
from ui.terminal.picture import EndpointPicture, NewestReading, Picture, take_picture
from ui.terminal.table import render

PLAIN_WIDTH = 140
"""How wide a table is printed where nobody's window bounds it."""

LEAST_WIDTH = 20
"""Whatever is asked for: in less no name can be read."""


def run_status(store: ReadStore, *, utc_s: float, json: bool, out: TextIO) -> int:
    """Print the status and return the exit code: 0 when all is well, 1 when anything is not."""
    picture = take_picture(store, utc_s)
    if json:
        out.write(json_format.dumps(as_json(picture), indent=1, allow_nan=False) + "\n")
    else:
        print_picture(picture, plain_console(out))
    return 0 if picture.well else 1


def plain_console(out: TextIO) -> Console:
    """A console that takes no text for markup, and colours only what is a terminal.

    It is as wide as its terminal or as ``COLUMNS`` says, and ``PLAIN_WIDTH`` where neither is there.
    """
    asked = os.environ.get("COLUMNS", "")
    width = None if out.isatty() else PLAIN_WIDTH
    if asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) > 0:
        width = max(LEAST_WIDTH, int(asked))
    return Console(file=out, width=width, markup=False, emoji=False, highlight=False, soft_wrap=False)


def print_picture(picture: Picture, console: Console, *, by_trouble: bool = False) -> None:
    """Print the whole picture, however long."""
    console.print(render(picture, width=console.width, by_trouble=by_trouble))


def as_json(picture: Picture) -> dict[str, object]:
    """The picture as JSON's own types; the keys are documented above."""
    engine = picture.engine
    beat = engine.heartbeat
    members = members_of(picture.hidden_alarms)
    return {
        "at": utc_text(picture.at_utc_s),
        "site": picture.view.name,
        "simulated": picture.view.simulated,
        "well": picture.well,
        "engine": {
            "alive": engine.alive,
            "pid": engine.pid,
            "heartbeat_at": None if beat is None else utc_text(beat.at_utc_s),
            "heartbeat_age_s": _number(engine.heartbeat_age_s),
            "health": {} if beat is None else {key: _number(value) for key, value in beat.health.items()},
        },
        "blind_24h": {"seconds": round(picture.blind_s, 3), "spans": picture.blind_spans},
        "endpoints": [_endpoint(seen, picture.at_utc_s) for seen in picture.endpoints],
        "alarms": [alarm_json(alarm, members.get(alarm.number, 0)) for alarm in picture.alarms],
        "hidden_alarms": [alarm_json(each, members.get(each.number, 0)) for each in picture.hidden_alarms],
    }


def _endpoint(seen: EndpointPicture, now_utc_s: float) -> dict[str, object]:
    state = seen.state
    return {
        "id": seen.endpoint.id,
        "name": seen.endpoint.name,
        "kind": seen.endpoint.kind.value,
        "condition": seen.condition,
        "last_condition": None if state is None else state.condition.value,
        "since": None if state is None else utc_text(state.since_utc_s),
        "reason": "not_measured_yet" if state is None else state.reason,
        "suspected": None if state is None or state.suspected is None else state.suspected.value,
        "newest": [_newest(newest, now_utc_s) for newest in seen.newest],
    }


def _newest(newest: NewestReading, now_utc_s: float) -> dict[str, object]:
    reading = newest.reading
    units = {metric.name: metric.unit for metric in newest.probe.metrics}
    return {
        "probe": newest.probe.name,
        "at": None if reading is None else utc_text(reading.sent_utc_s),
        "age_s": None if reading is None else round(now_utc_s - reading.sent_utc_s, 3),
        "outcome": None if reading is None else reading.outcome.value,
        "reason": None if reading is None else reading.reason.value,
        "values": [
            {"metric": metric, "value": _number(value), "unit": units.get(metric, "")}
            for metric, value in (reading.values.items() if reading is not None else ())
        ],
        "unknown": [{"metric": metric, "why": printable(why)} for metric, why in newest.unknown.items()],
    }


def _number(value: float | None) -> float | None:
    """JSON has no infinity: what is no number is unknown."""
    return value if value is not None and math.isfinite(value) else None
