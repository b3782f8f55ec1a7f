"""Settings are tried out as the site file would take them, and refused in its words."""

from __future__ import annotations

import pytest

from controlroom.engine.backtest_settings import read_settings, with_profile, with_settings
from controlroom.errors import ControlroomError
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT
from controlroom.probe import ProbeTypes
from controlroom.site.model import Limit, LimitWherePresent, Probe, Site
from tests.controlroom.engine.replayed_link import PING, site_of

TYPES: ProbeTypes = {"icmp": PING}
RTT = Limit(metric="rtt_s", raise_above=0.2, clear_below=0.1, window_readings=30)


def tried(*texts: str, site: Site | None = None) -> Site:
    """Try settings out on the one endpoint of a site."""
    return with_settings(site or site_of(limits=(RTT,)), {"mast"}, read_settings(texts), TYPES)


def probe_of(site: Site) -> Probe:
    """The one probe."""
    return site.endpoints[0].probes[0]


def refusal(*texts: str) -> str:
    """Say why settings are refused."""
    with pytest.raises(ControlroomError) as refused:
        tried(*texts)
    assert refused.value.code == "bad-setting"
    return str(refused.value)


def test_nothing_tried_changes_nothing() -> None:
    """The site is as it was."""
    assert tried() == site_of(limits=(RTT,))


def test_a_probes_own_keys_are_replaced() -> None:
    """All else stays, its parameters and limits too."""
    before = probe_of(site_of(limits=(RTT,)))
    after = probe_of(tried("period_s=2", "timeout_s=0.5", "confirm_attempts=3", " return_attempts = 4 "))
    assert (after.period_s, after.timeout_s, after.confirm_attempts, after.return_attempts) == (2, 0.5, 3, 4)
    assert (after.limits, after.parameters, after.name) == (before.limits, before.parameters, before.name)


def test_a_limit_is_changed_where_there_is_one() -> None:
    """Its other keys stay."""
    (limit,) = probe_of(tried("rtt_s.raise_above=0.3", "rtt_s.on_delay_s=60")).limits
    assert limit == RTT.model_copy(update={"raise_above": 0.3, "on_delay_s": 60.0})


def test_a_limit_on_loss_is_made_from_the_usual_one() -> None:
    """The clearing value is that which holds by default."""
    loss, rtt = probe_of(tried("loss_ratio.raise_above=0.05")).limits
    assert loss == DEFAULT_LOSS_LIMIT.model_copy(update={"raise_above": 0.05})
    assert rtt == RTT


def test_a_limit_is_made_where_there_is_none() -> None:
    """With both its values."""
    texts = ("rtt_s.raise_above=0.3", "rtt_s.clear_below=0.2")
    assert probe_of(tried(*texts, site=site_of())).limits == (
        Limit(metric="rtt_s", raise_above=0.3, clear_below=0.2),
    )


def test_a_usual_limit_on_what_not_everyone_has_stays_one() -> None:
    """Nothing is amiss where the figure is missing."""
    usual = LimitWherePresent(metric="rtt_s", raise_above=1.0, clear_below=0.5, told_by="state")
    (limit,) = probe_of(tried("rtt_s.raise_above=2", site=site_of(limits=(usual,)))).limits
    assert limit == usual.model_copy(update={"raise_above": 2.0})
    assert isinstance(limit, LimitWherePresent)


def test_a_recorded_reply_may_take_longer_than_the_period() -> None:
    """Nothing is asked any more, so that no beat is in its way; the greatest timeout stays."""
    settings = read_settings(["timeout_s=5"])
    site = with_settings(site_of(), {"mast"}, settings, TYPES, recorded=True)
    assert probe_of(site).timeout_s == 5
    with pytest.raises(ControlroomError, match="at most 60"):
        with_settings(site_of(), {"mast"}, read_settings(["timeout_s=90"]), TYPES, recorded=True)


def test_how_readily_changes_are_told() -> None:
    """Is a setting of the site."""
    assert tried("false_call_days=7").changes.false_call_days == 7


def test_other_endpoints_stay_as_they_are() -> None:
    """Only the chosen ones are replayed."""
    site = site_of(limits=(RTT,))
    assert with_settings(site, set(), read_settings(["period_s=9"]), TYPES).endpoints == site.endpoints


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("period", ["form key=value"]),
        ("periods_s=1", ["periods_s", "Did you mean period_s?"]),
        ("rtt_s.raise_abov=1", ["Did you mean rtt_s.raise_above?"]),
        (
            "loss_ratio.raise_above=5",
            ["--set loss_ratio.raise_above is 5, but loss_ratio is a share from 0 to 1.", "0.05 for 5 %"],
        ),
        ("loss_ratio.raise_above=1", ["is never above", "Write less than 1."]),
        ("rtt_ms.raise_above=1", ["Did you mean rtt_s.raise_above?"]),
        ("period_s=often", ["needs a number", "often"]),
        ("period_s=nan", ["needs a number"]),
        ("period_s=0", ["--set period_s", "at least 0.2"]),
        ("timeout_s=5", ["--set timeout_s", "longer than period_s"]),
        ("confirm_attempts=2.5", ["--set confirm_attempts", "whole number"]),
        ("confirm_attempts=0", ["at least 1"]),
        ("false_call_days=0", ["--set false_call_days", "at least 1"]),
        ("loss_ratio.raise_above=0.02", ["--set loss_ratio.clear_below", "0.03"]),
        ("rtt_s.raise_below=0.1", ["judges in both directions"]),
        ("rtt_s.window_readings=5", ["minimum_readings"]),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(text: str, words: list[str]) -> None:
    """With the key that was typed, and the nearest known one."""
    told = refusal(text)
    assert [word for word in words if word not in told] == []


def test_what_was_typed_cannot_steer_a_terminal() -> None:
    """It is repeated escaped, and cut."""
    for text in ("\x1b[31m=1", "period_s=\x1b[31m", "\x1b.raise_above=1", "x" * 10_000):
        told = refusal(text)
        assert "\x1b" not in told
        assert len(told) < 600


def test_a_profile_takes_the_place_of_the_sites() -> None:
    """One that there is not is refused, with the nearest."""
    from controlroom.engine.profile_files import read_profiles
    from resources import path

    profiles = read_profiles(path("profiles"))
    site = with_profile(site_of(), {"mast"}, "ptt-voice", profiles)
    assert (site.endpoints[0].profile, site.endpoints[0].profile_limits) == ("ptt-voice", ())
    with pytest.raises(ControlroomError, match="Did you mean ptt-voice") as refused:
        with_profile(site_of(), {"mast"}, "ptt-voise", profiles)
    assert refused.value.code == "no-such-profile"
