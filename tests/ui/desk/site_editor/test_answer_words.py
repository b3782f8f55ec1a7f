"""What one asking of *Test now* is told as."""

from __future__ import annotations

import pytest

from controlroom.reading import Outcome, Reason
from controlroom.site.trial import TrialAnswer
from ui.desk.site_editor.probe_section import answer_words


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
