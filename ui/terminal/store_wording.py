"""What was found in a store, as sentences with their cure. It looks at nothing itself.

A cure is for the person at the machine: what to run, in the order in which to run it, a line for each.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from controlroom.finding import Finding, Health
from controlroom.report.figures import utc_text, value_text
from controlroom.store.care import Fact, Observation

_FOUND: Final[Mapping[str, str]] = {
    "pages-sound": "pages sound",
    "pages-damaged": "pages are damaged ({problems} found); the first: {problem}",
    "format-known": "format {version}",
    "store-newer": "was written by a newer program (format {version}; this one knows {known})",
    "store-older": "has format {version} and waits to be brought to format {known}",
    "store-foreign": "is a database of another program",
    "without-tables": "has no tables yet",
    "identified": "store {store:.8}",
    "no-identity": "does not say which store it is, so that its history cannot be told from another's",
    "other-store": "belongs to another store ({store:.8}), so that nothing in it can be shown",
    "of-no-store": "does not say which store it belongs to, so that nothing in it is shown",
    "names-differ": "gives numbers to other probes than the store does",
    "records-readable": "{records:,} records, {probes:,} probes and {series:,} series readable",
    "log-whole": "log whole: {entries:,} entries, each following the one before",
    "log-broken": "the log does not fit together at entry {entry}: it, or what stood before it, was changed",
    "seconds-readable": "{seconds:,} seconds of the journal readable",
    "seconds-damaged": "{damaged:,} of {seconds:,} seconds of the journal cannot be read; the first: {key}",
    "chunks-readable": "{readings:,} readings in {rows:,} chunks readable",
    "chunks-damaged": "{damaged:,} of {rows:,} chunks cannot be read; the first: {probe} from {from}",
    "rollups-readable": "{rows:,} days of a series readable",
    "rollups-damaged": "{damaged:,} of {rows:,} days of a series cannot be read; the first: {day}",
    "unreadable": "the {aspect} cannot be read: {problem}",
    "sealing-meets": "journal and history meet: {sealed:,} seconds packed, {waiting:,} waiting",
    "sealing-lost": "does not say any more which seconds are packed",
    "history-ahead": "the history goes {seconds:,} s further than the store: an older one was put back",
    "sealed-ahead": "says that {seconds:,} seconds are packed that never were",
    "seconds-missing": "{seconds:,} seconds are missing between the history and the newest second",
    "history-gap": "{seconds:,} seconds from number {key} on are in no file: not measured, or gone",
    "store-missing": "is not there, and measurements of it are",
    "file-gone": "was deleted or moved away from the history, and not by the program",
    "cut-short": "ends {seconds:,} s of readings and {entries:,} entries of the log earlier than it once did",
    "set-aside": "was set aside, {size}",
    "not-looked": "could not be looked at: {problem}",
}

_MEND: Final = (
    "Keep a copy of the data folder as evidence, and check the disk.\n"
    "End the engine and start it again: it sets the file aside and saves what can be read of it.\n"
    "Or end the engine and put a backup in the place of the data folder."
)
_ROWS: Final = (
    "Check the disk. All else is shown.\n"
    "A running engine takes these out and keeps them apart: in store.db within two minutes,\n"
    "in the newest files within ten, in older ones in their turn.\n"
    "With no engine running, a backup may be put in place instead."
)
_PUT_BACK: Final = (
    "Check the disk. What can be read of it is still shown.\n"
    "With no engine running, the same file from a backup of this store may be put in its place."
)
_NEWER: Final = "Install the newer program again: this one leaves the file alone."
_SEALING: Final = (
    "Keep a copy of the data folder as evidence; then start the engine, which goes on with what is there."
)
_CURES: Final[Mapping[str, str]] = {
    "store-newer": _NEWER,
    "store-older": "Start the engine of this program once.",
    "store-foreign": "Move it away, or choose another data folder with --data.",
    "without-tables": "Look again in a moment: it is being made.",
    "no-identity": "Put a backup in the place of the data folder.",
    "other-store": "Move it away: the engine would set it aside at its next start.",
    "of-no-store": "Start the engine once: it takes the file for its own, or sets it aside.",
    "names-differ": "Move it away: the engine would set it aside at its next start.",
    "log-broken": "Keep a copy of the data folder as evidence, and tell whoever answers for the log.",
    "sealing-lost": "Put a backup in the place of the data folder.",
    "history-ahead": "Start the engine once: it goes on behind the history.",
    "sealed-ahead": _SEALING,
    "seconds-missing": _SEALING,
    "history-gap": "If measurements of that time are missed, see what was set aside or removed.",
    "store-missing": "Put store.db back from a backup: without it nobody knows what was measured.",
    "file-gone": "If you have it, or a backup of it, put it in place while no engine runs.",
    "cut-short": (
        "Its log store.db-wal was damaged or deleted, or an older store.db put in its place.\n"
        "If you have the newer store.db, put it in place while no engine runs.\n"
        "Else start the engine: it goes on, and the log tells what is missing."
    ),
    "set-aside": "Once nobody needs it as evidence, it may be moved away.",
    "not-looked": "Look again in a moment; if that changes nothing, check the disk and the rights.",
}
_DAMAGED_ROWS: Final = frozenset({"seconds-damaged", "chunks-damaged", "rollups-damaged"})
_DAMAGE: Final = frozenset({"pages-damaged", "unreadable"})


WORDED: Final[Mapping[str, str]] = {
    code: _ROWS if code in _DAMAGED_ROWS else _PUT_BACK if code in _DAMAGE else _CURES.get(code, "")
    for code in _FOUND
}
"""Every code that can be worded, with its cure for a file of the history."""


def finding_of(observation: Observation, folder: Path) -> Finding:
    """Word one observation."""
    found = _FOUND[observation.code].format_map(_shown(observation))
    name = f"{observation.file}/{observation.aspect.value}"
    cure = _cure(observation, folder)
    return Finding(name, observation.file, observation.health, observation.code, found, cure)


def findings_of(observations: Sequence[Observation], folder: Path) -> list[Finding]:
    """Word what was found for people: what is well of a file in one line, all else in a line of its own."""
    told: list[Finding] = []
    for file in dict.fromkeys(each.file for each in observations):
        mine = [finding_of(each, folder) for each in observations if each.file == file]
        well = [each for each in mine if each.health is Health.OK]
        told += [each for each in mine if each.health is not Health.OK]
        if well:
            cure = "\n".join(filter(None, (each.cure for each in well)))
            said = "; ".join(each.found for each in well)
            told.append(Finding(file, file, Health.OK, "ok", said, cure))
    return told


def _shown(observation: Observation) -> dict[str, Fact]:
    facts = dict(observation.facts)
    facts["aspect"] = observation.aspect.value
    if "from_us" in facts:
        facts["from"] = utc_text(float(facts["from_us"]) / 1e6, digits=0)
    if "bytes" in facts:
        facts["size"] = value_text(float(facts["bytes"]), "B")
    return facts


def _cure(observation: Observation, folder: Path) -> str:
    if observation.code == "log-broken":
        export = f"controlroom export log --format json --data {shlex.quote(str(folder))}"
        return f"{_CURES[observation.code]}\n{export}"
    if observation.code in _DAMAGE and observation.file == "store.db":
        return _MEND
    return WORDED[observation.code]
