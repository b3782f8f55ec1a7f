"""What one asking of *Test now* is told as."""

from __future__ import annotations

import pytest

from controlroom.probe import Metric
from controlroom.reading import Outcome, Reason
from controlroom.site.form import site_form
from controlroom.site.trial import TrialAnswer
from probes.registry import PROBE_TYPES
from ui.desk.site_editor.answer_words import all_yields, answer_words, warning_words, yield_words


@pytest.mark.parametrize(
    ("answer", "probe_type", "words"),
    [
        (
            TrialAnswer(Outcome.REFUSED, Reason.PROHIBITED, {}, "ICMP type 3 code 13 from 10.101.2.2"),
            "tcp",
            "refused: a router or firewall on the way refuses  (ICMP type 3 code 13 from 10.101.2.2)",
        ),
        (
            TrialAnswer(Outcome.REFUSED, Reason.PORT_UNREACHABLE, {}, ""),
            "icmp",
            "refused: the address refuses pings, or a firewall does",
        ),
        (
            TrialAnswer(Outcome.NOT_RUN, Reason.SEND_FAILED, {}, "\x1b[2J" + "a" * 500),
            "tcp",
            f"not run: this machine could not send  (\\x1b[2J{'a' * 115}…)",
        ),
        (
            TrialAnswer(Outcome.REPLIED, Reason.NONE, {"rtt_s": 0.012}, "raw evidence"),
            "icmp",
            "replied  (round-trip time 12.0 ms)",
        ),
    ],
)
def test_who_refused_stands_beside_the_reason(answer: TrialAnswer, probe_type: str, words: str) -> None:
    """Shortened and escaped; an answer that came needs no evidence."""
    assert answer_words(answer, probe_type) == words


SIGNAL = Metric("rsrp_dbm", "dBm", "RSRP")
LINK = Metric("link_state", "", "Link", meanings=((1, "up", ""), (2, "down", "fault")))
SEVERITY = Metric("link_state_severity", "", "Link, severity", judges="link_state")


def test_values_are_told_by_title_unit_and_meaning() -> None:
    """A state by what it means, and what only judges it not at all; the probe's own order decides."""
    values = {"link_state_severity": 2.0, "link_state": 2.0, "rsrp_dbm": -98.0, "other_s": 0.5}
    answer = TrialAnswer(Outcome.REPLIED, Reason.NONE, values, "")
    words = answer_words(answer, "snmp", [SIGNAL, LINK, SEVERITY])
    assert words == "replied  (RSRP -98 dBm, Link: down, other 500 ms)"


def test_what_limits_may_judge_is_named_by_key_and_title() -> None:
    """Of many the first, and the loss that every probe has; all of them where one asks for all."""
    assert yield_words(()) == "Limits may judge: loss_ratio"
    assert yield_words([SIGNAL]) == "Limits may judge: rsrp_dbm (RSRP), loss_ratio"
    many = [Metric(f"port_{number}_bit_per_s", "bit/s", f"Port {number}") for number in range(20)]
    words = yield_words(many)
    assert words.endswith("port_6_bit_per_s (Port 6), and 13 more, loss_ratio")
    assert all_yields(many).splitlines()[-1] == "loss_ratio"
    assert len(all_yields(many).splitlines()) == 21


def test_a_limit_that_no_answer_passes_is_warned_of() -> None:
    """By the timeout that would hold: the field's, the type's own, or the shorter period."""
    form = site_form(PROBE_TYPES).probe("icmp")
    assert form is not None
    table: dict[str, object] = {"type": "icmp", "limits": [{"metric": "rtt_s", "raise_above": 150}]}
    assert warning_words(table, form).startswith("Warning: The limit on rtt_s never alarms")
    table["limits"] = [{"metric": "rtt_s", "raise_above": 0.6}, {"metric": "loss_ratio", "raise_above": 0.6}]
    assert warning_words(table, form) == ""
    assert "timeout_s (0.5 s)" in warning_words({**table, "timeout_s": 0.5}, form)
    assert "timeout_s (0.5 s)" in warning_words({**table, "period_s": 0.5}, form)
    assert warning_words({"type": "icmp", "limits": "none"}, form) == ""
