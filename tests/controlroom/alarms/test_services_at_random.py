"""Faults of services against brute force: any room, any knowledge of it, any window of maintenance."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from controlroom.alarms.service_faults import Level, levels_of
from controlroom.resilience.expression import fails
from tests.controlroom.alarms.test_service_faults import looked, site

NAMES = "abcde"
SUBSET = st.sets(st.sampled_from(NAMES)).map(lambda names: "".join(sorted(names)))


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 5), SUBSET, SUBSET, SUBSET, SUBSET, SUBSET)
def test_what_is_certain_holds_however_the_unknown_turns_out(
    need: int, failed: str, unknown: str, planned: str, poor: str, down: str
) -> None:
    """Lost just where what truly failed loses it; never worse than may be; well where nothing failed."""
    unknown = "".join(set(unknown) - set(failed))
    planned = "".join(set(planned) - set(failed) - set(unknown))
    truly_down = set(down) & set(planned)
    view = site(NAMES, need)
    standing, structure = looked(view, failed, unknown, planned, "".join(set(poor) - set(failed + unknown)))
    certain, perhaps = levels_of(standing, structure, truly_down)
    truly = set(failed) | truly_down
    assert (certain is Level.LOST) == fails(structure.lost, truly)
    assert (perhaps is Level.LOST) == fails(structure.lost, truly | set(unknown))
    assert certain <= perhaps
    if not unknown:
        assert certain is perhaps
    if not failed and not truly_down:
        assert certain in (Level.WELL, Level.DEGRADED)
    if certain is Level.AT_RISK:
        assert failed or truly_down, "a plan alone puts nothing at risk"
        left = [name for name in NAMES if name not in failed + planned]
        assert len(left) <= need
