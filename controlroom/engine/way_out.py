"""Which endpoints cannot be asked because this machine has no way out to them: one fault, ours. No I/O.

Rules:
1. An endpoint that is unknown for want of a route, while its IP version has no default route here, is without
   a way: that is one alarm of our own for all of that version, and none of theirs. Those on our own networks,
   and those that lack a route although there is a way out, are judged as ever.
2. It stays so through a restart, and while we are cut off altogether, until it can be asked, or is seen to
   lack a route although there is a way out again. The alarm ends with the last.
3. After a restart it is not known which version an endpoint is without until it is asked; so long an alarm
   stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from controlroom.alarms.alarm import Cause
from controlroom.alarms.rules import OWN_REASONS
from controlroom.condition.state import Condition, EndpointState
from controlroom.reading import Reason

NO_DEFAULT_ROUTE: Final = "no_default_route"
"""The reason of the alarms."""

CAUSES: Final[Mapping[int, Cause]] = MappingProxyType({4: Cause.NO_WAY_OUT_V4, 6: Cause.NO_WAY_OUT_V6})
"""What the alarm is, by IP version."""

_UNSURE: Final = 0


class WayOut:
    """Keeps the endpoints that there is no way to, by IP version."""

    def __init__(self, states: Iterable[EndpointState] = ()) -> None:
        """Go on with those that an earlier engine found to be without a way."""
        self._beyond: Mapping[str, int] = {}
        self._without: dict[int, set[str]] = {version: set() for version in (*CAUSES, _UNSURE)}
        self._without[_UNSURE].update(state.endpoint_id for state in states if _lacks_route(state))

    def set_beyond(self, versions: Mapping[str, int]) -> None:
        """Tell the endpoints by whose IP version there is no way out of this machine, with the version."""
        self._beyond = versions

    def is_missing(self, version: int) -> bool | None:
        """Whether endpoints cannot be asked for want of a way out; ``None`` where nobody knows (rule 3)."""
        return bool(self._without[version]) or (None if self._without[_UNSURE] else False)

    def takes(self, state: EndpointState) -> bool:
        """Note an endpoint's state; return whether its fault is the missing way out (rules 1 and 2)."""
        endpoint_id = state.endpoint_id
        if not _lacks_route(state):
            if not (state.condition is Condition.UNKNOWN and state.reason in OWN_REASONS):
                self._put(endpoint_id, None)
            return False
        if endpoint_id in self._beyond:
            self._put(endpoint_id, self._beyond[endpoint_id])
        return self._of(endpoint_id) is not None

    def shows_anew(self, endpoint_id: str) -> bool:
        """Whether a question that found no route just now tells more of what was known (rules 2 and 3)."""
        known, found = self._of(endpoint_id), self._beyond.get(endpoint_id)
        if known is None or known == found:
            return False
        self._put(endpoint_id, found)
        return True

    def keep(self, endpoint_ids: Collection[str]) -> None:
        """Forget the endpoints that are watched no longer."""
        for without in self._without.values():
            without.intersection_update(endpoint_ids)

    def _of(self, endpoint_id: str) -> int | None:
        return next((version for version, without in self._without.items() if endpoint_id in without), None)

    def _put(self, endpoint_id: str, version: int | None) -> None:
        for each, without in self._without.items():
            if each == version:
                without.add(endpoint_id)
            else:
                without.discard(endpoint_id)


def _lacks_route(state: EndpointState) -> bool:
    return state.condition is Condition.UNKNOWN and state.reason == Reason.NO_ROUTE
