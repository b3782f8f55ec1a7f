"""What a device is, as lines or JSON: what it says, what fits, what would be graphed. It asks nobody itself.

The JSON has all that is known under the names of ``Identification``, and ``site_file``: a probe's table
for the site file, empty where there is none to be made. All that comes from the device is escaped.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final, TextIO

from controlroom.identification import ROWS, Identification, OnStep, Step
from controlroom.reading import Outcome
from controlroom.report.escaping import printable
from controlroom.report.identification_words import (
    beside_words,
    doubt_words,
    kind_words,
    remark_words,
    step_words,
    trouble_words,
    unknown_words,
    value_words,
)
from controlroom.site.edit_part import new_probe
from controlroom.site.secret import FileSecret, parse_reference

_USUAL: Final = {"version": "2c", "port": 161}

Identify = Callable[[OnStep], Identification]
"""Does the asking, and tells each step."""

_WIPE: Final = "\r\x1b[K"
_WIDE: Final = 100
_MOST_ROWS: Final = 24
"""How many rows of a table are laid out for a person: a switch may have thousands."""
_DEEP: Final = " " * 11
_ACCESS: Final = (
    "version",
    "port",
    "community",
    "user",
    "auth_protocol",
    "auth",
    "privacy_protocol",
    "privacy",
)


def run_identify(
    identify: Identify, chosen: argparse.Namespace, given: Mapping[str, object], *, out: TextIO, err: TextIO
) -> int:
    """Ask and print all; return 0 where a template fits and all of it was read, else 1.

    ``given`` is how the device was asked, for the site file.
    """
    found, target = _asked(identify, err), chosen.target
    table = probe_table(found, given)
    if chosen.json:
        tables = [new_probe(each) for each in ([table] if table else []) + second_probes(found, table)]
        _write_json(found, target, out, site_file="\n".join(tables))
    else:
        lines = [*_head(found, target), *_values(found), *_advice(found), *_tail(found)]
        if table:
            lines += ["", "For the site file, below its [[endpoints]]:", "", *new_probe(table).splitlines()]
        for more in second_probes(found, table):
            lines += ["", *_and_also(more, found, target), "", *new_probe(more).splitlines()]
        out.write("".join(f"{line}\n" for line in lines))
    return 0 if found.outcome is Outcome.REPLIED and found.chosen is not None else 1


def run_probe(identify: Identify, chosen: argparse.Namespace, *, out: TextIO, err: TextIO) -> int:
    """Ask once by a template and print each value; return 0 where all wanted was told, else 1.

    ``chosen.rows`` are the rows that are wanted; none for all.
    """
    target = chosen.target
    found = _asked(identify, err)
    if chosen.rows:
        found = found.only(chosen.rows)
    if chosen.json:
        _write_json(found, target, out)
    else:
        by = f" by {kind_words(found.chosen)}" if found.chosen is not None else ""
        lines = [
            f"SNMP of {printable(target, 255)}{by}",
            *trouble_words(found, target),
            *unknown_words(found),
        ]
        lines += [*_values(found, all_rows=bool(chosen.rows)), *_tail(found)]
        out.write("".join(f"{line}\n" for line in lines))
    told = {value.name for value in found.values if value.number is not None}
    wanted = {each.metric for each in chosen.objects}
    whole = bool(told) and wanted <= told and not found.missing and not found.ambiguous
    return 0 if found.outcome is Outcome.REPLIED and whole else 1


def probe_table(found: Identification, given: Mapping[str, object]) -> dict[str, object]:
    """Return the probe as a site file has it; empty where no template was found."""
    if found.chosen is None:
        return {}
    settings = {
        each.key: list(each.value) if isinstance(each.value, tuple) else each.value for each in found.settings
    }
    access = {key: given[key] for key in _ACCESS if key in given and given[key] != _USUAL.get(key)}
    return {"type": "snmp", **{key: _in_site(value) for key, value in access.items()}, **settings}


def second_probes(found: Identification, table: Mapping[str, object]) -> list[dict[str, object]]:
    """Return a probe for each other template that fits, beside the first one: with a name of its own.

    None for one of which the device tells nothing that would be watched.
    """
    if not table:
        return []
    access = {key: value for key, value in table.items() if key == "type" or key in _ACCESS}
    read = {each.kind.id: each for each in found.beside}
    probes: list[dict[str, object]] = []
    for other in (each.id for each in found.fits if found.chosen is None or each.id != found.chosen.id):
        settings = {each.key: each.value for each in read[other].settings} if other in read else {}
        rows = {ROWS: list(settings[ROWS])} if ROWS in settings else {}
        if other not in read or read[other].watches:
            probes.append({"name": f"snmp-{other}", **access, "template": other, **rows})
    return probes


def _and_also(probe: Mapping[str, object], found: Identification, target: str) -> list[str]:
    """Say what a further probe is for, and where its rows come from."""
    template = probe["template"]
    read = next((each for each in found.beside if each.kind.id == template), None)
    if read is not None:
        return textwrap.wrap(beside_words(read), _WIDE, break_on_hyphens=False)
    shown = f"controlroom snmp identify {printable(target, 255)} --template {template}"
    words = (
        f"{template} fits as well, as a second probe. Of its tables with one row that one is told; others"
        f" need their rows, which {shown} shows."
    )
    return textwrap.wrap(words, _WIDE, break_on_hyphens=False)


def _in_site(value: object) -> object:
    """Write a reference to a file so that it means the same wherever the site's data folder lies."""
    reference = parse_reference(value) if isinstance(value, str) else None
    return f"file:{Path(reference.path).absolute()}" if isinstance(reference, FileSecret) else value


