"""Has probes tested as the form has them, and endpoints asked what they are, one after another, in a thread.

What comes is shown in its section. Each test is a run of its own: what an earlier one still brings is never
shown as an answer of a later one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from controlroom.identification import Identification, Step
from controlroom.site.trial import TrialAnswer, TrialRequest
from ui.desk.site_editor import desk_work
from ui.desk.site_editor.draft import Tables
from ui.desk.site_editor.means import SiteEditing
from ui.desk.site_editor.probe_section import ProbeSection
from ui.desk.worker import Worker

TEST_COUNT = 3


@dataclass(slots=True, eq=False)
class _Run:
    """One test: where it is shown, and what came of it that is not shown yet. ``target`` is who is asked."""

    section: ProbeSection
    target: str
    identifies: bool = False
    answers: deque[TrialAnswer] = field(default_factory=deque)
    steps: deque[Step] = field(default_factory=deque)
    cancelled: bool = False
    shown: int = 0

    def end(self, found: object, failure: str) -> None:
        """Show in the section that it is over."""
        if self.identifies:
            self.section.end_identifying(
                self.target, found if isinstance(found, Identification) else None, failure
            )
        else:
            self.section.end_test(failure)


class TrialRunner:
    """Owns the thread that tests."""

    def __init__(self, means: SiteEditing) -> None:
        """Keep the means; nothing runs before ``start``."""
        self._means = means
        self._worker = Worker("desk-trial")
        self._runs: dict[str, _Run] = {}
        self._number = 0
        self._current: _Run | None = None

    def start(self) -> None:
        """Begin to take tests."""
        self._worker.start()

    def end(self) -> None:
        """Break off what is under way; its secrets are wiped."""
        self.drop()
        self._worker.end()

    def join(self, wait_s: float) -> None:
        """Wait for the thread."""
        self._worker.join(wait_s)

    def test(self, section: ProbeSection, address: str) -> None:
        """Test a section's probe, unless another test is under way."""
        keeper, trials, draft = self._means.keeper, self._means.trials, section.draft()
        run, request = _Run(section, address), _request(section, draft.parameters(), address)

        def work() -> None:
            if not run.cancelled:
                desk_work.try_probe(keeper, trials, request, draft, run.answers.append, lambda: run.cancelled)

        if self._begin(run, work):
            section.begin_test()

    def identify(self, section: ProbeSection, address: str) -> None:
        """Ask what the endpoint of a section's probe is, unless a test is under way."""
        keeper, trials, draft = self._means.keeper, self._means.trials, section.draft()
        run = _Run(section, address, identifies=True)
        request = _request(section, section.question(), address)

        def work() -> Identification | None:
            if run.cancelled:
                return None
            return desk_work.identify(keeper, trials, request, draft, run.steps.append, lambda: run.cancelled)

        if self._begin(run, work):
            section.begin_identifying()

    def _begin(self, run: _Run, work: Callable[[], object]) -> bool:
        """Put a test into the thread; say in its section where another one is under way."""
        if self._current is not None:
            run.end(None, "Another test is under way.")
            return False
        self._current = run
        self._number += 1
        job = f"trial-{self._number}"
        self._runs[job] = run
        self._worker.submit(job, work)
        return True

    def cancel(self) -> None:
        """Break off the test; it is shown until it has ended."""
        if self._current is not None:
            self._current.cancelled = True

    def drop(self, section: ProbeSection | None = None) -> None:
        """Break off the test of a section that goes, or whichever is under way; nothing of it is shown."""
        run = self._current
        if run is not None and section in (None, run.section):
            run.cancelled = True
            self._current = None

    def look(self) -> None:
        """Show what came since the last look."""
        self._show_answers()
        for done in self._worker.drain():
            run = self._runs.pop(done.job)
            if run is self._current:
                self._show_answers()
                # One that was cancelled fills nothing in, however far it had come.
                run.end(None if run.cancelled else done.result, done.failure)
                self._current = None

    def _show_answers(self) -> None:
        run = self._current
        while run is not None and run.answers:
            run.shown += 1
            run.section.show_answer(run.shown, run.answers.popleft())
        while run is not None and run.steps:
            run.section.show_step(run.steps.popleft())


def _request(section: ProbeSection, parameters: Tables, address: str) -> TrialRequest:
    timeout = section.draft().tables.get("timeout_s")
    waits_s = float(timeout) if isinstance(timeout, int | float) else None
    return TrialRequest(section.type_name, parameters, address, TEST_COUNT, waits_s)
