"""Which lost endpoints have one cause in what they share. It keeps no alarm and decides no moment.

Rules:
1. A risk group all of whose endpoints are lost, two at least, is a cause: nobody need infer it. Of several
   the one that explains the most.
2. Otherwise a cause is inferred where the site wants it: so many endpoints, lost within so many seconds of
   each other, and those under suspicion with them at least half of all who share it and of whom anything was
   heard since the first of them fell. Of several the one that fits best: of those who share it and those
   lost, the most are both (Dice's measure), so that neither one mast is told as its region nor a region as
   its masts. Where that is equal, what the fewest share.
3. What is explained already, by an incident or by what it stands behind, is lost for the shares of rules 1
   and 2, and no reason for a further incident.
4. A cause that an operator has split is not offered again until none of its endpoints is lost.
5. A fault is worth a moment's wait while others under suspicion might make it fit.
6. What was found to be the cause stays it while enough of those who share it are lost, whenever each of them
   fell: who joined late proves no other cause.
Each change costs what the endpoint shares, not what the site has. All times are monotonic seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Sequence

from controlroom.condition.shared_risk import RiskKind, SharedRisk
from controlroom.site.alarm_settings import IncidentSettings

IsHeard = Callable[[str, float], bool]


def _everybody(endpoint_id: str, since_s: float) -> bool:
    return True


class _Falls:
    """When endpoints fell, in order: how many did in a span is told at once."""

    def __init__(self) -> None:
        self._ordered_s: list[float] = []
        self._of: dict[str, float] = {}

    def add(self, endpoint_id: str, fell_s: float) -> None:
        if endpoint_id not in self._of:
            self._of[endpoint_id] = fell_s
            insort(self._ordered_s, fell_s)

    def drop(self, endpoint_id: str) -> None:
        fell_s = self._of.pop(endpoint_id, None)
        if fell_s is not None:
            del self._ordered_s[bisect_left(self._ordered_s, fell_s)]

    def since(self, from_s: float) -> int:
        return len(self._ordered_s) - bisect_left(self._ordered_s, from_s)

    def oldest_since(self, from_s: float) -> float:
        return self._ordered_s[bisect_left(self._ordered_s, from_s)]

    @property
    def newest_s(self) -> float:
        return self._ordered_s[-1]

    def __len__(self) -> int:
        return len(self._ordered_s)

    def fell_s(self, endpoint_id: str) -> float:
        return self._of.get(endpoint_id, -math.inf)

    def ids_since(self, from_s: float) -> list[str]:
        found = [endpoint_id for endpoint_id, fell_s in self._of.items() if fell_s >= from_s]
        return sorted(found, key=lambda endpoint_id: self._of[endpoint_id])


class _Standing:
    """How what is shared stands: who of its endpoints is lost, unexplained, suspected."""

    def __init__(self, risk: SharedRisk) -> None:
        self.risk = risk
        self.lost: set[str] = set()
        self.open = _Falls()
        self.suspects: set[str] = set()
        self.is_split = False
        self.failed_at = 0
        """With so many gone more had been heard of; it is looked at again once there are clearly more."""


class CommonCauses:
    """What is shared, and who of it is lost."""

    def __init__(
        self, risks: Iterable[SharedRisk], settings: IncidentSettings, is_heard: IsHeard = _everybody
    ) -> None:
        """Begin with nobody lost. ``is_heard`` tells who answered a question that was sent since a time."""
        self._settings = settings
        self._is_heard = is_heard
        self._standings = {risk.subject: _Standing(risk) for risk in risks}
        self._of: dict[str, list[_Standing]] = {}
        for standing in self._standings.values():
            for endpoint_id in standing.risk.members:
                self._of.setdefault(endpoint_id, []).append(standing)
        self._open = _Falls()

    def risk(self, subject: str) -> SharedRisk | None:
        """Return what is shared by its subject."""
        standing = self._standings.get(subject)
        return None if standing is None else standing.risk

    def shares(self, endpoint_id: str) -> Sequence[str]:
        """Return the subjects of what an endpoint shares."""
        return [standing.risk.subject for standing in self._of.get(endpoint_id, ())]

    # -- what is told of endpoints ----------------------------------------------------------------

    def suspected(self, endpoint_id: str, *, is_suspected: bool) -> None:
        """Take whether an endpoint may be lost, which is not certain yet."""
        for standing in self._of.get(endpoint_id, ()):
            (standing.suspects.add if is_suspected else standing.suspects.discard)(endpoint_id)

    def lost(self, endpoint_id: str, fell_s: float) -> None:
        """Take it that an endpoint is lost, and that nothing explains it yet."""
        self._open.add(endpoint_id, fell_s)
        for standing in self._of.get(endpoint_id, ()):
            standing.suspects.discard(endpoint_id)
            standing.lost.add(endpoint_id)
            standing.open.add(endpoint_id, fell_s)

    def explained(self, endpoint_id: str) -> None:
        """Take it that an endpoint is lost for a reason that is known (rule 3)."""
        self._open.drop(endpoint_id)
        for standing in self._of.get(endpoint_id, ()):
            standing.suspects.discard(endpoint_id)
            standing.lost.add(endpoint_id)
            standing.open.drop(endpoint_id)

    def back(self, endpoint_id: str) -> None:
        """Take it that an endpoint is lost no longer."""
        self._open.drop(endpoint_id)
        for standing in self._of.get(endpoint_id, ()):
            standing.suspects.discard(endpoint_id)
            standing.lost.discard(endpoint_id)
            standing.open.drop(endpoint_id)
            standing.failed_at = 0
            if not standing.lost:
                standing.is_split = False

    def split(self, subject: str) -> None:
        """Take it that an operator wants the endpoints told one by one (rule 4)."""
        standing = self._standings.get(subject)
        if standing is not None and standing.lost:
            standing.is_split = True

    # -- what follows -----------------------------------------------------------------------------

    def fitting(self, endpoint_id: str) -> SharedRisk | None:
        """Return the cause that explains a lost endpoint together with others (rules 1 and 2)."""
        standings = [each for each in self._of.get(endpoint_id, ()) if not each.is_split]
        whole = [each for each in standings if self._is_whole(each)]
        if whole:
            return min(whole, key=lambda each: (-len(each.open), each.risk.rank)).risk
        found = [
            each
            for each in standings
            if self._is_inferred(each) and each.open.fell_s(endpoint_id) >= self._from_s(each)
        ]
        if not found:
            return None
        return min(found, key=lambda each: (-self._fit(each), each.risk.rank)).risk

    def explains(self, risk: SharedRisk) -> list[str]:
        """Return whose faults a cause explains that nothing explains yet, the first that fell first."""
        standing = self._standings[risk.subject]
        if self._is_whole(standing):
            return standing.open.ids_since(-math.inf)
        return standing.open.ids_since(self._from_s(standing))

    def still_fits(self, subject: str) -> bool:
        """Whether those who are lost and unexplained have this cause, now that some may be back (rule 6)."""
        standing = self._standings.get(subject)
        if standing is None or len(standing.open) == 0 or standing.is_split:
            return False
        if self._is_whole(standing):
            return True
        enough = self._settings.infer and len(standing.open) >= self._settings.least_members
        return enough and 2 * len(standing.lost) >= len(standing.risk.members)

    def is_worth_waiting(self, endpoint_id: str) -> bool:
        """Whether others under suspicion might yet make a cause fit (rule 5)."""
        return any(
            self._might_fit(each)
            for each in self._of.get(endpoint_id, ())
            if each.suspects and not each.is_split
        )

    def _is_whole(self, standing: _Standing) -> bool:
        if standing.risk.kind is not RiskKind.GROUP or len(standing.open) == 0:
            return False
        # Those explained otherwise make no incident of a single fault that is left.
        return len(standing.lost) == len(standing.risk.members) and len(standing.open) > 1

    def _is_inferred(self, standing: _Standing) -> bool:
        if not self._settings.infer or len(standing.open) < self._settings.least_members:
            return False
        together = standing.open.since(self._from_s(standing)) >= self._settings.least_members
        return together and self._is_half(standing)

    def _is_half(self, standing: _Standing) -> bool:
        """Whether at least half of those are lost or suspected of whom anything was heard since."""
        gone, members = len(standing.lost) + len(standing.suspects), standing.risk.members
        if 2 * gone >= len(members):
            return True
        if gone <= standing.failed_at + standing.failed_at // 8:
            return False
        since_s = standing.open.oldest_since(self._from_s(standing))
        heard = 0
        for endpoint_id in members:
            if endpoint_id not in standing.lost and endpoint_id not in standing.suspects:
                heard += self._is_heard(endpoint_id, since_s)
                if heard > gone:
                    standing.failed_at = gone
                    return False
        return True

    def _might_fit(self, standing: _Standing) -> bool:
        members, lost = len(standing.risk.members), len(standing.lost) + len(standing.suspects)
        if standing.risk.kind is RiskKind.GROUP and lost == members:
            return True
        together = len(standing.open) + len(standing.suspects)
        return self._settings.infer and together >= self._settings.least_members and self._is_half(standing)

    def _fit(self, standing: _Standing) -> float:
        """Return Dice's measure of those who share it and those lost with them."""
        from_s = self._from_s(standing)
        both = standing.open.since(from_s)
        return 2 * both / (len(standing.risk.members) + self._open.since(from_s))

    def _from_s(self, standing: _Standing) -> float:
        return standing.open.newest_s - self._settings.within_s
