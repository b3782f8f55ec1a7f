"""The figures of what the graph shows: read as finely as can be, named, and read no oftener than needed."""

from __future__ import annotations

import math
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from controlroom.condition.state import Condition, EndpointState
from controlroom.measure.figures import LinkFigures
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.site.model import Codec, Voice
from controlroom.store.interface import Heartbeat
from tests.controlroom.report.memory_store import NOON_UTC_S, reading, view
from tests.controlroom.report.rolled_store import RolledStore
from ui.desk.range_reading import read_range, read_range_every_s
from ui.desk.range_words import range_lines, range_words
from ui.desk.snapshot import RangeTold, RangeWish

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_S, DAY_S = 3600.0, 86_400.0
LAST_HOUR = RangeWish("mast", "icmp", HOUR_S)


def store(hours: int = 2) -> RolledStore:
    """A link that is asked every ten seconds, and lost two in a row in each hundred."""
    site = view("mast")
    (mast,) = site.endpoints
    probe = mast.probes[0].model_copy(update={"period_s": 10.0})
    mast = mast.model_copy(update={"voice": Voice(codec=Codec.G711), "probes": (probe,)})
    found = RolledStore(site=site.model_copy(update={"endpoints": (mast,)}))
    found.beat = Heartbeat(1, NOON_UTC_S, {}, 1)
    found.readings = [
        reading("mast", NOON_UTC_S - hours * HOUR_S + 10 * n, None if n % 100 in (50, 51) else 0.02)
        for n in range(hours * 360)
    ]
    found.endpoint_states = [EndpointState("mast", Condition.UP, NOON_UTC_S - hours * HOUR_S, "none")]
    return found


def read(wish: RangeWish, of: RolledStore | None = None) -> RangeTold:
    """Read a range as the desk does."""
    of = of or store()
    assert of.site is not None
    told = read_range(of, of.site, wish, NOON_UTC_S)
    assert told is not None
    return told


def lines(wish: RangeWish, of: RolledStore | None = None) -> list[str]:
    """The lines of the detail about a range."""
    seen = view("mast").endpoints[0]
    return range_lines(read(wish, of), seen, True, BERLIN).splitlines()


def test_the_range_is_named_and_its_loss_stands_with_its_round_trips() -> None:
    """A range that goes on until now by its length."""
    said = lines(LAST_HOUR)
    assert said[:2] == [
        "Last 1 h:",
        "Median 20.0 ms, 95 % within 20.0 ms, 99 % within 20.0 ms; jitter 0 s; "
        "lost 6 of 360, so 0.766 % to 3.59 %.",
    ]
    assert "Lost in 3 runs, the longest 2 in a row." in said
    assert any(line.startswith("Estimated voice quality (MOS)") for line in said)
    assert said[-1] == "Worked: 100.000 % of 1 h measured; no outage."


def test_a_range_in_the_past_is_named_by_its_ends() -> None:
    """The day stands once where it is one."""
    assert range_words(RangeWish("mast", "icmp", HOUR_S, NOON_UTC_S), BERLIN) == (
        "Fri 15 Jan 2027 08:00:00 to 09:00:00"
    )
    assert range_words(RangeWish("mast", "icmp", DAY_S, NOON_UTC_S), BERLIN) == (
        "Thu 14 Jan 2027 09:00:00 to Fri 15 Jan 2027 09:00:00"
    )
    past = read(RangeWish("mast", "icmp", 600.0, NOON_UTC_S - HOUR_S)).figures
    assert past is not None
    assert isinstance(past.told, LinkFigures)
    assert (past.told.asked, past.told.until_utc_s) == (60, NOON_UTC_S - HOUR_S)


def test_a_month_is_read_by_its_hours_and_that_is_said() -> None:
    """Never reading by reading."""
    wish = RangeWish("mast", "icmp", 30 * DAY_S)
    figures = read(wish).figures
    assert figures is not None
    assert isinstance(figures.told, RolledFigures)
    assert figures.told.asked == 720
    said = lines(wish)
    assert said[1].startswith("Median 20.0 ms")
    assert any(line.startswith("By whole hours: jitter, grade and voice need") for line in said)
    assert not any("MOS" in line for line in said)


def test_the_last_five_minutes_stand_elsewhere_already() -> None:
    """But not five minutes of the past."""
    assert lines(RangeWish("mast", "icmp", 300.0)) == []
    assert lines(RangeWish("mast", "icmp", 300.0, NOON_UTC_S - 600))


def test_nothing_asked_is_said_and_an_endpoint_without_round_trips_has_its_time() -> None:
    """No loss of nothing, no figure of a device that is asked by SNMP alone."""
    said = lines(RangeWish("mast", "icmp", HOUR_S, NOON_UTC_S - DAY_S))
    assert said[1] == "Nothing was asked."
    assert said[-1].startswith("Worked: Nothing was measured")
    of = store()
    assert of.site is not None
    bare = of.site.endpoints[0].model_copy(update={"probes": ()})
    of.site = of.site.model_copy(update={"endpoints": (bare,)})
    assert read(LAST_HOUR, of).figures is None


def test_an_endpoint_that_is_gone_has_no_figures() -> None:
    """The site was changed meanwhile."""
    of = store()
    assert of.site is not None
    assert read_range(of, of.site, replace(LAST_HOUR, endpoint_id="gone"), NOON_UTC_S) is None


@pytest.mark.parametrize(
    ("length_s", "until_utc_s", "every_s"),
    [
        (300.0, None, 5.0),
        (DAY_S, None, 288.0),
        (30 * DAY_S, None, 300.0),
        (DAY_S, NOON_UTC_S - 1, math.inf),
        (HOUR_S, NOON_UTC_S + 60, 12.0),
    ],
)
def test_the_longer_the_range_the_seldomer_it_is_read(
    length_s: float, until_utc_s: float | None, every_s: float
) -> None:
    """What lies in the past is read once."""
    wish = RangeWish("mast", "icmp", length_s, until_utc_s)
    assert read_range_every_s(wish, NOON_UTC_S) == every_s
