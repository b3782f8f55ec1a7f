"""How many of the values that a correct poll of a recorded device yields come out right, device by device.

    python -m tests.lab.snmp_recordings DIR [--device NAME] [--all]

DIR holds ``NAME.snmprec`` and ``sensors.csv`` (device, class, descr, oid, value, unit of every sensor that is
expected). With ``--all`` each one that is wrong or left out is named, and why it is left out on purpose.

Why the class ``signal`` may be told in dB: the lists have one unit, dBm, for all of that class.
"""

from __future__ import annotations

import argparse
import csv
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from controlroom.report.escaping import printable
from probes.snmp.figures import Figure, figures
from probes.snmp.identity import fitting
from probes.snmp.template import Value
from tests.lab.snmp_recording import objects_of, read_recording

SENSORS: Final = "sensors.csv"
_UNITS: Final = {"C": "°C", "enum": "", "id": "", "count": "", "index": ""}
_FACTORS: Final = {"min": (60.0, "s"), "MHz": (1e6, "Hz"), "km": (1e3, "m")}
"""What is told in another unit here, and by how much."""

_TIMES_BY_TITLE: Final = {r"Link (Latency|Jitter) .*": (1e-3, "s"), r".*\(ns\)": (1.0, "ns")}
"""Sensors without a unit that are times: in which unit they are told here, and by how much, by the MIB or by
their title. What is nanoseconds is told in them: a time in seconds is kept to the microsecond."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One sensor that a correct poll yields."""

    device: str
    kind: str
    title: str
    oid: str
    value: float
    unit: str

    def is_told_by(self, figure: Figure) -> bool:
        """Whether a figure has the value and the unit; of a counter, what it stands at."""
        factor, unit = self._factor_and_unit()
        value = figure.value
        if figure.number is None:
            return False
        number = figure.number
        if isinstance(value, Value) and value.counter:
            number, unit = number / value.multiply * value.divide, ""
        same_unit = not unit or value.unit == unit or (self.kind == "signal" and value.unit == "dB")
        return same_unit and math.isclose(number, self.value * factor, rel_tol=1e-6, abs_tol=1e-12)

    def _factor_and_unit(self) -> tuple[float, str]:
        for title, told in _TIMES_BY_TITLE.items():
            if not self.unit and re.fullmatch(title, self.title):
                return told
        return _FACTORS.get(self.unit, (1.0, _UNITS.get(self.unit, self.unit)))


@dataclass(frozen=True, slots=True)
class Score:
    """One device: the templates that fit, what came out right, wrong, and what no template tells."""

    device: str
    templates: Sequence[str]
    right: Sequence[Expected]
    wrong: Sequence[tuple[Expected, Figure]]
    left_out: Sequence[Expected]

    @property
    def expected(self) -> int:
        """How many values are expected."""
        return len(self.right) + len(self.wrong) + len(self.left_out)

    def __str__(self) -> str:
        """Say it in a line."""
        names = ", ".join(self.templates) or "no template"
        return f"{self.device}: {len(self.right)} right, {len(self.wrong)} wrong of {self.expected} ({names})"

    def without(self, reasons: Sequence[LeftOut]) -> Score:
        """Count what is left out on purpose as left out, where what is expected of it is not what is told."""
        meant = [(each, any(reason.covers(each) for reason in reasons)) for each, _ in self.wrong]
        wrong = [pair for pair, (_, covered) in zip(self.wrong, meant, strict=True) if not covered]
        return replace(self, wrong=wrong, left_out=[*self.left_out, *(each for each, out in meant if out)])


def expected_of(folder: Path) -> dict[str, list[Expected]]:
    """Return what is expected of each device."""
    found: dict[str, list[Expected]] = {}
    with (folder / SENSORS).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            oid = row["oid"].replace(";.", ";").removeprefix(".")
            each = Expected(row["device"], row["class"], row["descr"], oid, float(row["value"]), row["unit"])
            found.setdefault(each.device, []).append(each)
    return found


def score(folder: Path, device: str, expected: Sequence[Expected]) -> Score:
    """Read one device by all templates that fit it, and compare."""
    objects = objects_of(read_recording(folder / f"{device}.snmprec"))
    chosen = fitting(objects)
    told = [figure for template in chosen for figure in figures(template, objects)]
    right, wrong, left_out = [], [], []
    for each in expected:
        mine = [figure for figure in told if figure.oid == each.oid or (";" in each.oid and not figure.oid)]
        if any(each.is_told_by(figure) for figure in mine):
            right.append(each)
        elif mine and ";" not in each.oid:
            wrong.append((each, mine[0]))
        else:
            left_out.append(each)
    return Score(device, [template.id for template in chosen], right, wrong, left_out)


def scores(folder: Path, device: str = "") -> Iterator[Score]:
    """Score every device of a folder, or one."""
    for name, expected in expected_of(folder).items():
        if device in ("", name):
            yield score(folder, name, expected)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Sensors that no template tells on purpose: by device, kind and title, each a pattern."""

    device: str
    kind: str
    title: str
    why: str

    def covers(self, expected: Expected) -> bool:
        """Whether a sensor is one of these."""
        pairs = ((self.device, expected.device), (self.kind, expected.kind), (self.title, expected.title))
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


def left_out_on_purpose() -> list[LeftOut]:
    """Return all that is left out, with the reasons."""
    files = sorted((Path(__file__).parent / "left_out").glob("*.toml"))
    return [LeftOut(**each) for file in files for each in tomllib.loads(file.read_text())["left_out"]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the scores and a total; the exit code is 1 where anything came out wrong, or none was there."""
    parser = argparse.ArgumentParser(prog="python -m tests.lab.snmp_recordings", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--device", default="", help="only this one")
    parser.add_argument("--all", action="store_true", help="name what is wrong or left out")
    chosen = parser.parse_args(arguments)
    if not (chosen.folder / SENSORS).is_file():
        folder = printable(str(chosen.folder))
        sys.stderr.write(f"There is no {SENSORS} in {folder}: name a folder of recordings.\n")
        return 2
    wrong, right, expected_in_all, devices, reasons = 0, 0, 0, 0, left_out_on_purpose()
    for found in scores(chosen.folder, chosen.device):
        each = found.without(reasons)
        devices += 1
        right += len(each.right)
        expected_in_all += each.expected
        sys.stdout.write(f"{each}\n")
        wrong += len(each.wrong)
        for expected, figure in each.wrong if chosen.all else ():
            said = f"{expected.value:g} {expected.unit}"
            sys.stdout.write(f"  wrong {expected.kind} {expected.title}: {said}, told {figure.told()}\n")
        for expected in each.left_out if chosen.all else ():
            why = next((reason.why for reason in reasons if reason.covers(expected)), "NO REASON")
            said = f"{expected.value:g} {expected.unit} at {expected.oid}: {why}"
            sys.stdout.write(f"  left out {expected.kind} {expected.title}: {said}\n")
    sys.stdout.write(f"{devices} devices: {right} right, {wrong} wrong of {expected_in_all}\n")
    return 1 if wrong or not devices else 0


if __name__ == "__main__":
    sys.exit(main())
