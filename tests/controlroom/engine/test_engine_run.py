"""One run of the engine from start to stop: what it writes, and that a fault of our own ends it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from controlroom.engine.engine import Engine
from controlroom.engine.foreground import run_engine, system_clocks
from controlroom.engine.parts import EngineParts
from controlroom.logbook.chain import first_break
from controlroom.logbook.entry import LogKind
from controlroom.measure.learnt import USUAL_SILENCE
from controlroom.measure.usual_silence import UsualSilence
from controlroom.probe import Metric, ProbeParameters, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, Reading, Reason
from controlroom.site.model import Endpoint, EndpointKind, Probe, Site
from controlroom.store.folder import DataFolder
from controlroom.store.interface import NOTHING_LEFT, Batch, EngineStore
from controlroom.store.lock import EngineLock
from controlroom.store.sqlite import open_engine_store, open_read_store
from tests.controlroom.engine.troubled_store import TroubledStore


class Answerer:
    """A prober that answers every question after a millisecond, as it is told to."""

    def __init__(self, context: ProberContext, answer: Callable[[Question], Reading]) -> None:
        """Keep the context and what to answer."""
        self._context = context
        self._answer = answer

    async def start(self) -> None:
        """Need nothing."""

    def ask(self, question: Question) -> None:
        """Answer soon, on the loop."""
        loop = asyncio.get_running_loop()
        loop.call_later(0.001, lambda: self._context.sink(self._answer(question)))

    async def stop(self) -> None:
        """Give nothing back."""

    def health(self) -> Mapping[str, float]:
        """Say nothing."""
        return {}


def replied(question: Question) -> Reading:
    """Answer as a healthy link does."""
    now = system_clocks()
    return Reading(
        question.probe,
        now.utc_s,
        now.monotonic_s,
        Outcome.REPLIED,
        values={"rtt_s": 0.001},
        beat=question.beat,
    )


def broken(question: Question) -> Reading:
    """Fail as only a mistake of our own does."""
    message = f"a mistake of our own about {question.probe}"
    raise RuntimeError(message)


def run_in(folder: DataFolder, answer: Callable[[Question], Reading], for_s: float) -> bool:
    """Run an engine of one endpoint on a fresh store, and give the store back."""
    folder.prepare()
    store = open_engine_store(folder)
    try:
        return asyncio.run(Engine(parts_of(store, answer)).run(for_s))
    finally:
        store.close()


def parts_of(store: EngineStore, answer: Callable[[Question], Reading]) -> EngineParts:
    """Build the parts of an engine of one endpoint."""
    probe_type = ProbeType(
        "icmp",
        "Ping",
        "",
        ProbeParameters,
        lambda _: (Metric("rtt_s", "s", "Round-trip time"),),
        lambda context: Answerer(context, answer),
        0.2,
        1.0,
    )
    probe = Probe(type="icmp", name="icmp", period_s=0.2, timeout_s=1.0, parameters=ProbeParameters())
    endpoint = Endpoint(
        id="mast", name="Mast", kind=EndpointKind.PARTNER, address="192.0.2.1", probes=(probe,)
    )
    return EngineParts(
        site=Site(name="Room", endpoints=(endpoint,)),
        site_digest="0" * 64,
        probe_types={"icmp": probe_type},
        store=store,
        resolve_secret=lambda reference: reference,
        own_addresses=frozenset,
        ways_out=lambda: None,
        clocks=system_clocks,
        version="test",
    )


def test_what_is_measured_is_in_the_store_when_it_ends(tmp_path: Path) -> None:
    """Readings, state and a whole log, whose first and last entries are the start and the stop."""
    folder = DataFolder(tmp_path / "data")
    assert run_in(folder, replied, 1.3) is True
    store = open_read_store(folder)
    assert [state.condition for state in store.states()] == ["up"]
    entries = store.entries()
    assert first_break(entries) is None
    assert entries[0].kind is LogKind.ENGINE_STARTED
    assert (entries[-1].kind, entries[-1].facts["cause"]) == (LogKind.ENGINE_STOPPED, "time_over")
    (reading,) = store.latest(10.0).values()
    assert reading.values == {"rtt_s": 0.001}
    store.close()


class WatchedStore(TroubledStore):
    """A store that notes what it committed, and in which order."""

    def __init__(self, path: Path) -> None:
        """Open it; nothing was committed yet."""
        super().__init__(path)
        self.committed: list[Batch] = []

    def commit(self, batch: Batch) -> None:
        """Commit, and note it."""
        super().commit(batch)
        self.committed.append(batch)


def test_a_transition_is_committed_at_once_and_not_with_the_second(tmp_path: Path) -> None:
    """Entry, state and alarm of an outage are one batch of their own, between two seconds of readings."""
    asked = 0

    def fails_soon(question: Question) -> Reading:
        nonlocal asked
        asked += 1
        answer = replied(question)
        if asked <= 5:
            return answer
        return replace(answer, outcome=Outcome.REFUSED, reason=Reason.STATUS_UNEXPECTED, values={})

    store = WatchedStore(tmp_path / "data")
    assert asyncio.run(Engine(parts_of(store, fails_soon)).run(3.0)) is True
    store.close()
    (down,) = (
        batch for batch in store.committed if any(entry.facts.get("to") == "down" for entry in batch.entries)
    )
    assert down.second is None
    assert [state.condition for state in down.states] == ["down"]
    assert [alarm.subject for alarm in down.alarms] == ["mast"]
    seconds = [place for place, batch in enumerate(store.committed) if batch.second is not None]
    assert seconds[0] < store.committed.index(down) < seconds[-1]


def test_what_a_link_has_shown_survives_its_engine(tmp_path: Path) -> None:
    """The next engine knows how long its answers take."""
    folder = DataFolder(tmp_path / "data")
    assert run_in(folder, replied, 1.3) is True
    store = open_engine_store(folder)
    (learnt,) = (each for each in store.remember().learnt if each.subject == USUAL_SILENCE)
    store.close()
    assert str(learnt.probe) == "mast/icmp"
    kept = json.loads(learnt.text)
    usual = UsualSilence.of(kept)
    assert usual.kept() == kept
    assert usual.first_loss_ratio < 0.05


def test_an_end_that_fails_leaves_no_word_of_all_being_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A prober that cannot be ended keeps the last entry from being written: nobody knows what is kept."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()

    async def fail(_: Answerer) -> None:
        raise RuntimeError

    monkeypatch.setattr(Answerer, "stop", fail)
    with pytest.raises(RuntimeError):
        run_engine(parts_of(open_engine_store(folder), replied), 0.3)
    assert EngineLock.holder(folder) is None
    assert EngineLock.last_words(folder) is None
    monkeypatch.undo()
    assert run_engine(parts_of(open_engine_store(folder), replied), 0.3)
    assert EngineLock.last_words(folder) == NOTHING_LEFT


def test_a_mistake_of_our_own_ends_the_engine_instead_of_hiding(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It does not run on with a prober that has fallen silent; the log says that it was a fault."""
    folder = DataFolder(tmp_path / "data")
    assert run_in(folder, broken, 10.0) is False
    store = open_read_store(folder)
    assert store.entries()[-1].facts["cause"] == "fault"
    assert "a mistake of our own" in caplog.text
    store.close()
