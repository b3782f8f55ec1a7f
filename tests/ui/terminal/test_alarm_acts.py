"""What is done about alarms from a terminal: which act is put, and what is said of it, alarm by alarm."""

from __future__ import annotations

import io
import json
import shlex
from typing import Any

import pytest

from controlroom.errors import ControlroomError
from controlroom.logbook.act import ActKind
from controlroom.store.act_text import text_of
from tests.ui.terminal.acting_stories import Story
from ui.terminal.acting import LONGEST_S
from ui.terminal.alarm import run_alarm
from ui.terminal.arguments import parse
from ui.terminal.exit_codes import BAD_INPUT, exit_code_of

MASTS = ("mast-1", "mast-2", "mast-3", "mast-4")


def run(story: Story, typed: str) -> tuple[str, int]:
    """What is printed, and the exit code."""
    out = io.StringIO()
    code = run_alarm(parse(["alarm", *shlex.split(typed)]), story.acting, out)
    return out.getvalue(), code


def with_steps(story: Story) -> Story:
    """The same story, whose first endpoint says in two steps what to do."""
    assert story.store.site is not None
    first, *rest = story.store.site.endpoints
    first = first.model_copy(update={"what_to_do": "1. Move talk groups\x1b[2J.\n2. Call the engineer."})
    story.store.site = story.store.site.model_copy(update={"endpoints": (first, *rest)})
    return story


@pytest.mark.parametrize(
    ("typed", "kind", "details", "note"),
    [
        ("ack 12", ActKind.ACKNOWLEDGE, {}, ""),
        ("ack 12 --for 1h30m --note 'called “it”'", ActKind.ACKNOWLEDGE, {"for_s": 5400.0}, "called “it”"),
        (
            "shelve 12 --for 2h --reason 'on site'",
            ActKind.SHELVE,
            {"for_s": 7200.0, "justified": False, "one_shot": False},
            "on site",
        ),
        (
            "shelve 12 --for 1d --reason x --one-shot --justified",
            ActKind.SHELVE,
            {"for_s": 86400.0, "justified": True, "one_shot": True},
            "x",
        ),
        ("unshelve 12", ActKind.UNSHELVE, {}, ""),
        ("unshelve 12 --note mended", ActKind.UNSHELVE, {}, "mended"),
        ("reset 12 --note y", ActKind.RESET, {}, "y"),
        ("assign 12 --to 'Jo Meier'", ActKind.ASSIGN, {"owner": "Jo Meier"}, ""),
        ("assign 12 --to-nobody", ActKind.ASSIGN, {"owner": ""}, ""),
        ("note 12 'a b'", ActKind.NOTE, {}, "a b"),
        ("split 12", ActKind.SPLIT, {}, ""),
    ],
)
def test_the_act_says_what_was_typed(typed: str, kind: ActKind, details: dict[str, Any], note: str) -> None:
    """About the alarm, by who sits there, in a form that an inbox takes."""
    story = Story("mast-north")
    assert run(story, typed)[1] == 0
    (act,) = story.put_acts
    assert (act.kind, dict(act.details), act.note) == (kind, details, note)
    assert (act.alarm_number, act.subject, act.operator, act.role) == (12, "mast-north", "ann", "")
    assert text_of(act)
    assert (story.inboxes, story.closed) == (1, 1)


def test_a_tick_names_its_step_and_its_words() -> None:
    """So that the log says what was done; nothing in the words steers a screen."""
    story = with_steps(Story("mast-north"))
    assert run(story, "tick 12 1")[0] == "Alarm 12, step 1 done by ann: Mast North.\n"
    assert run(story, "tick 12 1") == ("Alarm 12: nothing to do, step 1 is done already.\n", 0)
    assert "not done after all" in run(story, "tick 12 1 --undo")[0]
    words = {"words": "Move talk groups\\x1b[2J."}
    assert [dict(act.details) for act in story.put_acts] == [
        {"step": 1, "done": True, **words},
        {"step": 1, "done": True, **words},
        {"step": 1, "done": False, **words},
    ]


def test_what_came_of_it_is_what_the_log_says() -> None:
    """For each alarm in the order typed; one that is named twice is done once."""
    story = Story(*MASTS)
    text, code = run(story, "ack 13 12 13 --note 'carrier called'")
    assert code == 0
    assert text.splitlines() == [
        "Alarm 13: nothing to do, it is shelved. The note is kept.",
        "Alarm 12 acknowledged by ann: Mast 1: down, no reply in time. Note: “carrier called”",
    ]
    assert run(story, "ack 12")[0] == "Alarm 12: nothing to do, it is acknowledged.\n"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("unshelve 12", "Alarm 12: nothing to do, it is on no shelf."),
        ("assign 12 --to jo", "Alarm 12: nothing to do, it is with jo already."),
        ("assign 13 --to-nobody", "Alarm 13: nothing to do, nobody has it in hand."),
        ("out-of-service mast-4 --reason x", "Mast 4: nothing to do, it is taken out of service."),
        ("in-service mast-1 --reason x", "Mast 1: nothing to do, it is in service."),
        (
            "unshelve 13 --note mended",
            "Alarm 13 taken off its shelf by ann: Mast 2: down, no reply in time. Note",
        ),
        ("in-service mast-4 --reason x", "Alarm 15 back in service by ann"),
        ("out-of-service mast-1 --reason 'is rebuilt'", "Alarm 12 taken out of service by ann"),
        ("note 12 'well known'", "Note by ann on alarm 12, Mast 1: “well known”"),
    ],
)
def test_what_was_so_already_is_said(typed: str, said: str) -> None:
    """It is no trouble, and never looks as if it had been done now."""
    text, code = run(Story(*MASTS), typed)
    assert code == 0
    assert text.startswith(said)


