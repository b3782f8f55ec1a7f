"""The site file as it was read last, and which endpoint of it the form shows. It reads nothing itself."""

from __future__ import annotations

from controlroom.site.keeping import SiteOnDisk
from ui.desk.site_editor.draft import Tables, readable_tables


class ShownFile:
    """What list and form show."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.file: SiteOnDisk | None = None
        self.base: SiteOnDisk | None = None
        """The file as it was when the form began: what is saved builds upon it."""
        self.selected = ""
        self.shown_id: str | None = None
        """The endpoint that the form shows; ``None`` while that is a new one."""

    def tables(self) -> tuple[Tables, ...]:
        """Return the endpoints of the file, in its order."""
        return () if self.file is None else readable_tables(self.file.text)

    def table(self, endpoint_id: str) -> Tables | None:
        """Return an endpoint as the file has it."""
        return next((table for table in self.tables() if table.get("id") == endpoint_id), None)

    def ids(self) -> list[str]:
        """Return the endpoints' identifiers, in the order of the file."""
        return [str(table.get("id", "")) for table in self.tables()]
