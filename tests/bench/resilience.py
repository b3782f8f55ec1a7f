"""What it costs to say how many failures away services are from loss.

    python -m tests.bench.resilience [--services 100] [--endpoints 500] [--groups 100]

Live: a site with nested risk groups, shared endpoints and routers that others stand behind is looked at while
endpoints fail and return, one by one and fifty at a time. Beside it, in the same run, the naive way: every
service computed anew at each change by trying all single failures, then all pairs.

Large: *European 1* (61 basic events), all its 46,188 minimal cut sets by the diagram with time and memory,
those up to order 4, and a structure that is too large for a diagram.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from controlroom.resilience.bdd_of import TooLargeError
from controlroom.resilience.cut_family import EveryCut
from controlroom.resilience.cut_sets import cut_sets
from controlroom.resilience.diagram import Diagram
from controlroom.resilience.expression import Expression, Fails, all_of, any_of, components, fails
from controlroom.resilience.live import Resilience
from controlroom.resilience.observed import Observed
from controlroom.site.view import SeenEndpoint, SeenNeed, SeenService, SiteView
from tests.controlroom.resilience.rooms import endpoint, room, service
from tests.controlroom.resilience.systems import european_1

ROUNDS = 200
NAIVE_ROUNDS = 3


def large_room(services: int, endpoints: int, groups: int, chance: np.random.Generator) -> SiteView:
    """A site of that size: each service has 3 to 6 legs of 1 to 4 endpoints, in needs that are nested."""
    names = [f"e{number}" for number in range(endpoints)]
    routers = names[: endpoints // 20]
    seen: list[SeenEndpoint] = [endpoint(name) for name in routers]
    for name in names[len(routers) :]:
        ways = chance.choice(routers, int(chance.integers(0, 3)), replace=False)
        seen.append(endpoint(name, behind=[" | ".join(ways)] if len(ways) else []))
    risks = {
        f"g{number}": list(chance.choice(names, int(chance.integers(3, 20)), replace=False))
        for number in range(groups)
    }
    return room(seen, [_service(f"s{number}", names, chance) for number in range(services)], risks)


def _service(name: str, names: list[str], chance: np.random.Generator) -> SeenService:
    legs = int(chance.integers(3, 7))
    paths = {
        f"p{leg}": list(chance.choice(names, int(chance.integers(1, 5)), replace=False))
        for leg in range(legs)
    }
    ids = tuple(paths)
    inner = SeenNeed(at_least=2, of=ids[1:])
    return service(name, paths, SeenNeed(at_least=1, of=(ids[0], inner)))


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds of processor time it takes."""
    began_s = time.process_time()
    work()
    return (time.process_time() - began_s) * 1000


def naive_margin(lost: Expression, failed: frozenset[str]) -> int:
    """The margin up to 3, by trying."""
    if fails(lost, failed):
        return 0
    left = [name for name in components(lost) if name not in failed]
    for size in (1, 2):
        if any(fails(lost, failed.union(each)) for each in itertools.combinations(left, size)):
            return size
    return 3


def live(services: int, endpoints: int, groups: int) -> None:
    """Print what looks cost."""
    chance = np.random.default_rng(1)
    view = large_room(services, endpoints, groups, chance)
    made: list[Resilience] = []
    say(f"live: {services} services, {endpoints} endpoints, {groups} risk groups")
    say(f"  making the structures            {timed(lambda: made.append(Resilience(view))):8.1f} ms, once")
    resilience = made[0]
    say(f"  the first look at all            {timed(lambda: resilience.look(Observed())):8.1f} ms")
    names = [each.id for each in view.endpoints]
    for size in (1, 50):
        costs = []
        for _ in range(ROUNDS):
            failed = frozenset(chance.choice(names, size, replace=False).tolist())
            costs.append(timed(partial(resilience.look, Observed(failed=failed))))
        told = f"p50 {np.median(costs):6.1f}, greatest {max(costs):6.1f} ms"
        say(f"  {size:2} endpoints fail, others return   {told}")
    failed = frozenset(names[::2])
    unknown = frozenset(names[1::2])
    every = timed(lambda: resilience.look(Observed(failed=failed, unknown=unknown)))
    say(f"  half failed, half unknown at once{every:8.1f} ms")
    lost = [structure.lost for structure in resilience.structures.values()]
    one = frozenset(names[:1])
    naive = [timed(lambda: [naive_margin(each, one) for each in lost]) for _ in range(NAIVE_ROUNDS)]
    say(f"  naive, all by trying up to pairs {min(naive):8.1f} ms")


def large() -> None:
    """Print what large structures cost."""
    tree = european_1()
    began_s = time.perf_counter()
    counts = EveryCut(tree).counts()
    took_s = time.perf_counter() - began_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(f"European 1: {sum(counts.values()):,} minimal cut sets in {took_s:.1f} s, peak {peak_mb:.0f} MB")
    say(f"  up to order 4: {timed(lambda: cut_sets(tree, 4)):.0f} ms")
    chance = np.random.default_rng(2)
    leaves = [Fails(f"c{number}") for number in range(80)]
    chosen = [chance.choice(80, 2, replace=False).tolist() for _ in range(240)]
    too_large = all_of([any_of([leaves[one], leaves[other]]) for one, other in chosen])
    began_s = time.perf_counter()
    try:
        Diagram.of(too_large)
    except TooLargeError as error:
        say(
            f"80 components, 240 pairs: refused after {time.perf_counter() - began_s:.1f} s: {error.happened}"
        )
    found = cut_sets(too_large, 4)
    say(f"  looked through up to order {found.order}: {len(found.sets)} sets")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=100)
    parser.add_argument("--endpoints", type=int, default=500)
    parser.add_argument("--groups", type=int, default=100)
    asked = parser.parse_args()
    live(asked.services, asked.endpoints, asked.groups)
    large()
