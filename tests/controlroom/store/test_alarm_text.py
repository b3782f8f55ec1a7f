"""What an alarm has beyond its columns comes back as it was, and what is no such thing is damage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controlroom.alarms.alarm import Alarm
from controlroom.store.alarm_text import more_of, text_of_more
from tests.controlroom.store.examples import alarm


def test_an_alarm_as_usual_needs_no_more() -> None:
    """What is as usual is not written."""
    assert text_of_more(alarm(1)) == "{}"


def test_it_comes_back_as_it_was() -> None:
    """Everything that an alarm may have besides comes back, each of its type."""
    full: Alarm = replace(
        alarm(1),
        acknowledged_until_utc_s=9.5,
        owner="Cem Aydın",
        steps_done="1,3",
        latching=True,
        off_delay_s=3.0,
        remind_s=60.0,
        shelved_utc_s=1.0,
        shelved_until_utc_s=2.5,
        shelved_by="ann",
        shelved_why='crew "at work"',
        one_shot=True,
        suppressed_by="behind:core",
        part_of=7,
        out_of_service="maintenance:3",
        out_of_service_by="ben",
        out_of_service_why="works",
    )
    assert replace(alarm(1), **more_of(text_of_more(full))) == full


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "3",
        '{"number": 4}',
        '{"colour": "red"}',
        '{"owner": 3}',
        '{"latching": 1}',
        '{"part_of": 7.5}',
        '{"part_of": true}',
        '{"remind_s": "soon"}',
        '{"remind_s": NaN}',
        '{"remind_s": true}',
    ],
)
def test_what_is_no_such_thing_is_damage(text: str) -> None:
    """Unknown fields and values of another type are refused."""
    with pytest.raises(ValueError, match=r"."):
        more_of(text)
