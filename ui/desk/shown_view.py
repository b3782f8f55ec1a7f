"""Opens a view on a desk about what was asked for: an endpoint, or a service. It takes no picture.

Rules:
1. A view about services, of a site that has none, cannot be shown, and that is said.
2. ``service`` about an endpoint is the page of the first service with a path through it.
3. What is asked for is an endpoint's id or a service's; in a view about services a service goes before.
"""

from __future__ import annotations

from typing import Final

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.site.mistakes import nearest
from controlroom.site.view import SiteView
from ui.desk.application import Desk
from ui.desk.views import VIEWS

SERVICE: Final = "service"
WHAT_IF: Final = "what-if"


def select(desk: Desk, site: SiteView, asked_for: str) -> None:
    """Stand on an endpoint or a service; raise ``no-such-endpoint`` where the site has neither."""
    endpoints, services = _endpoints(site), [each.id for each in site.services]
    if asked_for in endpoints:
        desk.conductor.choose(asked_for)
    elif asked_for and asked_for not in services:
        close = nearest(asked_for, [*endpoints, *services])
        meant = f" Did you mean “{close}”?" if close else ""
        shown = printable(asked_for, 60)
        what = "endpoint or service" if services else "endpoint"
        raise ControlroomError("no-such-endpoint", f"There is no {what} “{shown}”.{meant}")


def open_view(desk: Desk, site: SiteView, view: str, asked_for: str) -> None:
    """Open a view of ``VIEWS``; raise ``nothing-to-show`` where it cannot be (rules 1 and 2)."""
    service_id = shown_service(site, view, asked_for)
    if service_id and view == SERVICE:
        desk.services.open(service_id)
    elif service_id and view == WHAT_IF:
        desk.what_if.open(service_id=service_id)
    else:
        VIEWS[view](desk)


def shown_service(site: SiteView, view: str, asked_for: str) -> str:
    """Return the service that a view is about; empty where it is about none in particular."""
    if view not in (SERVICE, WHAT_IF):
        return ""
    if not site.services:
        raise ControlroomError(
            "nothing-to-show", "The site has no services, so there is nothing to show of them."
        )
    if any(each.id == asked_for for each in site.services):
        return asked_for
    if view == WHAT_IF or not asked_for:
        return ""
    for service in site.services:
        if any(asked_for in path.endpoints for path in service.paths):
            return service.id
    shown = printable(asked_for, 60)
    raise ControlroomError("nothing-to-show", f"No service has a path through the endpoint “{shown}”.")


def _endpoints(site: SiteView) -> list[str]:
    return [each.id for each in site.endpoints]
