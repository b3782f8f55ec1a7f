"""The routers themselves: packets pass them one by one, and what is set holds."""

from __future__ import annotations

import os

import pytest

from tests.lab.routers import NODES, RouterChain, far

pytestmark = pytest.mark.lab


def test_a_packet_passes_three_routers(routers: RouterChain) -> None:
    """The kernel takes one from a packet's life at each; three lives do not suffice to reach the target."""
    ask = "import sys; from icmplib import ping; p = ping(sys.argv[1], 1, timeout=1); print(p.is_alive)"
    assert routers.run([".venv/bin/python", "-c", ask, far(4)]).stdout == "True\n"
    assert routers.run([".venv/bin/python", "-c", ask, far(4, 6)]).stdout == "True\n"
    shown = routers.run(["ip", "route", "get", far(4)], node="first").stdout
    assert far(2) in shown
    routers.take_detour()
    assert far(5) in routers.run(["ip", "route", "get", far(4)], node="first").stdout


def test_nothing_is_left_behind() -> None:
    """Neither namespaces nor cables, which go with them."""
    from tests.lab.namespace import NAMESPACES, lab_available

    if (missing := lab_available()) is not None:
        pytest.skip(missing)

    def ours() -> set[str]:
        """Names that this process made: others may have a lab at the same time."""
        made = NAMESPACES.iterdir() if NAMESPACES.exists() else ()
        return {path.name for path in made if path.name.startswith(f"crlab-{os.getpid()}-")}

    before = ours()
    with RouterChain():
        assert len(ours() - before) >= len(NODES)
    assert ours() == before
