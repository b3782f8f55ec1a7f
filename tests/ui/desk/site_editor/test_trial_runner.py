"""Tests of probes one after another: each answer in its own section, under its own test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from controlroom.engine.site_keeper import FileSiteKeeper
from controlroom.finding import Doubt
from controlroom.identification import (
    FoundValue,
    Identification,
    Kind,
    OnStep,
    Setting,
    Stage,
    Step,
)
from controlroom.reading import Outcome, Reason
from controlroom.site.form import metrics_of, site_form
from controlroom.site.trial import TrialAnswer, TrialRequest
from probes.registry import PROBE_TYPES
from ui.desk.site_editor.means import SiteEditing
from ui.desk.site_editor.probe_section import ProbeSection
from ui.desk.site_editor.trial_runner import TrialRunner
from ui.desk.theme import Theme, load_fonts

ROWS = ("modem/A, upper", "modem/B")
FOUND = Identification(
    outcome=Outcome.REPLIED,
    description="A \x1b[31mrouter",
    object_id="1.3.6.1.4.1.99999",
    fits=(Kind(id="if-mib", title="Network interfaces", proven=True),),
    chosen=Kind(id="if-mib", title="Network interfaces", proven=True),
    values=(
        FoundValue(name="temperature_c", title="Temperature", unit="°C", number=41.5),
        FoundValue(name="rsrp_dbm", title="RSRP", unit="dBm", row=ROWS[1], lack="no number", raw="-9999"),
    ),
    rows=ROWS,
    settings=(Setting(key="template", value="if-mib"), Setting(key="rows", value=ROWS)),
    doubts=(Doubt("public", "Everybody knows the community.", "Set another."),),
)
SILENT = Identification(outcome=Outcome.NO_REPLY, reason=Reason.DEADLINE, advice="An agent may be silent.")


class SlowTrials:
    """Answers after it was cancelled, as a process on its way out may."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: list[str] = []
        self.requests: list[TrialRequest] = []
        self.found = FOUND
        self.go_on = threading.Event()

    def run(
        self,
        request: TrialRequest,
        on_answer: Callable[[TrialAnswer], None],
        cancelled: Callable[[], bool],
    ) -> None:
        """Wait for the test's word, then answer with how many tests there were."""
        self.asked.append(request.address)
        assert self.go_on.wait(5)
        on_answer(TrialAnswer(Outcome.REPLIED, values={"asked": float(len(self.asked))}))

    def identify(
        self, request: TrialRequest, on_step: OnStep, cancelled: Callable[[], bool]
    ) -> Identification | None:
        """Tell a step, wait for the test's word, then say what was found."""
        self.requests.append(request)
        on_step(Step(stage=Stage.READING, done=2, of=20, what="Modem"))
        assert self.go_on.wait(5)
        return self.found


@pytest.fixture
def trials() -> SlowTrials:
    """Trials that wait."""
    return SlowTrials()


@pytest.fixture
def means(tmp_path: Path, trials: SlowTrials) -> SiteEditing:
    """What the runner is given."""
    keeper = FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, time.time)
    return SiteEditing(keeper, site_form(PROBE_TYPES), trials, partial(metrics_of, PROBE_TYPES))


@pytest.fixture
def runner(means: SiteEditing) -> Iterator[TrialRunner]:
    """A runner at work."""
    runner = TrialRunner(means)
    runner.start()
    yield runner
    runner.end()
    runner.join(5.0)


@pytest.fixture
def make_section(qtbot: QtBot, means: SiteEditing) -> Callable[..., ProbeSection]:
    """Make sections of a form."""

    def make(**table: object) -> ProbeSection:
        shown = {"type": "icmp", **table}
        section = ProbeSection(Theme("dark", load_fonts()), means.form, shown, means.metrics_of)
        qtbot.addWidget(section)
        return section

    return make


