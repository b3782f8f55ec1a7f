"""Which endpoints cannot be asked because this machine has no way out to them: one fault, ours. No I/O.

Rules:
1. An endpoint that is unknown for want of a route, while its IP version has no default route here, is without
   a way: that is one alarm of our own for all of them, and none of theirs. Those on our own networks, and
   those that lack a route although there is a way out, are judged as ever.
2. It stays so through a restart, and while we are cut off altogether, until it can be asked, or is seen to
   lack a route although there is a way out again. The alarm ends with the last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from controlroom.alarms.rules import OWN_REASONS
from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import Reason

NO_DEFAULT_ROUTE = "no_default_route"
"""The reason of the alarm."""


class WayOut:
    """Keeps the endpoints that there is no way to."""

    def __init__(self, states: Iterable[EndpointState] = ()) -> None:
        """Go on with those that an earlier engine found to be without a way."""
        self._beyond: frozenset[str] = frozenset()
        self._without = {state.endpoint_id for state in states if _lacks_route(state)}

    def set_beyond(self, endpoint_ids: frozenset[str]) -> None:
        """Tell the endpoints by whose IP version there is no way out of this machine now."""
        self._beyond = endpoint_ids

    @property
    def is_missing(self) -> bool:
        """Whether an endpoint cannot be asked for want of a way out."""
        return bool(self._without)

    def takes(self, state: EndpointState) -> bool:
        """Note an endpoint's state; return whether its fault is the missing way out (rules 1 and 2)."""
        endpoint_id = state.endpoint_id
        if not _lacks_route(state):
            if not (state.condition is Condition.UNKNOWN and state.reason in OWN_REASONS):
                self._without.discard(endpoint_id)
            return False
        if endpoint_id in self._beyond:
            self._without.add(endpoint_id)
        return endpoint_id in self._without

    def is_back_for(self, endpoint_id: str) -> bool:
        """Whether a question that found no route just now did so although there is a way out (rule 2)."""
        back = endpoint_id in self._without and endpoint_id not in self._beyond
        if back:
            self._without.discard(endpoint_id)
        return back

    def keep(self, endpoint_ids: Collection[str]) -> None:
        """Forget the endpoints that are watched no longer."""
        self._without.intersection_update(endpoint_ids)


def _lacks_route(state: EndpointState) -> bool:
    return state.condition is Condition.UNKNOWN and state.reason == Reason.NO_ROUTE
