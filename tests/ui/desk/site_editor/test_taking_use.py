"""A saved file is not yet a running one: what is said until it is."""

from __future__ import annotations

from ui.desk.site_editor.taking_use import TakingUse


class Bench:
    """An engine that is asked, and the words at the form."""

    def __init__(self, running: str = "before") -> None:
        """Let the engine run a file."""
        self.asked: list[str] = []
        self.said: list[str] = []
        self.use = TakingUse(self._reload, self.said.append)
        self.use.know_running(running, unsaved=False)

    def _reload(self, note: str) -> str:
        self.asked.append(note)
        return f"act-{len(self.asked)}"


def test_it_is_said_when_the_engine_has_taken_it() -> None:
    """Once, and with what is typed meanwhile."""
    bench = Bench()
    bench.use.begin("after", "mast changed", "“Mast” saved")
    for _ in range(2):
        bench.use.know_running("after", unsaved=True)
    assert bench.asked == ["mast changed"]
    assert bench.said == [
        "“Mast” saved. The engine is taking it…",
        "“Mast” saved. The engine has taken it. What is typed here is not saved yet.",
    ]
    assert bench.use.known == ("after", "after")


def test_what_runs_already_is_told_to_the_engine_all_the_same() -> None:
    """Its log tells what an operator did to the file."""
    bench = Bench("same")
    bench.use.begin("same", "mast changed", "“Mast” saved")
    assert (bench.asked, bench.said) == (["mast changed"], ["“Mast” saved. The engine runs this already."])


def test_a_refusal_is_said_of_the_newest_act_alone() -> None:
    """One of another act says nothing of this file."""
    bench = Bench()
    bench.use.begin("one", "first", "First")
    bench.use.begin("two", "second", "Second")
    bench.use.refused("act-1", "too late")
    bench.use.refused("act-2", "it has a mistake")
    assert bench.said[2:] == ["Second, but the engine did not take it: it has a mistake"]
