"""What may be named, and how its figures are named."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.host.parameters import HostParameters


@pytest.mark.parametrize("names", [("eth0", "ETH0"), ("eth0.1", "eth0-1"), ("a b",), ("",)])
def test_interfaces_that_cannot_be_named(names: tuple[str, ...]) -> None:
    """Names that would share a metric, or that are none, are refused."""
    with pytest.raises(ValidationError):
        HostParameters(interfaces=names)
