"""Has texts of the site compared in the thread of the disk, and shows what differs. It decides nothing.

Rule: a text that came to be elsewhere (outside, on another desk, in an older version) is shown beside the one
that it would replace before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from controlroom.site.keeping import KeptVersions, SiteKeeper
from ui.desk.site_editor import desk_work
from ui.desk.site_editor.desk_work import Conflict, Differing
from ui.desk.site_editor.offers import Offers
from ui.desk.worker import Worker

Say = Callable[[str], None]


class Differences:
    """Asks for what differs; the answers come back through the disk's thread and are shown here."""

    def __init__(self, disk: Worker, keeper: SiteKeeper, offers: Offers, say: Say) -> None:
        """Ask nothing yet; ``say`` takes words for whoever edits."""
        self._disk, self._keeper, self._offers, self._say = disk, keeper, offers, say

    def ask_for_versions(self) -> None:
        """Have the versions listed that are kept."""
        self._disk.submit("versions", lambda: desk_work.kept_versions(self._keeper))

    def ask_for_outside(self, running: str) -> None:
        """Have the file compared with the one that the engine runs, whose digest is given."""
        self._disk.submit("outside", lambda: desk_work.outside_change(self._keeper, running))

    def ask_for_outside_file(self) -> None:
        """Have the file that was changed outside looked into."""
        self._disk.submit("outside-file", lambda: desk_work.outside_file(self._keeper))

    def ask_since(self, text: str) -> None:
        """Have the file compared with a text that it had."""
        self._disk.submit("since", lambda: desk_work.since(self._keeper, text))

    def show_versions(self, parent: QWidget, kept: KeptVersions, zone: ZoneInfo) -> None:
        """List versions; one that is picked is compared with the file."""
        by_number = {version.number: version for version in kept.versions}

        def show(number: int) -> None:
            version = by_number[number]
            self._disk.submit("version", lambda: desk_work.version_beside_file(self._keeper, version))

        self._offers.show_versions(parent, kept, zone, show)

    def show(
        self, parent: QWidget, job: str, found: Differing, running: str, decide: Callable[[str], None]
    ) -> None:
        """Show what differs by the job that asked for it; ``decide`` takes the answer, if any."""
        if job == "version":
            self._offers.show_version(parent, found, decide)
        elif job == "since":
            self._offers.show_since(parent, found)
        elif found.digest == running:
            self._say("The site file is what the engine runs; nothing differs.")
        else:
            self._offers.show_outside(parent, found, decide)

    def show_conflict(
        self, parent: QWidget, job: str, found: Conflict, decide: Callable[[str], None]
    ) -> None:
        """Show what somebody else made of the endpoint that was to be written."""
        self._say("Not saved: somebody else changed this endpoint meanwhile.")
        self._offers.show_conflict(parent, found, job == "remove", decide)
