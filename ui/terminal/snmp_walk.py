"""All objects of a device as they come, a line each, or as JSON at the end. It asks nobody itself.

How it ended, and what is amiss with how it was asked, is said on standard error, so that the output is
objects alone; in JSON it is ``ended``: ``whole``, ``most`` (as many as wished for), ``interrupted`` or
``broken_off``. What a device says is escaped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TextIO

from controlroom.finding import Doubt
from controlroom.reading import Outcome, Reason
from controlroom.report.escaping import printable
from controlroom.report.wording import reason_advice, reason_words
from ui.terminal.snmp_silence import silence_words

Raw = int | float | str | bytes


class WalkEnd(Protocol):
    """How a walk ended: the outcome of its last message, with the reason and what was met."""

    @property
    def outcome(self) -> Outcome:
        """Whether the device answered to the end."""

    @property
    def reason(self) -> Reason:
        """Why it did not."""

    @property
    def text(self) -> str:
        """What was met."""


Walking = Callable[[Callable[[Mapping[str, Raw]], None]], WalkEnd]
"""Does the walk, and tells each part as it comes."""


def run_walk(
    walk: Walking,
    shown: Callable[[Raw], str],
    chosen: argparse.Namespace,
    *,
    out: TextIO,
    err: TextIO,
    doubts: Sequence[Doubt] = (),
) -> int:
    """Walk and print; return 0 where it went to its end or to ``chosen.most``, else 1.

    ``doubts`` are what is amiss with how it is asked; they are told on standard error at the end.
    """
    found: dict[str, Raw] = {}
    target, most, as_json = chosen.target, chosen.most, chosen.json

    def take(part: Mapping[str, Raw]) -> None:
        found.update(part)
        if not as_json:
            out.write("".join(f".{oid} = {shown(raw)}\n" for oid, raw in part.items()))
            out.flush()

    end: WalkEnd | None
    try:
        end = walk(take)
    except KeyboardInterrupt:
        end = None
    if as_json:
        _write_json(found, target, end, most, shown, out)
    err.write(f"{_how_it_ended(end, len(found), most, target, chosen.snmp_version)}\n")
    for doubt in doubts:
        err.write(f"WARNING: {doubt.words} {doubt.cure}\n")
    return 0 if _ended(end, len(found), most) in ("whole", "most") else 1


def _ended(end: WalkEnd | None, count: int, most: int) -> str:
    if end is None:
        return "interrupted"
    if end.outcome is not Outcome.REPLIED or end.text:
        return "broken_off"
    return "most" if count >= most else "whole"


def _how_it_ended(end: WalkEnd | None, count: int, most: int, target: str, version: str) -> str:
    objects = f"{count} object{'' if count == 1 else 's'}"
    if end is None:
        return f"Ended by hand after {objects}."
    asked, met = printable(target, 255), printable(end.text, 300)
    if end.outcome is Outcome.REPLIED and met:
        return f"Broken off after {objects}: {met}."
    if end.outcome is Outcome.REPLIED:
        more = f"; it may have more (--most {most})" if count >= most else ""
        return f"{objects}{more}."
    why = f"{reason_words(end.reason.value)}{f' ({met})' if met else ''}"
    if count:
        return f"{asked} stopped answering midway, after {objects}: {why}."
    advice = silence_words(version) if end.reason is Reason.DEADLINE else reason_advice(end.reason)
    return f"{asked}: {why}. {advice}".rstrip()


def _write_json(
    found: Mapping[str, Raw],
    target: str,
    end: WalkEnd | None,
    most: int,
    shown: Callable[[Raw], str],
    out: TextIO,
) -> None:
    content = {
        "target": target,
        "ended": _ended(end, len(found), most),
        "outcome": None if end is None else end.outcome.value,
        "reason": None if end is None else end.reason.value,
        "text": "" if end is None else end.text,
        "objects": [
            {
                "oid": f".{oid}",
                "value": shown(raw) if isinstance(raw, bytes) else raw,
                **({"octets": raw.hex()} if isinstance(raw, bytes) else {}),
            }
            for oid, raw in found.items()
        ],
    }
    json.dump(content, out, indent=1, ensure_ascii=True)
    out.write("\n")
