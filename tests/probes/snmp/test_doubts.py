"""What is amiss with how a device is asked: a community that everybody knows, the oldest version."""

from __future__ import annotations

import pytest

from controlroom.errors import SecretError
from probes.snmp.doubts import COMMUNITY_KNOWN, NO_ROWS, VERSION_1, doubts_of
from probes.snmp.parameters import SnmpParameters


@pytest.mark.parametrize("community", ["public", "Public", "private"])
def test_a_community_as_delivered_is_doubted(community: str) -> None:
    """Whatever file it stands in: the secret itself is what counts."""
    doubts = doubts_of(SnmpParameters(community="file:x"), lambda _reference: community)
    assert doubts == (COMMUNITY_KNOWN,)
    assert all(community not in doubt.words + doubt.cure for doubt in doubts)


def test_version_1_is_doubted_and_is_no_trouble() -> None:
    """A device that speaks nothing newer cannot be helped."""
    doubts = doubts_of(SnmpParameters(version="1", community="file:x"), lambda _reference: "lab")
    assert doubts == (VERSION_1,)
    assert not VERSION_1.grave


@pytest.mark.parametrize(
    ("given", "doubted"),
    [
        ({"template": "if-mib"}, True),
        ({"template": "bgp4-mib"}, True),
        ({"template": "if-mib", "rows": ("interface/wan",)}, False),
        ({"template": "if-mib", "objects": ({"oid": "1.3.6.1.9.0", "metric": "heat_c"},)}, False),
        ({"template": "ups-mib"}, False),
        ({}, False),
    ],
)
def test_a_probe_that_may_watch_nothing_but_its_uptime_is_doubted(
    given: dict[str, object], doubted: bool
) -> None:
    """Its template tells rows alone, and it names none."""
    parameters = SnmpParameters.model_validate({"community": "file:x", **given})
    assert doubts_of(parameters, lambda _reference: "lab") == ((NO_ROWS,) if doubted else ())


def test_all_else_is_well() -> None:
    """Also where the secret cannot be had, which is judged elsewhere."""

    def refuse(_reference: str) -> str:
        raise SecretError("secret-missing", "There is no file.")

    assert doubts_of(SnmpParameters(community="file:x"), lambda _reference: "lab") == ()
    assert doubts_of(SnmpParameters(community="file:x"), refuse) == ()
    assert doubts_of(SnmpParameters.model_validate({"version": "3", "user": "watch"}), refuse) == ()
