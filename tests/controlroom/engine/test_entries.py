"""What the engine tells the log about itself."""

from __future__ import annotations

import pytest

from controlroom.alarms.alarm import ENGINE
from controlroom.engine.address_book import NameChange
from controlroom.engine.entries import blind_entry, mended_entry, name_entry, step_entry
from controlroom.errors import StoreError
from controlroom.logbook.entry import LogKind
from controlroom.store.interface import BlindTime


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (NameChange.LOST, LogKind.NAME_LOST),
        (NameChange.BACK, LogKind.NAME_BACK),
        (NameChange.MOVED, LogKind.ADDRESS_CHANGED),
    ],
)
def test_each_fate_of_a_name_has_its_kind(change: NameChange, kind: LogKind) -> None:
    """And belongs to its endpoint."""
    entry = name_entry("mast", change, "192.0.2.7", 5.0)
    assert (entry.kind, entry.subject, entry.facts) == (kind, "mast", {"address": "192.0.2.7"})


def test_what_befell_the_engine_is_the_engines() -> None:
    """Blind time with its two ends, a step in milliseconds, damage with its words."""
    found = StoreError("store-mended", "Page 4 was damaged.", "Look at the disk.")
    told = [
        blind_entry(BlindTime(1.0, 4.0, "asleep"), 5.0),
        step_entry(3600.00049, 5.0),
        mended_entry(found, 5.0),
    ]
    assert [(entry.at_utc_s, entry.subject) for entry in told] == [(5.0, ENGINE)] * 3
    assert told[0].facts == {"from_utc_s": 1.0, "until_utc_s": 4.0, "cause": "asleep"}
    assert told[1].facts == {"step_s": 3600.0}
    assert told[2].facts == {
        "code": "store-mended",
        "happened": "Page 4 was damaged.",
        "advice": "Look at the disk.",
    }