def test_a_late_answer_is_not_shown_as_one_of_the_next_test(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """The form went on to another endpoint; what the dropped test still says is dropped with it."""
    first, second = make_section(), make_section()
    runner.test(first, "one.example")
    qtbot.waitUntil(lambda: trials.asked == ["one.example"])
    runner.drop()
    runner.test(second, "two.example")
    trials.go_on.set()

    def over() -> bool:
        runner.look()
        return not second.testing

    qtbot.waitUntil(over)
    assert trials.asked == ["one.example", "two.example"]
    assert first.answers.text() == "Asking…"
    assert second.answers.text().startswith("1.")
    assert "asked 2" in second.answers.text()
    assert "\n" not in second.answers.text()


def test_a_section_that_goes_takes_its_test_along(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """Nothing is shown in it any more, and the next test is free to begin."""
    gone, other = make_section(), make_section()
    runner.test(gone, "one.example")
    runner.test(other, "two.example")
    assert other.answers.text() == "Another test is under way."
    runner.drop(other)
    assert gone.testing
    runner.drop(gone)
    trials.go_on.set()
    runner.test(other, "two.example")
    assert other.answers.text() == "Asking…"


SNMP = {"type": "snmp", "community": "file:x", "timeout_s": 3.0}


def identified(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, section: ProbeSection, address: str = "10.0.0.9"
) -> str:
    """Ask what a section's endpoint is, to the end; return what is said of it."""
    trials.go_on.set()
    runner.identify(section, address)

    def over() -> bool:
        runner.look()
        return not section.testing

    qtbot.waitUntil(over)
    return section.answers.text()


def test_identifying_fills_in_what_follows(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """Template and rows stand in the fields, a comma within a name too; what was found is said, escaped."""
    section = make_section(**SNMP, template="apc-ups", rows=["phase/1"])
    changes: list[None] = []
    section.changed.connect(lambda: changes.append(None))
    said = identified(qtbot, runner, trials, section)
    parameters = section.draft().parameters()
    assert (parameters["template"], parameters["rows"]) == ("if-mib", list(ROWS))
    assert changes
    assert "Network interfaces (if-mib) fits and is filled in below. Nothing is saved yet." in said
    assert "2 rows are filled in: take out those that do not matter." in said
    assert "It tells: Temperature 41.5 °C. 1 value has no number now." in said
    assert "A \\x1b[31mrouter" in said
    assert "Warning: Everybody knows the community. Set another." in said
    (request,) = trials.requests
    assert (request.probe_type, request.address, request.timeout_s) == ("snmp", "10.0.0.9", 3.0)
    assert request.parameters == {"community": "file:x"}


def test_rows_that_somebody_chose_stay(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """Under the same template the choice of rows is the operator's."""
    section = make_section(**SNMP, template="if-mib", rows=["modem/B"])
    said = identified(qtbot, runner, trials, section)
    assert section.draft().parameters()["rows"] == ["modem/B"]
    assert "The rows that stood there stay; the device has 2." in said


def test_who_may_not_edit_sees_what_it_is_and_changes_nothing(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """Asking is for everybody."""
    section = make_section(**SNMP)
    section.set_read_only("Only who may configure changes the site.")
    said = identified(qtbot, runner, trials, section)
    assert "template" not in section.draft().parameters()
    assert "Nothing was filled in: Only who may configure changes the site." in said


def test_identifying_shows_how_far_it_is_and_can_be_cancelled(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """The one button cancels, the other waits; what was cancelled fills nothing in."""
    section = make_section(**SNMP)
    section.identify_wanted.connect(lambda each: runner.identify(each, "10.0.0.9"))
    section.cancel_wanted.connect(runner.cancel)
    section.identify.click()
    assert (section.identify.text(), section.test.isEnabled()) == ("Cancel", False)

    def told() -> bool:
        runner.look()
        return section.answers.text() == "Reading Modem: 3 of 20…"

    qtbot.waitUntil(told)
    section.identify.click()
    trials.go_on.set()

    def over() -> bool:
        runner.look()
        return not section.testing

    qtbot.waitUntil(over)
    assert section.answers.text() == "Cancelled; nothing was filled in."
    assert "template" not in section.draft().parameters()
    assert (section.identify.text(), section.test.isEnabled()) == ("Identify", True)


def test_a_device_that_is_silent_says_what_to_look_at(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[..., ProbeSection]
) -> None:
    """Nothing is filled in, and what stood there stays."""
    trials.found = SILENT
    section = make_section(**SNMP, template="apc-ups")
    said = identified(qtbot, runner, trials, section)
    assert said == "10.0.0.9 gave no answer.\nAn agent may be silent."
    assert section.draft().parameters()["template"] == "apc-ups"


def test_only_a_type_that_can_identifies(make_section: Callable[..., ProbeSection]) -> None:
    """The button is there for SNMP, and goes with the type."""
    section = make_section(**SNMP)
    assert not section.identify.isHidden()
    section.type_box.setCurrentIndex(section.type_box.findData("icmp"))
    assert section.identify.isHidden()


def test_a_template_that_is_not_known_stays_as_it_is(make_section: Callable[..., ProbeSection]) -> None:
    """A site file of a newer program loses nothing by being shown."""
    section = make_section(**SNMP, template="of-a-newer-program")
    assert section.draft().parameters()["template"] == "of-a-newer-program"
