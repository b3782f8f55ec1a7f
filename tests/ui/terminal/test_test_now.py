"""The test by hand in the terminal: what is printed, and the exit code."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from controlroom.finding import Doubt
from controlroom.probe import ProbeType
from controlroom.reading import Outcome, ProbeKey, Reading, Reason
from probes.registry import PROBE_TYPES
from ui.terminal.test_now import run_test_now

ICMP = PROBE_TYPES["icmp"]
KEY = ProbeKey("now", "icmp")
REPLIED = Reading(KEY, 1_700_000_000.0, 1.0, Outcome.REPLIED, values={"rtt_s": 0.010})
LOST = Reading(KEY, 1_700_000_001.0, 2.0, Outcome.NO_REPLY, Reason.DEADLINE)
REFUSED = Reading(KEY, 1_700_000_002.0, 3.0, Outcome.REFUSED, Reason.HOST_UNREACHABLE)
NOT_RUN = Reading(KEY, 1_700_000_003.0, 4.0, Outcome.NOT_RUN, Reason.NO_PRIVILEGE)


def run(
    readings: Sequence[Reading],
    *,
    as_json: bool = False,
    probe_type: ProbeType = ICMP,
    target: str = "127.0.0.1",
) -> tuple[int, str]:
    """Print these readings as if they had been asked; give the exit code and the output."""

    def ask(tell: Callable[[Reading], None]) -> Sequence[Reading]:
        for reading in readings:
            tell(reading)
        return readings

    out = io.StringIO()
    parameters = probe_type.parameters()
    return run_test_now(probe_type, parameters, target, ask, as_json=as_json, out=out), out.getvalue()


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        ([REPLIED], 0),
        ([REPLIED, LOST], 1),
        ([REFUSED], 1),
        ([NOT_RUN], 1),
        ([replace(REPLIED, reason=Reason.UNDECODABLE, values={})], 1),
        ([], 1),
    ],
)
def test_the_exit_code_tells_trouble(readings: list[Reading], code: int) -> None:
    """Only a whole row of readable replies is no trouble."""
    assert run(readings)[0] == code
    assert run(readings, as_json=True)[0] == code


@pytest.mark.parametrize("as_json", [False, True])
def test_a_value_asked_for_by_name_must_come(as_json: bool) -> None:
    """A reply without it is trouble, though the rest could be read."""

    def code(*wanted: str) -> int:
        def ask(tell: Callable[[Reading], None]) -> Sequence[Reading]:
            return [REPLIED]

        out = io.StringIO()
        return run_test_now(ICMP, ICMP.parameters(), "::1", ask, wanted=wanted, as_json=as_json, out=out)

    assert code("rtt_s") == 0
    assert code("rtt_s", "rsrp_dbm") == 1


def test_answers_and_their_sum() -> None:
    """Each answer has its outcome, reason and values; the sum has loss and the spread beside it."""
    _, text = run([REPLIED, replace(REPLIED, values={"rtt_s": 0.030}), LOST, REFUSED])
    lines = text.splitlines()
    assert lines[0].endswith("of 127.0.0.1")
    assert "replied" in lines[1]
    assert "10" in lines[1]
    assert "ms" in lines[1]
    assert "no reply in time" in text
    assert "host unreachable" in text
    assert "4 asked, 4 sent, 2 replied, 1 refused, 25 % without a reply" in text
    assert "min 10" in lines[-1]
    assert "median 20" in lines[-1]
    assert "max 30" in lines[-1]


def test_a_refusal_is_no_silence() -> None:
    """Somebody said no; only what nobody answered is without a reply."""
    _, text = run([REFUSED])
    assert "1 asked, 1 sent, 0 replied, 1 refused\n" in text
    assert "without a reply" not in text


def test_what_was_not_run_is_not_lost() -> None:
    """Where nothing could be sent, no loss is claimed."""
    _, text = run([NOT_RUN, NOT_RUN])
    assert "2 asked, 0 sent, 0 replied" in text
    assert "without a reply" not in text
    summary = json.loads(run([NOT_RUN], as_json=True)[1])["summary"]
    assert summary["loss_ratio"] is None


def test_json_has_stable_keys() -> None:
    """Programs read these keys; a lost probe has no round-trip time, not a zero."""
    _, text = run([REPLIED, LOST], as_json=True)
    content = json.loads(text)
    assert content["probe"] == "icmp"
    assert content["target"] == "127.0.0.1"
    assert [*content["readings"][0]] == ["sent_at", "outcome", "reason", "reason_words", "values", "detail"]
    assert content["readings"][0]["sent_at"] == "2023-11-14T22:13:20.000+00:00"
    assert content["readings"][1]["values"] == {}
    assert content["summary"]["loss_ratio"] == 0.5
    assert content["summary"]["values"]["rtt_s"] == {"unit": "s", "min": 0.01, "median": 0.01, "max": 0.01}


@pytest.mark.parametrize("as_json", [False, True])
def test_a_device_cannot_steer_the_terminal(as_json: bool) -> None:
    """Control characters and direction marks of a device's text are written as escapes."""
    hostile = replace(REPLIED, detail="\x1b[2J\x07evil\u202e[red]")
    _, text = run([hostile], as_json=as_json, target="127.0.0.1")
    assert not any(character in text for character in "\x1b\x07\u202e")
    assert "evil" in text
    assert "[red]" in text


def test_this_machine_has_no_target() -> None:
    """A type that is not addressed prints no address."""
    _, text = run([], probe_type=PROBE_TYPES["host"], target="")
    assert text.splitlines()[0] == PROBE_TYPES["host"].title


@pytest.mark.parametrize(("readings", "told"), [([LOST], True), ([REPLIED], False), ([NOT_RUN], False)])
def test_what_silence_may_mean_is_said_of_silence(readings: list[Reading], told: bool) -> None:
    """Once, however many were silent; doubts are told whatever came, and change no exit code."""
    out, as_json = io.StringIO(), io.StringIO()
    doubt = Doubt("known", "Everybody knows it.", "Change it.")

    def ask(tell: Callable[[Reading], None]) -> Sequence[Reading]:
        for reading in (given := readings * 2):
            tell(reading)
        return given

    def run_with(out: io.StringIO, *, as_json: bool) -> int:
        return run_test_now(
            ICMP,
            ICMP.parameters(),
            "::1",
            ask,
            as_json=as_json,
            out=out,
            when_silent="Look there.",
            doubts=(doubt,),
        )

    assert run_with(out, as_json=False) == run_with(as_json, as_json=True) == (readings != [REPLIED])
    assert out.getvalue().count("Look there.") == told
    assert out.getvalue().endswith("WARNING: Everybody knows it. Change it.\n")
    (found,) = json.loads(as_json.getvalue())["doubts"]
    assert found == {"code": "known", "words": "Everybody knows it.", "cure": "Change it.", "grave": True}
