"""Pytest fixtures of the lab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab.namespace import LabNetwork, lab_available
from tests.lab.routers import RouterChain


@pytest.fixture(scope="session")
def running_lab() -> Iterator[LabNetwork]:
    """One lab for the whole run; tests use ``lab``, which puts it back first."""
    missing = lab_available()
    if missing is not None:
        pytest.skip(missing)
    with LabNetwork() as network:
        yield network


@pytest.fixture
def lab(running_lab: LabNetwork) -> LabNetwork:
    """A lab in which every host answers at once and nothing was seen yet."""
    running_lab.reset()
    return running_lab


@pytest.fixture
def routed_lab() -> Iterator[LabNetwork]:
    """A lab of this test's own with a default route, so that gateway and resolvers answer too."""
    missing = lab_available()
    if missing is not None:
        pytest.skip(missing)
    with LabNetwork(default_route=True) as network:
        yield network


@pytest.fixture
def routers() -> Iterator[RouterChain]:
    """Three real routers between here and a target, of this test's own."""
    missing = lab_available()
    if missing is not None:
        pytest.skip(missing)
    with RouterChain() as chain:
        yield chain
