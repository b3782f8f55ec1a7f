"""docs/alarm-commands.md: its commands can be typed, and its keys and columns are those of the program."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pytest

from controlroom.report.export_table import COLUMNS, ExportKind
from tests.controlroom.report.memory_store import NOON_UTC_S
from tests.ui.terminal.acting_stories import Story
from ui.terminal.acting import LONGEST_S
from ui.terminal.alarm import run_alarm
from ui.terminal.alarm_acts import ACTS
from ui.terminal.alarm_json import alarm_json
from ui.terminal.arguments import parse
from ui.terminal.status import run_status

PAGE = (Path(__file__).parents[2] / "docs" / "alarm-commands.md").read_text(encoding="utf-8")
EXAMPLES = PAGE.partition("```\n")[2].partition("```")[0].splitlines()
MASTS = ("mast-1", "mast-2", "mast-3", "mast-4")


def row(title: str) -> list[str]:
    """The words in code of the row that begins so, without those of the title itself."""
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"| {title} |")]
    return re.findall(r"`([a-z_0-9]+)`", line.removeprefix(f"| {title} |"))


def told(typed: str) -> dict[str, object]:
    """The JSON of a command on alarms."""
    out = io.StringIO()
    run_alarm(parse(["alarm", *shlex.split(typed), "--json"]), Story(*MASTS).acting, out)
    read: dict[str, object] = json.loads(out.getvalue())
    return read


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_can_be_typed(line: str) -> None:
    """As it stands there."""
    program, *words = shlex.split(line)
    assert (program, parse(words).command) == ("controlroom", "alarm")


def test_every_command_stands_on_the_page() -> None:
    """With an example."""
    assert {parse(shlex.split(line)[1:]).alarm_command for line in EXAMPLES} == {
        *ACTS,
        "list",
        "show",
        "health",
    }


def test_the_keys_of_an_alarm_are_those_of_the_program() -> None:
    """Each once."""
    table = PAGE.partition("| key | is |\n|---|---|\n")[2].partition("\n\n")[0]
    keys = [key for line in table.splitlines() for key in re.findall(r"`([a-z_]+)`", line.split(" | ")[0])]
    assert sorted(keys) == sorted(alarm_json(Story("mast-north").store.all_alarms[0], 0))


@pytest.mark.parametrize(
    ("title", "typed"), [("`alarm list`", "list"), ("`alarm show`", "show 12"), ("what is done", "ack 12")]
)
def test_the_keys_of_each_answer_stand_on_the_page(title: str, typed: str) -> None:
    """All of them."""
    assert set(told(typed)) <= set(row(title))


def test_the_keys_of_the_parts_stand_on_the_page() -> None:
    """Of a card, and of one answer."""
    card = told("show 12")["card"]
    assert isinstance(card, dict)
    assert set(card) <= set(row("`alarm show`"))
    answers = told("ack 12")["answers"]
    assert isinstance(answers, list)
    assert set(answers[0]) <= set(row("what is done"))


def test_the_status_keeps_hidden_alarms_apart() -> None:
    """Under the keys that the page names, with the line that it quotes."""
    out = io.StringIO()
    run_status(Story(*MASTS).store, utc_s=NOON_UTC_S, json=True, out=out)
    read = json.loads(out.getvalue())
    assert set(row("`status`")) <= set(read)
    out = io.StringIO()
    run_status(Story(*MASTS).store, utc_s=NOON_UTC_S, json=False, out=out)
    assert "Not shown: 1 shelved, 1 suppressed, 1 out of service." in out.getvalue()
    assert "*Not shown: 2 shelved,\n3 suppressed, 1 out of service.*" in PAGE


def test_the_columns_of_the_export_are_those_of_the_program() -> None:
    """In their order."""
    columns = PAGE.rpartition("```\nnumber")[2].partition("```")[0]
    assert re.findall(r"[a-z_]+", f"number{columns}") == list(COLUMNS[ExportKind.ALARMS])


def test_the_time_that_is_waited_is_the_one_of_the_program() -> None:
    """Numbers in the prose follow the code."""
    assert f"within {LONGEST_S:.0f} s" in PAGE
