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
from controlroom.reading import Outcome
from controlroom.site.form import metric_names, site_form
from controlroom.site.trial import TrialAnswer, TrialRequest
from probes.registry import PROBE_TYPES
from ui.desk.site_editor.means import SiteEditing
from ui.desk.site_editor.probe_section import ProbeSection
from ui.desk.site_editor.trial_runner import TrialRunner
from ui.desk.theme import Theme, load_fonts


class SlowTrials:
    """Answers after it was cancelled, as a process on its way out may."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: list[str] = []
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


@pytest.fixture
def trials() -> SlowTrials:
    """Trials that wait."""
    return SlowTrials()


@pytest.fixture
def means(tmp_path: Path, trials: SlowTrials) -> SiteEditing:
    """What the runner is given."""
    keeper = FileSiteKeeper(tmp_path / "site.toml", tmp_path, PROBE_TYPES, time.time)
    return SiteEditing(keeper, site_form(PROBE_TYPES), trials, partial(metric_names, PROBE_TYPES))


@pytest.fixture
def runner(means: SiteEditing) -> Iterator[TrialRunner]:
    """A runner at work."""
    runner = TrialRunner(means)
    runner.start()
    yield runner
    runner.end()
    runner.join(5.0)


@pytest.fixture
def make_section(qtbot: QtBot, means: SiteEditing) -> Callable[[], ProbeSection]:
    """Make sections of a form."""

    def make() -> ProbeSection:
        section = ProbeSection(Theme("dark", load_fonts()), means.form, {"type": "icmp"}, means.metric_names)
        qtbot.addWidget(section)
        return section

    return make


def test_a_late_answer_is_not_shown_as_one_of_the_next_test(
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[[], ProbeSection]
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
    qtbot: QtBot, runner: TrialRunner, trials: SlowTrials, make_section: Callable[[], ProbeSection]
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
