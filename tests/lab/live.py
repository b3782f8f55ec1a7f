"""The whole product against recorded links: a real 5G drive, a Starlink terminal, three mobile operators.

    sudo .venv/bin/python -m tests.lab.live [--view terminal|desk|none] [--for SECONDS] [--data FOLDER]

A network namespace is made whose hosts answer as the recordings say. The real engine asks them in there, on a
site that is written into the data folder, and the real terminal view or desk shows it out here. Each link is
pinged in two traffic classes side by side; two more hosts, near and always there, are the anchors. Needs root
for the namespace, and the recordings (``recording.py``). With ``--data`` what was measured is kept in that
data folder, which every command of the program then reads; else it goes. Without a view it runs until it is
interrupted, or for so many seconds.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from tests.end_to_end.room import Room
from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.recording import RECORDED, missing_recordings
from tests.lab.script import TargetScript

_FIRST_HOST = 101


def link_address(lab: LabNetwork, place: int) -> str:
    """Return the address that the recording of that place is played behind."""
    return lab.address(_FIRST_HOST + place)


def recorded_room(lab: LabNetwork, folder: Path) -> Room:
    """Set the hosts' scripts and return a room whose site has the anchors and all recorded links."""
    lab.script_all(TargetScript(delay_s=0.002, jitter_s=0.0005))
    room = Room(lab, folder, 2, data=folder)
    text = room.site.read_text(encoding="utf-8").replace('name = "Lab"', 'name = "Recorded links"')
    for place, recording in enumerate(RECORDED):
        lab.script(link_address(lab, place), recording.script())
        text += _endpoint_text(recording.id, recording.name, link_address(lab, place))
    room.site.write_text(text, encoding="utf-8")
    return room


def _endpoint_text(endpoint_id: str, name: str, address: str) -> str:
    return f"""
[[endpoints]]
id = "{endpoint_id}"
name = "{name}"
kind = "mobile-link"
address = "{address}"
criticality = "critical"
what_to_do = "This is a recording: watch it."

[[endpoints.probes]]
type = "icmp"
name = "voice"
dscp = "EF"

[[endpoints.probes]]
type = "icmp"
name = "data"
"""


def main() -> None:
    """Play the recordings and show them until the view is left, or for so many seconds."""
    parser = argparse.ArgumentParser(description="Run the whole product against recorded links.")
    parser.add_argument("--view", choices=("terminal", "desk", "none"), default="terminal")
    parser.add_argument("--for", dest="seconds", type=float, help="end after so many seconds")
    parser.add_argument("--data", type=Path, help="keep what is measured in this data folder")
    chosen = parser.parse_args()
    missing = lab_available() or missing_recordings()
    if missing is not None:
        sys.exit(f"No recorded link can be played: {missing}.")
    with LabNetwork() as lab, tempfile.TemporaryDirectory() as place:
        room = recorded_room(lab, chosen.data or Path(place))
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        room.start()
        try:
            _show(room, chosen.view, chosen.seconds)
        finally:
            room.end()


def _show(room: Room, view: str, seconds: float | None) -> None:
    """Run the view; closing it, or the end of the time, ends the show."""
    words = {"terminal": ["poll"], "desk": []}.get(view)
    with suppress(KeyboardInterrupt, subprocess.TimeoutExpired):
        if words is None:
            threading.Event().wait(seconds)
        else:
            command = room.command(*words, "--site", str(room.site))
            subprocess.run(command, timeout=seconds, check=False)


if __name__ == "__main__":
    main()
