"""Trials through a real process: answers as they come, mistakes by name, an end whatever the process does."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from controlroom.engine.secrets import SecretResolver
from controlroom.engine.trial import TrialProcess, serve_trial
from controlroom.errors import ControlroomError
from controlroom.identification import Step
from controlroom.reading import Outcome, Reason
from controlroom.site.trial import TrialAnswer, TrialRequest, request_text
from probes.registry import PROBE_TYPES
from tests.lab.snmp_agent import COMMUNITY, serving
from tests.lab.snmp_recording import INTEGER, OCTETS, Recorded

MAIN = Path(__file__).parents[3] / "main.py"


def never() -> bool:
    """Nobody cancels."""
    return False


def process(folder: Path) -> TrialProcess:
    """A trial served by the program itself."""
    return TrialProcess([sys.executable, str(MAIN), "trial", "--data", str(folder)])


def stand_in(code: str) -> TrialProcess:
    """A trial served by a few lines of Python."""
    return TrialProcess([sys.executable, "-c", code])


HOST = TrialRequest("host", {}, "", count=1, timeout_s=5.0)


def test_answers_come_from_the_real_program(tmp_path: Path) -> None:
    """This machine is measured twice by the program in a process of its own, and nothing is kept."""
    answers: list[TrialAnswer] = []
    process(tmp_path).run(TrialRequest("host", {}, "", count=2, timeout_s=5.0), answers.append, never)
    assert [answer.outcome for answer in answers] == [Outcome.REPLIED, Outcome.REPLIED]
    assert answers[0].values
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_parameter_is_named(tmp_path: Path) -> None:
    """What is wrong with the form's values comes back with its help, and what was given does not."""
    wrong = TrialRequest("snmp", {"community": "hush-hush"}, "127.0.0.1")
    with pytest.raises(ControlroomError) as raised:
        process(tmp_path).run(wrong, lambda answer: None, never)
    assert "community" in str(raised.value)
    assert "hush-hush" not in str(raised.value)


def test_an_unknown_type_is_refused() -> None:
    """A request for a type that is not there says so."""
    out = io.StringIO()
    text = request_text(TrialRequest("telepathy", {}, ""))
    assert not serve_trial(PROBE_TYPES, SecretResolver(Path()), io.StringIO(text), out)
    assert "telepathy" in json.loads(out.getvalue())["happened"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"probe_type": 1}', "[" * 5000, "x" * 300_000])
def test_what_is_no_request_is_refused(text: str) -> None:
    """Hostile input ends in one sentence."""
    out = io.StringIO()
    assert not serve_trial(PROBE_TYPES, SecretResolver(Path()), io.StringIO(text), out)
    assert json.loads(out.getvalue())["code"] == "bad-trial"


def test_cancelling_ends_the_process_at_once() -> None:
    """A cancelled trial returns within a second, and its process is gone."""
    started_s = time.monotonic()
    stand_in("import time; time.sleep(60)").run(
        HOST, lambda answer: None, lambda: time.monotonic() - started_s > 0.3
    )
    assert time.monotonic() - started_s < 2.0


def test_a_process_that_dies_is_told_with_its_last_words() -> None:
    """A crash of the asking process is an error with what it said, not silence."""
    with pytest.raises(ControlroomError, match="no such thing"):
        stand_in("raise SystemExit('no such thing')").run(HOST, lambda answer: None, never)


def test_a_process_that_says_nothing_is_given_up() -> None:
    """The time is bounded, by the request's own numbers."""
    now = iter(range(0, 100_000, 60))
    silent = TrialProcess(
        [sys.executable, "-c", "import time; time.sleep(60)"], monotonic_s=lambda: float(next(now))
    )
    with pytest.raises(ControlroomError) as raised:
        silent.run(HOST, lambda answer: None, never)
    assert raised.value.code == "trial-silent"


def test_a_program_that_is_not_there_is_told() -> None:
    """A command that cannot be started is an error with advice."""
    with pytest.raises(ControlroomError) as raised:
        TrialProcess(["/nonexistent/python"]).run(HOST, lambda answer: None, never)
    assert raised.value.code == "trial-failed"


def test_a_secret_is_read_by_its_reference_and_never_told(tmp_path: Path) -> None:
    """A trial with a secret that cannot be had is not run, and its reference alone is spoken of."""
    secret = tmp_path / "community"
    secret.write_text("hush-hush")
    secret.chmod(0o644)
    request = TrialRequest("snmp", {"community": "file:community"}, "127.0.0.1", count=1, timeout_s=0.5)
    done = subprocess.run(
        [sys.executable, str(MAIN), "trial", "--data", str(tmp_path)],
        input=request_text(request),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert json.loads(done.stdout)["outcome"] == "not_run"
    assert "hush-hush" not in done.stdout + done.stderr


def test_an_endpoint_is_identified_by_the_real_program(tmp_path: Path) -> None:
    """The program finds the template and says each step; relative secrets start at the data folder."""
    (tmp_path / "community").touch(0o600)
    (tmp_path / "community").write_text(COMMUNITY)
    steps: list[Step] = []
    device = [
        Recorded("1.3.6.1.2.1.1.1.0", OCTETS, b"Switch"),
        Recorded("1.3.6.1.2.1.2.1.0", INTEGER, 1),
        Recorded("1.3.6.1.2.1.2.2.1.2.7", OCTETS, b"wan"),
        Recorded("1.3.6.1.2.1.2.2.1.3.7", INTEGER, 6),
        Recorded("1.3.6.1.2.1.2.2.1.8.7", INTEGER, 1),
    ]
    with serving(device) as agent:
        asked = TrialRequest("snmp", {"community": "file:community", "port": agent.port}, "127.0.0.1")
        found = process(tmp_path).identify(asked, steps.append, never)
    assert found is not None
    assert found.chosen is not None
    assert (found.outcome, found.chosen.id, found.rows) == (Outcome.REPLIED, "if-mib", ("interface/wan",))
    assert len(steps) > 2


def test_a_silent_endpoint_and_a_type_that_identifies_nothing(tmp_path: Path) -> None:
    """The one is an answer, the other a mistake."""
    (tmp_path / "community").touch(0o600)
    (tmp_path / "community").write_text("wrong")
    with serving([]) as agent:
        parameters = {"community": "file:community", "port": agent.port}
        asked = TrialRequest("snmp", parameters, "127.0.0.1", timeout_s=0.2)
        found = process(tmp_path).identify(asked, lambda _step: None, never)
    assert found is not None
    assert found.reason is Reason.DEADLINE
    with pytest.raises(ControlroomError, match="cannot find out"):
        process(tmp_path).identify(HOST, lambda _step: None, never)


def test_a_cancelled_identification_is_none() -> None:
    """And its process is gone."""
    started_s = time.monotonic()
    slow = stand_in("import time; time.sleep(60)")
    assert slow.identify(HOST, lambda _step: None, lambda: time.monotonic() - started_s > 0.3) is None
    assert time.monotonic() - started_s < 5
