"""Which keys apply: as they are marked, and as the probe types themselves judge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, ValidationError

from controlroom.site.form import applying_keys, fields_of, site_form
from controlroom.site.only_with import only_with, only_without
from probes.registry import PROBE_TYPES

FORM = site_form(PROBE_TYPES)


class Door(BaseModel):
    """A lock behind a door, and a key that only some locks have."""

    door: bool = Field(False, description="Whether there is one.")
    lock: Annotated[str, only_with("door", True)] = Field("none", description="Its lock.")
    key: Annotated[str, only_without("lock", "none", "code")] = Field("", description="The key.")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {"door"}),
        ({"door": True}, {"door", "lock"}),
        ({"door": True, "lock": "code"}, {"door", "lock"}),
        ({"door": True, "lock": "bolt"}, {"door", "lock", "key"}),
        ({"door": False, "lock": "bolt"}, {"door"}),
        ({"door": None, "lock": "bolt"}, {"door"}),
    ],
)
def test_a_key_applies_beside_the_values_it_is_marked_with(
    values: dict[str, object], found: set[str]
) -> None:
    """By default too, and never where that on which it hangs does not apply."""
    assert applying_keys(fields_of(Door), values) == found


def snmp_keys(values: Mapping[str, object]) -> set[str]:
    """The keys about who asks that apply."""
    form = FORM.probe("snmp")
    assert form is not None
    about = {"community", "user", "auth_protocol", "auth", "privacy_protocol", "privacy"}
    return about & applying_keys(form.fields, values)


def test_each_version_of_snmp_has_its_own_keys_and_each_level_its_own() -> None:
    """A community, or a user; a password for each protocol that is chosen."""
    signs = {"user", "auth_protocol", "auth", "privacy_protocol"}
    assert snmp_keys({}) == snmp_keys({"version": "1"}) == {"community"}
    assert snmp_keys({"version": "3"}) == {"user", "auth_protocol"}
    assert snmp_keys({"version": "3", "auth_protocol": "SHA256"}) == signs
    whole = {"version": "3", "auth_protocol": "SHA256", "privacy_protocol": "AES128"}
    assert snmp_keys(whole) == {*signs, "privacy"}
    assert snmp_keys({**whole, "auth_protocol": "none"}) == {"user", "auth_protocol"}


def test_every_mark_names_a_key_of_the_same_type_and_values_that_it_may_have() -> None:
    """A slip of the pen would hide a field for ever."""
    for form in FORM.probes:
        known = {each.key: each for each in form.fields}
        for mark in (mark for each in form.fields for mark in each.only_with):
            choices = known[mark.key].choices or (True, False)
            assert set(mark.values) <= set(choices), (form.type, mark)


SNMP_3 = {"version": "3", "user": "u"}


@pytest.mark.parametrize(
    ("type_name", "given", "idle"),
    [
        ("snmp", {"community": "file:c"}, {"user": "u"}),
        ("snmp", {"community": "file:c"}, {"auth_protocol": "MD5"}),
        ("snmp", SNMP_3, {"community": "file:c"}),
        ("snmp", SNMP_3, {"auth": "file:a"}),
        ("snmp", SNMP_3, {"privacy": "file:p"}),
        ("snmp", SNMP_3, {"privacy_protocol": "AES128", "privacy": "file:p"}),
        ("snmp", {"community": "file:c"}, {"rows": ["interface/wan"]}),
        ("tcp", {"port": 1}, {"minimum_tls": "1.3"}),
        ("tcp", {"port": 1, "tls": True, "verify_certificate": False}, {"authorities": "/ca"}),
        ("http", {"method": "HEAD"}, {"body_pattern": "x"}),
        ("http", {"verify_certificate": False}, {"authorities": "/ca"}),
        ("sip", {"transport": "udp"}, {"authorities": "/ca"}),
    ],
)
def test_what_a_type_refuses_beside_the_others_is_not_in_its_form(
    type_name: str, given: dict[str, Any], idle: dict[str, Any]
) -> None:
    """So whoever goes by the form cannot meet the refusal."""
    form = FORM.probe(type_name)
    assert form is not None
    parameters = PROBE_TYPES[type_name].parameters
    parameters.model_validate(given, strict=False)
    with pytest.raises(ValidationError):
        parameters.model_validate({**given, **idle}, strict=False)
    assert set(idle) - applying_keys(form.fields, {**given, **idle})
