"""The site file is read again: one act at a time, and a mistake changes nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from controlroom.engine.acts import Taken
from controlroom.engine.reloads import ReloadMeans, Reloads
from controlroom.engine.site_file import LoadedSite
from controlroom.errors import EngineError
from controlroom.logbook.act import Act, ActKind
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.store.interface import TakenAct
from tests.stories.world import site_of

LOADED = LoadedSite(site_of(["mast"]), "digest")


def asked(number: int) -> TakenAct:
    """Return an operator's wish to load the file again."""
    return TakenAct(Act(f"reload-{number}", ActKind.RELOAD, 1.0, "ann"), "desk-1", number)


class Room:
    """Notes what became of each act."""

    def __init__(
        self,
        read: Callable[[], LoadedSite] | None,
        refuse_unfit: Callable[[LoadedSite], None] = lambda _: None,
    ) -> None:
        """Read by this."""
        self.told: list[str] = []
        self._means = ReloadMeans(
            read=read, refuse_unfit=refuse_unfit, adopt=self._adopt, refused=self._refused, utc_s=lambda: 5.0
        )

    async def _adopt(self, loaded: LoadedSite, act: TakenAct) -> None:
        self.told.append(f"{act.act.id} begun")
        await asyncio.sleep(0)
        self.told.append(f"{act.act.id} {loaded.digest}")

    def _refused(self, refused: Taken) -> None:
        self.told.append(f"{refused.answer.act.id} {refused.answer.answer}")

    def run(self, acts: int) -> list[str]:
        """Let so many be asked at once, and return what became of them."""

        async def live() -> None:
            reloads = Reloads(self._means)
            for number in range(acts):
                reloads.begin(asked(number))
            await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}))

        asyncio.run(live())
        return self.told


def test_one_at_a_time_in_their_order_and_off_the_loop() -> None:
    """The second is not read before the first has been adopted."""
    threads: list[bool] = []

    def read() -> LoadedSite:
        threads.append(threading.current_thread() is threading.main_thread())
        return LOADED

    assert Room(read).run(2) == ["reload-0 begun", "reload-0 digest", "reload-1 begun", "reload-1 digest"]
    assert threads == [False, False]


def broken() -> LoadedSite:
    """Find a mistake in the file."""
    raise SiteError("site.toml", [Mistake("missing-key", "site.toml", 1, "name", "It is missing.", None, "")])


@pytest.mark.parametrize(("read", "code"), [(broken, "site_mistakes"), (None, "no_site_file")])
def test_a_file_that_cannot_be_read_is_refused(read: Callable[[], LoadedSite] | None, code: str) -> None:
    """With the code that tells why; the next is read all the same."""
    assert Room(read).run(2) == [f"reload-0 {code}", f"reload-1 {code}"]


def test_a_site_that_may_not_follow_is_refused() -> None:
    """It was read, and is not adopted."""

    def refuse(loaded: LoadedSite) -> None:
        raise EngineError("other-kind", loaded.digest)

    assert Room(lambda: LOADED, refuse).run(1) == ["reload-0 other_kind"]
