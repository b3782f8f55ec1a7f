"""What every test shares: no window on a real screen, the lab, and how long chance is given.

With ``CONTROLROOM_SOAK`` set, each property is tried a hundred times as often.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("soak", max_examples=10_000, deadline=None)
if os.environ.get("CONTROLROOM_SOAK"):
    settings.load_profile("soak")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.lab.fixtures"]
