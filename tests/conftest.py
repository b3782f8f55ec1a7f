"""What every test shares: no window on a real screen, the lab, and how long chance is given.

With ``CONTROLROOM_SOAK`` set, each property is tried a hundred times as often.
"""

from __future__ import annotations

import os
import signal

from hypothesis import settings

settings.register_profile("soak", max_examples=10_000, deadline=None)
if os.environ.get("CONTROLROOM_SOAK"):
    settings.load_profile("soak")

# Where the tests themselves run under nohup, the engines they start must not inherit that.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.lab.fixtures"]
