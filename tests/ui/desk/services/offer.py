"""Services for the room of the desk's tests: one that has lost a path, one unknown, others that are well."""

from __future__ import annotations

from controlroom.site.view import SeenRiskGroup
from controlroom.store.interface import Batch
from tests.controlroom.resilience.rooms import service
from tests.ui.desk.room import DEGRADED, DOWN, LOSSY, UNKNOWN, Room

CALLS = service("calls", {"West": ["switch-west"], "East": ["switch-east"]})
RADIO = service("radio", {"Hillcrest": [DOWN], "Moorside": ["moorside"]})
_OTHERS = (
    service("stores", {"Stores": [UNKNOWN], "Paper": ["council"]}, 2),
    service("vehicles", {"Ashby": [DEGRADED], "Marine": [LOSSY], "Drone": ["drone"]}),
    service("names", {"First": ["resolver-1"], "Second": ["resolver-2"]}),
    service("maps", {"Maps": ["maps"]}),
)
_MAST = SeenRiskGroup(id="mast", name="Moor mast", kind="mast", members=("moorside", "switch-west"))


def give_services(room: Room, count: int = 6) -> None:
    """Let the engine adopt a site with so many services, two at least."""
    more = (service(f"more-{place}", {"A": ["maps"], "B": ["sms"]}) for place in range(count - 6))
    services = (CALLS, RADIO, *_OTHERS, *more)[:count]
    room.site = room.site.model_copy(update={"services": services, "risk_groups": (_MAST,)})
    room.store.commit(Batch(site_json=room.site.model_dump_json()))
