"""Cross checks of a probe: name, type, times, metrics and limits."""

from __future__ import annotations

import pytest

from controlroom.site.load import load_site
from tests.controlroom.site.declared import ROOM, TYPES, mistakes_of

LIMIT = "[[endpoints.probes.limits]]\n"


def test_two_probes_of_a_type_need_names() -> None:
    """A probe is named by its type; a second of that name is a mistake until it has one of its own."""
    second = '[[endpoints.probes]]\ntype = "icmp"\n'
    (mistake,) = mistakes_of(ROOM + second)
    assert (mistake.code, mistake.key_path) == ("duplicate-id", "endpoints[mast].probes[icmp].type")
    assert len(load_site(ROOM + second + 'name = "large"\n', "room.toml", TYPES).endpoints[0].probes) == 2


def test_an_unknown_type_is_refused_with_the_nearest() -> None:
    """Only the type is complained of, as its keys cannot be judged."""
    (mistake,) = mistakes_of(ROOM.replace('"icmp"', '"icpm"\nanything = 1'))
    assert (mistake.code, mistake.nearest_key) == ("unknown-probe-type", "icmp")


def test_a_probe_without_a_type_is_one_mistake() -> None:
    """What the type would have given is not complained of."""
    (mistake,) = mistakes_of(ROOM.replace('type = "icmp"', ""))
    assert (mistake.code, mistake.key_path) == ("missing-key", "endpoints[mast].probes[#1].type")


@pytest.mark.parametrize("times", ["timeout_s = 2", "period_s = 2\ntimeout_s = 2.5"])
def test_a_timeout_ends_before_the_next_beat(times: str) -> None:
    """A timeout beyond the period, given or by default, is a mistake."""
    (mistake,) = mistakes_of(ROOM + times + "\n")
    assert (mistake.code, mistake.key_path) == ("bad-timing", "endpoints[mast].probes[icmp].timeout_s")


@pytest.mark.parametrize(
    ("keys", "key"),
    [
        ("", ""),
        ("raise_above = 1\nclear_below = 0.5\nraise_below = 0\nclear_above = 0.1", ""),
        ("raise_above = 1\nraise_below = 0.1", ""),
        ("raise_above = 1", ".clear_below"),
        ("clear_below = 1", ".raise_above"),
        ("raise_below = 1", ".clear_above"),
        ("raise_above = 1\nclear_below = 1", ".clear_below"),
        ("raise_above = 1\nclear_below = 2", ".clear_below"),
        ("raise_below = 1\nclear_above = 0.5", ".clear_above"),
        ("raise_above = 1\nclear_below = 0.5\nwindow_readings = 10", ".window_readings"),
        ("raise_above = 1\nclear_below = 0.5\nminimum_readings = 61", ".minimum_readings"),
        ("raise_above = 1\nclear_below = 0.5\nbeyond_readings = 61", ".beyond_readings"),
    ],
)
def test_a_limit_has_one_direction_and_a_gap(keys: str, key: str) -> None:
    """Neither, both, half a limit, no gap and a window too small are refused."""
    (mistake,) = mistakes_of(ROOM + LIMIT + 'metric = "rtt_s"\n' + keys + "\n")
    assert (mistake.code, mistake.key_path) == ("bad-limit", f"endpoints[mast].probes[icmp].limits[#1]{key}")


