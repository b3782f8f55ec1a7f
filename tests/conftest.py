"""What every test shares: no window on a real screen, the lab, and how long chance is given.

1. With ``CONTROLROOM_SOAK`` set, each property is tried a hundred times as often (``tests/soak.py``).
2. No property has a deadline of its own: a machine at work elsewhere is no mistake of the program.
3. What Python compiled is kept, for the program is started some hundred times.
"""

from __future__ import annotations

import os
import signal
import sys

from hypothesis import settings

from tests.soak import SOAK

settings.register_profile("suite", deadline=None)
settings.register_profile("soak", max_examples=10_000, deadline=None)
settings.load_profile("soak" if SOAK else "suite")

# Python reads the variable when it starts: this is for what the tests start, and for pytest itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Where the tests themselves run under nohup, the engines they start must not inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.lab.fixtures"]
