"""One real agent for all tests of the folder: starting one takes half a second."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import snmpd


@pytest.fixture(scope="package")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[snmpd.Agent]:
    """A running agent, or a skip that says why there is none."""
    reason = snmpd.why_not()
    if reason is not None:
        pytest.skip(reason)
    with snmpd.running_agent(tmp_path_factory.mktemp("snmpd")) as running:
        yield running
