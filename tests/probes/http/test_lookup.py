"""Look-ups: one thread a name however many ask, and a resolver that hangs is given up in time."""

from __future__ import annotations

import asyncio
import threading
import time

from probes.http.lookup import MOST_AT_ONCE, LookUps


def test_a_resolver_that_hangs_costs_one_thread_a_name() -> None:
    """Everybody waits for the same look-up, nobody longer than wanted, and a late answer hurts nobody."""
    let_go = threading.Event()
    asked: list[str] = []

    def hang(name: str) -> list[str]:
        asked.append(name)
        let_go.wait(10)
        return ["192.0.2.1"]

    async def whole() -> None:
        look_ups = LookUps(hang)
        began_s = time.monotonic()
        assert await asyncio.gather(*(look_ups.addresses("a.example", 0.1) for _ in range(5))) == [[]] * 5
        names = [f"n{number}.example" for number in range(MOST_AT_ONCE + 5)]
        found = await asyncio.gather(*(look_ups.addresses(name, 0.1) for name in names))
        assert found == [[]] * len(names)
        assert time.monotonic() - began_s < 2
        assert asked.count("a.example") == 1
        assert len(asked) == MOST_AT_ONCE
        let_go.set()
        assert await look_ups.addresses("a.example", 2) == ["192.0.2.1"]

    asyncio.run(whole())
    let_go.set()


def test_a_name_without_addresses_has_none() -> None:
    """An error of the resolver's is no answer, and no break."""

    def fail(name: str) -> list[str]:
        raise OSError("no such name")

    assert asyncio.run(LookUps(fail).addresses("a.example", 2)) == []
