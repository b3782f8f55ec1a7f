"""How the alarms of a service are called: their subjects, written and read here. It judges nothing.

``service:<id>`` is the alarm of how far it is from loss; ``service:<id>:diversity`` tells that two of its
paths are apart no longer, ``service:<id>:standby`` that a path which nobody uses now would not work either.
"""

from __future__ import annotations

from typing import Final

SERVICE: Final = "service:"
DIVERSITY: Final = "diversity"
STANDBY: Final = "standby"
PATH: Final = "path"
"""In the name of one path of a service, ``service:<id>:path:<path>``, which no alarm has."""


def service_subject(service_id: str, part: str = "") -> str:
    """Name the alarm of a service, or of one part of it."""
    return f"{SERVICE}{service_id}:{part}" if part else f"{SERVICE}{service_id}"


def path_subject(service_id: str, path_id: str) -> str:
    """Name a path of a service, so that a reason may name it."""
    return f"{SERVICE}{service_id}:{PATH}:{path_id}"


def service_of(subject: str) -> str | None:
    """Return the id of the service that a subject is about; ``None`` where it is about none."""
    return subject.removeprefix(SERVICE).partition(":")[0] if subject.startswith(SERVICE) else None


def part_of_service(subject: str) -> str:
    """Return the part that a subject is about; empty where it is the service as a whole."""
    return subject.removeprefix(SERVICE).partition(":")[2] if subject.startswith(SERVICE) else ""
