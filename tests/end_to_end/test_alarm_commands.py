"""Alarms through a shift, by commands alone: real engine, real faults, kills in between; nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from controlroom.engine.process import EngineProcess
from controlroom.store.folder import DataFolder
from tests.end_to_end.room import MAIN, until

HEAD = """
format = 1
name = "Shift"
"""
ENDPOINT = """
[[endpoints]]
id = "{id}"
name = "{name}"
kind = "radio-gateway"
address = "127.0.0.1"
criticality = "critical"
contact = "Radio duty engineer"
what_to_do = '''
1. Move talk groups.
2. Call the engineer.'''

[[endpoints.probes]]
type = "tcp"
port = {port}
period_s = 1.0
timeout_s = 1.0
"""


class Listener:
    """A port of this machine that listens, or does not."""

    def __init__(self) -> None:
        """Take a free port; it does not listen yet."""
        self._socket = _bound(0)
        self.port: int = self._socket.getsockname()[1]

    def listen(self) -> None:
        """Answer from now on."""
        self._socket.listen(64)

    def refuse(self) -> None:
        """Answer no longer, and keep the port."""
        self._socket.close()
        self._socket = _bound(self.port)

    def close(self) -> None:
        """Give the port back."""
        self._socket.close()


def _bound(port: int) -> socket.socket:
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    opened.bind(("127.0.0.1", port))
    return opened


class Shift:
    """One data folder with two gateways, its engine, and whoever types the commands."""

    def __init__(self, folder: Path) -> None:
        """Write the site; the first gateway refuses, the second answers."""
        self.north, self.south = Listener(), Listener()
        self.south.listen()
        self.folder = DataFolder(folder)
        self.folder.prepare()
        site = folder / "site.toml"
        ports = (("mast-north", "Mast North", self.north), ("mast-south", "Mast South", self.south))
        tables = [ENDPOINT.format(id=id_, name=name, port=on.port) for id_, name, on in ports]
        site.write_text("".join([HEAD, *tables]), encoding="utf-8")
        command = [*MAIN, "engine", "--site", str(site), "--data", str(folder)]
        self.engine = EngineProcess(self.folder, command)

    def kill(self) -> None:
        """Kill the engine in whatever it is doing, and start another."""
        pid = self.engine.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda: self.engine.pid() != pid, 10, "the engine to be gone")
        self.engine.start()

    def alarm(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run a command on alarms; return its JSON."""
        command = [*MAIN, "alarm", *words, "--json", "--data", str(self.folder.path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def act(self, *words: str) -> dict[str, Any]:
        """Act, which must be accepted and change something; return the answer."""
        (answer,) = self.alarm(*words)["answers"]
        assert (answer["accepted"], answer["changed"]) == (True, True), answer
        found: dict[str, Any] = answer
        return found

    def listed(self, *options: str, subject: str = "mast-north") -> dict[str, Any] | None:
        """Return the alarm of an endpoint in a list, if it is there and the engine lives."""
        command = [*MAIN, "alarm", "list", *options, "--json", "--data", str(self.folder.path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        told = json.loads(done.stdout)
        assert done.returncode == (0 if told["engine_alive"] else 1)
        found = (alarm for alarm in told["alarms"] if alarm["subject"] == subject)
        return next(found, None) if told["engine_alive"] else None

    def shown(self, subject: str, state: str, within_s: float = 20.0) -> dict[str, Any]:
        """Wait until an alarm is shown in a state."""

        def look() -> dict[str, Any] | None:
            time.sleep(0.5)  # each look is a whole program: without a pause it takes the engine's processor
            found = self.listed("--all", subject=subject)
            return found if found is not None and found["shown_state"] == state else None

        return until(look, within_s, f"{subject} to be {state}")

    def pass_until(self, end: str) -> None:
        """Let the time that an alarm names come; who asks again and again only makes the machine slow."""
        time.sleep(max(0.0, datetime.fromisoformat(end).timestamp() - time.time()))

    def logged(self, number: int) -> list[tuple[str, str]]:
        """Return the kinds and operators of the log about an alarm, in order."""
        timeline = self.alarm("show", str(number))["timeline"]
        return [(each["kind"], each["operator"]) for each in timeline]


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shift]:
    """A shift whose engine is ended afterwards."""
    shift = Shift(tmp_path / "data")
    shift.engine.start()
    yield shift
    shift.engine.stop()
    shift.north.close()
    shift.south.close()


def test_an_acknowledgement_ends_and_what_was_done_survives_a_kill(shift: Shift) -> None:
    """Raised, acknowledged for a time that passes, assigned, ticked, noted; the engine is killed thrice."""
    number = str(shift.shown("mast-north", "unacknowledged")["number"])
    answer = shift.act("ack", number, "--for", "20s", "--note", "carrier called")
    assert "acknowledged" in answer["text"]
    seen = shift.listed()
    assert seen is not None
    assert (seen["shown_state"], seen["note"]) == ("acknowledged", "carrier called")
    assert seen["acknowledged_until"] > seen["acknowledged"]
    shift.kill()
    shift.act("assign", number, "--to", "Jo Meier")
    shift.act("tick", number, "2")
    shift.kill()
    shift.act("note", number, "engineer is on the way")
    shift.pass_until(seen["acknowledged_until"])
    again = shift.shown("mast-north", "unacknowledged", 60)
    assert (again["acknowledged_until"], again["owner"], again["steps_done"]) == (None, "Jo Meier", [2])
    assert str(again["number"]) == number
    shift.kill()
    shown = shift.alarm("show", number)
    assert [step["done"] for step in shown["card"]["steps"]] == [False, True]
    assert shown["card"]["call"] == "Radio duty engineer"
    assert [note["note"] for note in shown["notes"]] == ["carrier called", "engineer is on the way"]
    me = shown["notes"][0]["operator"]
    assert sorted(shift.logged(int(number))) == sorted(
        [
            ("alarm_raised", ""),
            ("alarm_acknowledged", me),
            ("alarm_assigned", me),
            ("alarm_step_ticked", me),
            ("note", me),
            ("alarm_acknowledgement_expired", ""),
        ]
    )
    # Nothing calls for it any more once it is over and seen.
    shift.act("ack", number)
    shift.north.listen()
    until(lambda: shift.listed("--all") is None, 30, "the alarm to end")
    ended = until(lambda: shift.listed("--ended-since", "1h"), 5, "the alarm among those that ended")
    assert (ended["state"], str(ended["number"])) == ("normal", number)
    (unchanged,) = shift.alarm("ack", number)["answers"]
    assert unchanged["changed"] is False
    assert unchanged["text"] == f"Alarm {number}: nothing to do, it has ended."


def test_a_shelf_ends_by_itself_and_a_one_shot_with_its_fault(shift: Shift) -> None:
    """Hidden meanwhile, with who and why; also when the engine is killed while it lies there."""
    number = str(shift.shown("mast-north", "unacknowledged")["number"])
    shift.act("shelve", number, "--for", "30s", "--reason", "technician on site")
    away = shift.listed("--shelved")
    assert away is not None
    assert (away["shelved_why"], away["one_shot"]) == ("technician on site", False)
    assert shift.listed() is None
    shift.kill()
    assert shift.shown("mast-north", "shelved")["shelved_until"] == away["shelved_until"]
    shift.pass_until(away["shelved_until"])
    back = shift.shown("mast-north", "unacknowledged", 60)
    assert (str(back["number"]), back["shelved_until"]) == (number, None)
    too_long = shift.alarm("shelve", number, "--for", "9h", "--reason", "x", code=1)["answers"][0]
    assert too_long["answer"] == "too_long"
    shift.act("shelve", number, "--for", "1h", "--reason", "known", "--one-shot")
    shift.kill()
    shift.shown("mast-north", "shelved")
    shift.north.listen()
    until(lambda: shift.listed("--all") is None, 40, "the shelf to end with the fault")
    kinds = [kind for kind, _ in shift.logged(int(number))]
    assert kinds == ["alarm_raised", "alarm_shelved", "alarm_unshelved", "alarm_shelved", "alarm_returned"]


def test_out_of_service_and_back(shift: Shift) -> None:
    """What fails meanwhile is measured and calls nobody; back in service it calls at once."""
    shift.shown("mast-north", "unacknowledged")
    answer = shift.act("out-of-service", "mast-south", "--reason", "is being rebuilt")
    out = shift.listed("--out-of-service", subject="mast-south")
    assert out is not None
    assert (out["cause"], out["out_of_service"]) == ("no_fault", "operator")
    assert out["out_of_service_why"] == "is being rebuilt"
    assert answer["subject"] == "mast-south"
    shift.south.refuse()
    until(lambda: (shift.listed("--all", subject="mast-south") or out)["cause"] == "down", 30, "the fault")
    assert shift.listed(subject="mast-south") is None
    status = _status(shift)
    assert "mast-south" not in [alarm["subject"] for alarm in status["alarms"]]
    assert "mast-south" in [alarm["subject"] for alarm in status["hidden_alarms"]]
    shift.kill()
    assert shift.shown("mast-south", "out_of_service")["out_of_service_by"] == out["out_of_service_by"]
    shift.act("in-service", "mast-south", "--reason", "is done")
    calls = shift.listed(subject="mast-south")
    assert calls is not None
    assert (calls["shown_state"], calls["out_of_service"]) == ("unacknowledged", "")
    kinds = {kind for kind, _ in shift.logged(calls["number"])}
    assert {"alarm_out_of_service", "alarm_in_service"} <= kinds


def test_acts_on_several_and_without_an_engine(shift: Shift) -> None:
    """Each alarm has its answer; where no engine runs nobody waits for one, and nothing is done."""
    shift.south.refuse()
    numbers = [str(shift.shown(f"mast-{way}", "unacknowledged", 30)["number"]) for way in ("north", "south")]
    answers = shift.alarm("ack", *numbers)["answers"]
    assert [(str(each["alarm"]), each["changed"]) for each in answers] == [(each, True) for each in numbers]
    assert shift.alarm("ack", *numbers)["answers"][0]["changed"] is False
    shift.engine.stop()
    inboxes = sorted(shift.folder.inbox.iterdir())
    began_s = time.monotonic()
    told = shift.alarm("note", numbers[0], "nobody hears", code=1)
    assert (told["engine_ran"], told["answers"]) == (False, [])
    assert time.monotonic() - began_s < 10
    assert sorted(shift.folder.inbox.iterdir()) == inboxes


def _status(shift: Shift) -> dict[str, Any]:
    command = [*MAIN, "status", "--json", "--data", str(shift.folder.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    told: dict[str, Any] = json.loads(done.stdout)
    return told
