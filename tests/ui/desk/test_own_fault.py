"""Faults of the monitoring itself stand in words across the desk, the one that blinds most first."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from controlroom.alarms.alarm import ENGINE, AlarmState, Cause
from controlroom.report.store_words import STORE_REASONS
from tests.architecture.project import ROOT
from tests.controlroom.store.examples import alarm
from ui.desk.own_fault import own_fault_words
from ui.desk.picture import Picture
from ui.desk.snapshot import Snapshot

OWN = replace(alarm(7), subject=ENGINE, cause=Cause.STORE_FAILED, reason="disk-full")


@pytest.mark.parametrize(
    "cause",
    [
        Cause.OWN_CONNECTION_LOST,
        Cause.NO_WAY_OUT_V4,
        Cause.NO_WAY_OUT_V6,
        Cause.NO_PRIVILEGE,
        Cause.STORE_FAILED,
    ],
)
def test_each_says_what_is_wrong_and_what_to_do(cause: Cause) -> None:
    """Whole sentences, no code."""
    headline, detail = own_fault_words(replace(OWN, cause=cause))
    assert headline[0].isupper()
    assert detail.endswith(".")
    assert not re.search(r"[a-z]-[a-z]+-|_", headline + detail)


def test_a_full_disk_is_told_in_words() -> None:
    """With what happens meanwhile."""
    headline, detail = own_fault_words(OWN)
    assert headline == "Measurements cannot be kept: no room is left on the disk"
    assert "15 minutes" in detail


def test_every_code_of_a_store_at_work_has_words() -> None:
    """Codes that writing, packing and looking for acts can end with, as they stand in the code."""
    folder = ROOT / "controlroom" / "store" / "sqlite"
    texts = "".join(path.read_text() for path in folder.glob("*.py"))
    codes = set(re.findall(r'StoreError\(\s*"([a-z-]+)"', texts))
    at_work = codes - {"engine-running", "store-closed", "store-older", "store-unreadable", "time-unkeepable"}
    assert at_work <= STORE_REASONS.keys()
    assert all(words and advice for words, advice in STORE_REASONS.values())


def test_the_one_that_blinds_most_leads_and_what_is_over_is_gone() -> None:
    """No network before no disk; an alarm whose fault has ended has no band."""
    lost = replace(OWN, number=8, cause=Cause.OWN_CONNECTION_LOST, reason="")
    over = replace(lost, state=AlarmState.RETURNED_UNACKNOWLEDGED, returned_utc_s=2e9)
    picture = Picture()
    for alarms, leads in (((OWN, lost), lost), ((OWN, over), OWN), ((over,), None), ((alarm(1),), None)):
        picture.fold(Snapshot(0.0, None, alarms=alarms))
        assert picture.own_fault() == leads