def test_loss_is_not_counted_reading_by_reading() -> None:
    """A share of all readings has none that is beyond."""
    keys = 'metric = "loss_ratio"\nraise_above = 0.1\nclear_below = 0.05\nbeyond_readings = 3\n'
    (mistake,) = mistakes_of(ROOM + LIMIT + keys)
    assert (mistake.code, mistake.key_path.rpartition(".")[2]) == ("bad-limit", "beyond_readings")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("raise_above = 5\nclear_below = 3", ["raise_above", "clear_below"]),
        ("raise_above = 5.5\nclear_below = 0.03", ["raise_above"]),
        ("raise_above = 1\nclear_below = 0.5", ["raise_above"]),
        ("raise_below = 20\nclear_above = 30", ["raise_below", "clear_above"]),
        ("raise_above = 0.5\nclear_below = -0.1", ["clear_below"]),
    ],
)
def test_a_share_is_never_limited_in_per_cent(keys: str, told: list[str]) -> None:
    """Nothing would ever pass such a limit: it is refused, and how a share is written is said."""
    found = mistakes_of(ROOM + LIMIT + f'metric = "loss_ratio"\n{keys}\n')
    assert [each.key_path.rpartition(".")[2] for each in found] == told
    for mistake in found:
        assert (mistake.code, mistake.advice[-19:]) == ("bad-limit", "Write 0.05 for 5 %.")
        assert "loss_ratio" in mistake.happened
        assert "a share from 0 to 1" in mistake.happened
        assert mistake.line > ROOM.count("\n")


def test_the_declared_unit_says_what_a_share_is() -> None:
    """A name counts only where no unit is declared: a battery may be told in per cent."""
    items = '[[endpoints.probes]]\ntype = "device"\nitems = [{metric = "charge_ratio", unit = "%s"}]\n'
    limit = LIMIT + 'metric = "charge_ratio"\nraise_below = 20\nclear_above = 30\n'
    assert load_site(ROOM + items % "%" + limit, "room.toml", TYPES)
    for unit in ("ratio", "1", ""):
        assert [each.code for each in mistakes_of(ROOM + items % unit + limit)] == ["bad-limit", "bad-limit"]


def test_the_ends_of_a_share_may_be_limits() -> None:
    """An interface is up by 1; and a share of 0 clears nothing falsely."""
    items = '[[endpoints.probes]]\ntype = "device"\nitems = [{metric = "up_ratio", unit = "ratio"}]\n'
    below = LIMIT + 'metric = "up_ratio"\nraise_below = 0.5\nclear_above = 1\n'
    above = LIMIT + 'metric = "loss_ratio"\nraise_above = 0.1\nclear_below = 0\n'
    assert load_site(ROOM + items + below + above, "room.toml", TYPES)


@pytest.mark.parametrize("key", ["on_delay_s", "off_delay_s"])
def test_no_delay_is_negative(key: str) -> None:
    """Nothing counts before it happens."""
    keys = f'metric = "rtt_s"\nraise_above = 1\nclear_below = 0.5\n{key} = -1\n'
    (mistake,) = mistakes_of(ROOM + LIMIT + keys)
    assert (mistake.code, mistake.key_path.rpartition(".")[2]) == ("out-of-range", key)


@pytest.mark.parametrize("metric", ["rtt_s", "loss_ratio"])
def test_a_limit_judges_its_probes_metrics_and_loss(metric: str) -> None:
    """Loss is a metric of every probe."""
    text = ROOM + LIMIT + f'metric = "{metric}"\nraise_above = 0.5\nclear_below = 0.2\n'
    assert load_site(text, "room.toml", TYPES).endpoints[0].probes[0].limits[0].metric == metric


def test_an_unknown_metric_is_refused_with_the_nearest() -> None:
    """A metric that the probe does not yield would never be judged."""
    (mistake,) = mistakes_of(ROOM + LIMIT + 'metric = "rtt_ms"\nraise_above = 2\nclear_below = 1\n')
    assert (mistake.code, mistake.nearest_key) == ("unknown-metric", "rtt_s")


def test_metrics_of_one_probe_have_names_of_their_own() -> None:
    """Two values under one name would be mixed up in the store."""
    items = '[[endpoints.probes]]\ntype = "device"\nitems = [{metric = "a_b"}, {metric = "a_b"}]\n'
    (mistake,) = mistakes_of(ROOM + items)
    assert mistake.code == "duplicate-metric"
