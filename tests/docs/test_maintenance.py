"""docs/maintenance.md: its commands are understood as it says, and its tables are those of the program."""

from __future__ import annotations

import io
import json
import re
import shlex
from datetime import datetime
from pathlib import Path

import pytest

from controlroom.condition.maintenance.occurrences import occurrences
from controlroom.condition.maintenance.planning import LONGEST_RECURRING_S, MOST_TARGETS, refuse_bad_plan
from controlroom.condition.maintenance.standing import WindowStatus
from controlroom.condition.maintenance.wall_clock import zone_of
from controlroom.condition.maintenance.window import Flexible, OneOff, PlanKind, Recurring, kind_of
from controlroom.engine.maintenance_keeper import MOST_AHEAD
from controlroom.report.maintenance_words import occurrence_words, plan_words, rule_words
from controlroom.site.view import SeenRiskGroup
from tests.controlroom.condition.maintenance.windows import recurring, utc_s, window
from tests.controlroom.report.memory_store import view
from tests.ui.terminal.test_maintenance import NOW_UTC_S, Answering, acting, planned, windows
from ui.desk.keys import KEYS, Command
from ui.desk.maintenance.typed import Often
from ui.terminal.arguments import parse
from ui.terminal.maintenance import run_maintenance

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "maintenance.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())
BLOCKS = PAGE.split("```\n")[1::2]
EXAMPLES = BLOCKS[0].splitlines()
RULES = re.findall(r"^\| `(FREQ=[^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)


def run(line: str) -> Answering:
    """Run an example in a room that has what it names; return the room."""
    ducts = (SeenRiskGroup(id="duct-east", name="Duct east"),)
    store = Answering(site=view("mast-north", "crm").model_copy(update={"risk_groups": ducts}))
    program, *words = shlex.split(line)
    assert program == "controlroom"
    assert run_maintenance(parse(words), acting(store), io.StringIO()) == 0
    return store


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_can_be_typed(line: str) -> None:
    """As it stands there, and it is done."""
    run(line)


def test_each_kind_has_an_example_and_every_command_too() -> None:
    """What is planned is of the kind that the page says."""
    assert {parse(shlex.split(line)[1:]).maintenance for line in EXAMPLES} == {
        *("list", "plan", "end", "reclassify")
    }
    plans = [planned(run(line)).plan for line in EXAMPLES if " plan " in line]
    assert [type(plan) for plan in plans] == [OneOff, OneOff, Recurring, Flexible]


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_a_rule_says_what_the_page_says(rule: str, words: str) -> None:
    """In the words of the program; and it can be planned."""
    plan = Recurring(datetime.fromisoformat("2026-11-29T02:30"), 7200.0, rule)
    assert rule_words(plan) == words
    refuse_bad_plan(window(plan), NOW_UTC_S)


def test_the_night_of_the_clock_is_told_as_the_page_quotes() -> None:
    """Line by line, from the example that the page has."""
    sundays = recurring("FREQ=WEEKLY;BYDAY=SU", "2026-11-29T02:30", 7200.0)
    assert plan_words(sundays) == "every Sunday at 02:30 for 2 h, Europe/Berlin"
    assert "Every Sunday at 02:30 for 2 h, in Berlin" in PROSE
    year = (utc_s("2027-01-01T00:00Z"), utc_s("2028-01-01T00:00Z"))
    zone = zone_of("Europe/Berlin")
    told = [occurrence_words(each, zone, "Europe/Berlin") for each in occurrences(sundays, *year)]
    assert len(BLOCKS[1].splitlines()) == 2
    assert set(BLOCKS[1].splitlines()) <= set(told)


def test_the_keys_of_the_list_are_those_of_the_program() -> None:
    """Each once, with every status and kind by its code."""
    store = Answering(site=view("mast"), windows=windows())
    out = io.StringIO()
    run_maintenance(parse(["maintenance", "list", "--all", "--json"]), acting(store), out)
    read = json.loads(out.getvalue())
    table = PAGE.partition("| key | is |\n|---|---|\n")[2].partition("\n\n")[0]
    keys = [key for line in table.splitlines() for key in re.findall(r"`([a-z_]+)`", line.split(" | ")[0])]
    assert sorted(keys) == sorted(read["windows"][0])
    assert all(f"`{key}`" in PAGE for key in read)
    assert all(f"`{code}`" in table for code in (*WindowStatus, *PlanKind))
    assert {kind_of(planned(run(line)).plan) for line in EXAMPLES if " plan " in line} == {*PlanKind}


def test_the_planner_is_where_the_page_says_and_offers_what_it_says() -> None:
    """Its key, and the rules of the form."""
    (key,) = [key for key in KEYS if key.command is Command.MAINTENANCE]
    assert f"**{key.name}** opens the planner" in PROSE
    repeats = [often for often in Often if often not in (Often.ONCE, Often.FLEXIBLE)]
    assert all(f"*{often.value}*" in PROSE for often in repeats)


def test_the_bounds_on_the_page_are_those_of_the_program() -> None:
    """Numbers in the prose follow the code."""
    assert f"at most {MOST_TARGETS} in all" in PROSE
    assert f"At most {MOST_AHEAD} may be ahead" in PROSE
    assert f"one that recurs {LONGEST_RECURRING_S / 86_400:.0f} days" in PROSE


def test_the_readme_leads_to_the_page() -> None:
    """From the table of commands, and from the list of pages."""
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    commands, _, more = readme.partition("## More")
    assert "[docs/maintenance.md](docs/maintenance.md)" in commands
    assert "[docs/maintenance.md](docs/maintenance.md)" in more
