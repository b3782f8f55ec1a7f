"""A changed, removed, added or reordered entry shows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.logbook.chain import Chain, first_break
from controlroom.logbook.entry import Draft, Entry, LogKind


def log_of(count: int) -> list[Entry]:
    """Write so many entries."""
    chain = Chain()
    return [
        chain.append(Draft(1000.5 + n, LogKind.NOTE, "mast", "ann", {"note": f"näher {n}"}))
        for n in range(count)
    ]


def test_an_untouched_log_has_no_break() -> None:
    """What was written is what is found; an empty log is whole."""
    assert first_break(log_of(5)) is None
    assert first_break([]) is None


@given(st.integers(0, 4), st.sampled_from(["at_utc_s", "subject", "operator", "facts", "hash"]))
def test_any_change_shows_at_its_entry(place: int, field: str) -> None:
    """Whatever is changed in an entry, its number is named."""
    entries = log_of(5)
    changes: dict[str, object] = {
        "at_utc_s": 1.0,
        "subject": "port",
        "operator": "bob",
        "facts": {"note": "other"},
        "hash": "0" * 64,
    }
    entries[place] = replace(entries[place], **{field: changes[field]})  # type: ignore[arg-type] # chosen by name
    assert first_break(entries) == place + 1


@pytest.mark.parametrize("place", [1, 2, 3])
def test_a_removed_entry_shows_at_the_next(place: int) -> None:
    """The entry after the gap no longer fits."""
    entries = log_of(5)
    del entries[place]
    assert first_break(entries) == place + 2


def test_swapped_entries_show() -> None:
    """Order is part of the chain."""
    entries = log_of(4)
    entries[1], entries[2] = entries[2], entries[1]
    assert first_break(entries) == 3


def test_the_chain_goes_on_after_a_restart() -> None:
    """A new engine continues where the last one stopped."""
    entries = log_of(3)
    chain = Chain(entries[-1].number, entries[-1].hash)
    entries.append(chain.append(Draft(2000.0, LogKind.ENGINE_STARTED, "engine")))
    assert first_break(entries) is None