def _asked(identify: Identify, err: TextIO) -> Identification:
    """Ask, with a line of progress where a person watches."""
    shows = err.isatty()

    def show(step: Step) -> None:
        if shows:
            err.write(f"{_WIPE}{step_words(step)}")
            err.flush()

    try:
        return identify(show)
    finally:
        if shows:
            err.write(_WIPE)
            err.flush()


def _head(found: Identification, target: str) -> Iterator[str]:
    yield f"Device {printable(target, 255)}"
    for word, text in (("says", found.description), ("name", found.name), ("object", found.object_id)):
        if text:
            yield f"  {word:<9}{printable(text, 500)}"
    if found.chosen is not None:
        yield f"  {'template':<9}{kind_words(found.chosen)}"
        yield from textwrap.wrap(
            printable(found.chosen.about, 2000), _WIDE, initial_indent=_DEEP, subsequent_indent=_DEEP
        )
    yield from _wrapped([*trouble_words(found, target), *unknown_words(found)])
    if unknown_words(found):
        for kind in found.offered:
            yield f"  --template {kind.id:<20}{printable(kind.title, 80)}"
        yield "What it tells: controlroom snmp walk, with the options as here."


def _values(found: Identification, *, all_rows: bool = False) -> Iterator[str]:
    """Lay the values out: those of the device, then row by row under the name that a site gives it.

    Of a table with very many rows the first are shown, unless all are wanted.
    """
    if not found.values:
        return
    wide = min(40, max(len(printable(value.title, 80)) for value in found.values))
    place = {row: number for number, row in enumerate(found.rows)}
    in_order = sorted(found.values, key=lambda value: (bool(value.row), place.get(value.row, -1)))
    shown: Counter[str] = Counter()
    for row, values in groupby(in_order, key=lambda value: value.row):
        table = row.partition("/")[0]
        shown[table] += 1
        if row and shown[table] > _MOST_ROWS and not all_rows:
            continue
        yield ""
        yield printable(row, 160) if row else "What it tells of itself"
        for value in values:
            yield f"  {printable(value.title, 80):<{wide}}  {value_words(value)}  [{value.name}]"
    for table, rows in shown.items():
        if table and rows > _MOST_ROWS and not all_rows:
            yield from (
                "",
                f"{rows - _MOST_ROWS:,} more rows of {printable(table, 40)}: --json has them all.",
            )


def _advice(found: Identification) -> Iterator[str]:
    """Say what to do where such a device is at fault, as a desk does whose site says nothing of its own."""
    steps = found.chosen.what_to_do.strip() if found.chosen is not None else ""
    if steps:
        yield from ("", "What to do where it is at fault, unless the site says otherwise")
    for step in steps.splitlines():
        yield from textwrap.wrap(printable(step, 500), _WIDE, initial_indent="  ", subsequent_indent="     ")


def _tail(found: Identification) -> Iterator[str]:
    remarks = remark_words(found)
    if remarks:
        yield ""
    yield from _wrapped(remarks)
    for words in doubt_words(found):
        yield ""
        yield from _wrapped([f"WARNING: {words}"])


def _wrapped(sentences: Sequence[str]) -> Iterator[str]:
    for words in sentences:
        yield from textwrap.wrap(words, _WIDE, subsequent_indent="  ", break_on_hyphens=False)


def _write_json(found: Identification, target: str, out: TextIO, **more: str) -> None:
    content = {"probe": "snmp", "target": target, **found.model_dump(mode="json"), **more}
    # ASCII alone: no character of a device's text reaches the screen as itself.
    json.dump(content, out, indent=2, ensure_ascii=True, allow_nan=False)
    out.write("\n")