def test_a_refusal_says_why_and_what_may_be_done() -> None:
    """With exit 1."""
    text, code = run(Story("mast-north", refuses="too_long"), "shelve 12 --for 9h --reason x")
    assert code == 1
    assert text.startswith("Alarm 12: not done, because it is longer than the site allows")
    assert "--justified" in text


def test_without_an_engine_nothing_is_put() -> None:
    """Nobody waits for an answer that cannot come."""
    story = Story("mast-north")
    story.pid = None
    text, code = run(story, "ack 12")
    assert (code, story.put_acts, story.now_s) == (1, [], 0.0)
    assert text.startswith("No engine runs on /srv/room: nothing was done.")
    told = json.loads(run(story, "ack 12 --json")[0])
    assert (told["engine_ran"], told["answers"]) == (False, [])


def test_an_engine_that_ends_meanwhile_is_not_waited_for() -> None:
    """The act stays in the inbox for the next one."""
    story = Story("mast-north", takes_after_s=9.0)
    story.ends_at_s = 2.0
    text, code = run(story, "ack 12")
    assert code == 1
    assert text == "Alarm 12: not done yet, for the engine has ended meanwhile; the next one takes it.\n"
    assert story.now_s < 3.0


def test_an_engine_that_is_slow_is_waited_for_and_not_for_ever() -> None:
    """Fifteen seconds after the last answer, what has not come is said not to have come."""
    text, code = run(Story("mast-north", takes_after_s=9.0), "ack 12")
    assert code == 0
    assert "acknowledged by ann" in text
    story = Story("mast-north", takes_after_s=1000.0)
    text, code = run(story, "ack 12 --json")
    assert code == 1
    (answer,) = json.loads(text)["answers"]
    assert answer["accepted"] is None
    assert "has not answered within 15 s" in answer["text"]
    assert LONGEST_S <= story.now_s < LONGEST_S + 1


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("ack 12 98 97", "no-such-alarm", "There never was an alarm 97, 98; nothing was done."),
        ("show 98", "no-such-alarm", "There never was an alarm 98"),
        ("tick 12 3", "no-such-step", "The action card of alarm 12 has 2 steps"),
        ("out-of-service mast-nroth --reason x", "no-such-endpoint", "Did you mean mast-north?"),
    ],
)
def test_what_there_is_not_is_named_and_nothing_is_done(typed: str, code: str, said: str) -> None:
    """Not even to those that there are."""
    story = with_steps(Story("mast-north"))
    with pytest.raises(ControlroomError, match=said) as caught:
        run(story, typed)
    assert (caught.value.code, exit_code_of(caught.value.code)) == (code, BAD_INPUT)
    assert story.put_acts == []


def test_the_json_has_an_answer_for_each() -> None:
    """With the code of a refusal, and the words."""
    told = json.loads(run(Story("mast-north"), "ack 12 --json")[0])
    assert set(told) == {"at", "act", "operator", "simulated", "engine_ran", "answers"}
    assert (told["act"], told["operator"], told["engine_ran"]) == ("acknowledge", "ann", True)
    text = "Alarm 12 acknowledged by ann: Mast North: down, no reply in time."
    answer = {"alarm": 12, "subject": "mast-north", "accepted": True, "changed": True, "answer": ""}
    assert told["answers"] == [{**answer, "text": text}]
    told = json.loads(run(Story("mast-north", refuses="not_held"), "reset 12 --json")[0])
    assert (told["answers"][0]["accepted"], told["answers"][0]["answer"]) == (False, "not_held")


@pytest.mark.parametrize(
    "typed",
    [
        "ack",
        "ack 0",
        "ack twelve",
        "ack 12 --for 90",
        "ack 12 --for soon",
        "ack 12 --note ''",
        "ack 12 --note 'a\x1b[2J'",
        "shelve 12 --for 2h",
        "shelve 12 --reason x",
        "shelve 12 --for 2h --reason ' '",
        "assign 12",
        "assign 12 --to jo --to-nobody",
        f"assign 12 --to {'x' * 201}",
        "tick 12",
        "tick 12 51",
        "note 12",
        f"note 12 {'x' * 4001}",
        "list --shelved --all",
        "list --ended-since never",
        "out-of-service mast",
        "",
    ],
)
def test_bad_input_is_exit_two_and_one_sentence(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is read or put."""
    with pytest.raises(SystemExit) as caught:
        parse(["alarm", *shlex.split(typed)])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("controlroom alarm")
    assert said.count("\n") == 2
    assert "\x1b" not in said
