"""One real agent for all tests of the folder, as starting one takes half a second; both stacks in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from probes.snmp.client import SnmpClient
from probes.snmp.gufo_client import GufoClient
from probes.snmp.pysnmp_client import PysnmpClient
from tests.lab import snmpd


@pytest.fixture(scope="package")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[snmpd.Agent]:
    """A running agent, or a skip that says why there is none."""
    reason = snmpd.why_not()
    if reason is not None:
        pytest.skip(reason)
    with snmpd.running_agent(tmp_path_factory.mktemp("snmpd")) as running:
        yield running


@pytest.fixture(params=[GufoClient, PysnmpClient], ids=["gufo", "pysnmp"])
def stack(request: pytest.FixtureRequest) -> Callable[[], SnmpClient]:
    """Each stack in turn."""
    chosen: Callable[[], SnmpClient] = request.param
    return chosen
