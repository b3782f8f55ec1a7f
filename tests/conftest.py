"""What every test shares: no window on a real screen, the lab, and how long chance is given.

1. With ``CONTROLROOM_SOAK`` set, each property is tried a hundred times as often (``tests/soak.py``).
2. No property has a deadline of its own: a machine at work elsewhere is no mistake of the program.
3. What Python compiled is kept, for the program is started some hundred times.
4. The files that take longest run first (``tests/order.py``).
"""

from __future__ import annotations

import os
import signal
import sys

import pytest
from hypothesis import settings

from tests.order import rank
from tests.soak import SOAK

settings.register_profile("suite", deadline=None)
settings.register_profile("soak", max_examples=10_000, deadline=None)
settings.load_profile("soak" if SOAK else "suite")

# Python reads the variable when it starts: this is for what the tests start, and for pytest itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Where the tests themselves run under nohup, or behind a shell's "&", what they start must not inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.lab.fixtures"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; within a folder all stays as it was."""
    items.sort(key=lambda item: rank(item.nodeid))
