"""Which components are meant by what a person typed: endpoints, or risk groups with or without their mark."""

from __future__ import annotations

from collections.abc import Sequence

from controlroom.errors import ControlroomError
from controlroom.report.escaping import printable
from controlroom.resilience.component import group_component
from controlroom.site.mistakes import nearest
from controlroom.site.view import SiteView

UNKNOWN: str = "no-such-component"


def named_components(view: SiteView, typed: Sequence[str]) -> list[str]:
    """Return their names, each once; an endpoint goes before a risk group of the same id.

    Raise ``ControlroomError`` (``no-such-component``) with the nearest known id.
    """
    known = {group.id: group_component(group.id) for group in view.risk_groups}
    known |= {name: name for name in known.values()}
    known |= {endpoint.id: endpoint.id for endpoint in view.endpoints}
    for each in typed:
        if each not in known:
            close = nearest(each, known)
            happened = f"The site has neither an endpoint nor a risk group “{printable(each, 60)}”."
            advice = f"Did you mean {printable(close, 80)}?" if close else "Give the id of one of them."
            raise ControlroomError(UNKNOWN, happened, advice)
    return list(dict.fromkeys(known[each] for each in typed))
