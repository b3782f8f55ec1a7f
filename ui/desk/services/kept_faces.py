"""Keeps the tiles of services from one showing to the next; makes anew what changed. It paints nothing."""

from __future__ import annotations

from controlroom.alarms.service_subject import service_subject
from ui.desk.picture import Picture
from ui.desk.services.face import ServiceFace, service_face


class KeptFaces:
    """The faces that were made last, each with what it was made of."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept: dict[str, tuple[tuple[object, ...], ServiceFace]] = {}

    def of(self, picture: Picture, *, live: bool) -> list[ServiceFace]:
        """Return the tile of every service in the order of the site."""
        before, self._kept = self._kept, {}
        for seen in picture.site.services if picture.site is not None else ():
            standing = picture.standings.standings.get(seen.id)
            alarm = picture.alarm_about(service_subject(seen.id))
            # What did not change is the same object; a site that is loaded anew may have other names.
            made_of = (picture.site, standing, alarm, live)
            known = before.get(seen.id)
            if known is None or any(one is not other for one, other in zip(known[0], made_of, strict=True)):
                known = made_of, service_face(seen, standing, alarm, picture.name_of, live=live)
            self._kept[seen.id] = known
        return [face for _, face in self._kept.values()]
