"""Forms follow from declarations alone: every key of every type, with its words and limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, Field

from controlroom.probe import ProbeParameters
from controlroom.site.form import FieldKind, FormField, metrics_of, site_form
from controlroom.site.keys import COMMON_PROBE_KEYS
from controlroom.site.model import Endpoint
from controlroom.site.secret import SecretReference
from probes.registry import PROBE_TYPES

FORM = site_form(PROBE_TYPES)


def field(fields: tuple[FormField, ...], key: str) -> FormField:
    """Find a field by its key."""
    return next(each for each in fields if each.key == key)


def test_every_key_of_every_type_is_in_its_form_with_help() -> None:
    """No key can be set in the file and not in the form, and none stands there without a word."""
    for probe_form, probe_type in zip(FORM.probes, PROBE_TYPES.values(), strict=True):
        keys = {each.key for each in probe_form.fields}
        common = COMMON_PROBE_KEYS - {"type", "limits"}
        assert keys == common | set(probe_type.parameters.model_fields)
        assert all(each.help for each in probe_form.fields)
        assert probe_form.help == probe_type.help
    assert {each.key for each in FORM.endpoint} == set(Endpoint.model_fields) - {"probes"}


def test_limits_defaults_and_units_come_from_the_declaration() -> None:
    """A ping's payload and a probe's period say what they may be."""
    icmp = FORM.probe("icmp")
    assert icmp is not None
    payload = field(icmp.fields, "payload_bytes")
    assert (payload.label, payload.unit, payload.kind) == ("Payload", "bytes", FieldKind.WHOLE)
    assert (payload.least, payload.most, payload.default) == (16, 8972, 56)
    period, timeout = field(icmp.fields, "period_s"), field(icmp.fields, "timeout_s")
    assert (period.least, period.most, period.default, period.unit) == (0.2, 86400, 1.0, "s")
    assert (timeout.above, timeout.least, timeout.most) == (0, None, 60)
    assert field(icmp.fields, "ttl").label == "TTL"


def test_what_is_learnt_where_it_is_not_set_says_so() -> None:
    """The number of failures has no default, and its empty field says what holds."""
    icmp = FORM.probe("icmp")
    assert icmp is not None
    confirm = field(icmp.fields, "confirm_attempts")
    assert (confirm.kind, confirm.default, confirm.when_empty) == (
        FieldKind.WHOLE,
        None,
        "learned from the link",
    )
    assert field(icmp.fields, "return_attempts").when_empty == ""


def test_secrets_choices_texts_and_nested_tables_are_told_apart() -> None:
    """Each kind of key is edited in its own way."""
    snmp = FORM.probe("snmp")
    assert snmp is not None
    kinds = {each.key: each.kind for each in snmp.fields}
    assert kinds["community"] is FieldKind.SECRET
    assert kinds["version"] is FieldKind.CHOICE
    assert kinds["objects"] is FieldKind.TABLES
    objects = field(snmp.fields, "objects")
    assert [each.key for each in objects.fields] == ["oid", "metric", "unit", "scale", "title"]
    assert objects.most_items == 32
    endpoint = {each.key: each.kind for each in FORM.endpoint}
    assert endpoint["what_to_do"] is FieldKind.TEXT
    assert endpoint["name"] is FieldKind.LINE
    assert endpoint["risk_groups"] is FieldKind.NAMES
    assert endpoint["voice"] is FieldKind.TABLE
    assert endpoint["review_date"] is endpoint["agreement_expires"] is FieldKind.DATE
    assert {each.key for each in FORM.endpoint if each.required} == {"id", "name", "kind", "address"}


class Inner(BaseModel):
    """A nested table of a made-up type."""

    word: str = Field(description="A word.")


class MadeUp(ProbeParameters):
    """The parameters of a type that nobody has written a form for."""

    loud: bool = Field(False, description="Whether it is loud.")
    mode: Literal["one", "two"] = Field("one", description="Which of two.")
    level_dbm: float = Field(-70.0, ge=-150, le=0, description="The level.")
    password: SecretReference | None = Field(None, description="Where the password is kept.")
    inner: tuple[Inner, ...] = Field((), max_length=3, description="Nested tables.")


def test_a_new_type_has_its_form_without_a_line_of_code() -> None:
    """What a declaration says is all that a form needs."""
    made_up = replace(PROBE_TYPES["icmp"], name="made-up", parameters=MadeUp)
    form = site_form({"made-up": made_up}).probe("made-up")
    assert form is not None
    kinds = {each.key: each.kind for each in form.fields if each.key in MadeUp.model_fields}
    assert kinds == {
        "loud": FieldKind.YES_NO,
        "mode": FieldKind.CHOICE,
        "level_dbm": FieldKind.NUMBER,
        "password": FieldKind.SECRET,
        "inner": FieldKind.TABLES,
    }
    assert field(form.fields, "level_dbm").unit == "dBm"
    assert field(form.fields, "mode").choices == ("one", "two")


def test_a_choice_without_a_default_can_be_left_open() -> None:
    """Its first choice is none; one that has a default has no such choice."""
    voice = field(FORM.endpoint, "voice")
    assert voice.default == {}
    codec = field(voice.fields, "codec")
    assert (codec.kind, codec.default) == (FieldKind.CHOICE, None)
    assert codec.choices[:2] == ("", "no-voice")
    assert codec.choice_titles[:2] == ("not set here", "no voice")
    assert [each.label for each in voice.fields[-2:]] == ["Ie", "Bpl"]
    criticality = field(FORM.endpoint, "criticality")
    assert (criticality.choices[0], criticality.choice_titles) == ("critical", ())


def test_metrics_follow_the_parameters() -> None:
    """What limits may judge is what the probe would yield; wrong parameters yield nothing."""
    given = {"community": "file:c", "objects": [{"oid": "1.3.6.1.2.1.1.3.0", "metric": "uptime_s"}]}
    (uptime,) = metrics_of(PROBE_TYPES, "snmp", given)
    assert uptime.name == "uptime_s"
    assert metrics_of(PROBE_TYPES, "snmp", {}) == ()
    assert metrics_of(PROBE_TYPES, "none", {}) == ()
    (rtt,) = metrics_of(PROBE_TYPES, "icmp", {})
    assert (rtt.name, rtt.unit) == ("rtt_s", "s")


def test_what_a_type_knows_all_values_of_is_a_choice() -> None:
    """The templates, by their titles, none first; and which fields follow from what an endpoint is."""
    snmp, icmp = FORM.probe("snmp"), FORM.probe("icmp")
    assert snmp is not None
    assert icmp is not None
    template = field(snmp.fields, "template")
    assert template.kind is FieldKind.CHOICE
    assert template.choices[0] == template.default == ""
    assert dict(zip(template.choices, template.choice_titles, strict=True))["if-mib"] == (
        "Network interfaces  (if-mib)"
    )
    assert (snmp.identifies, icmp.identifies) == (("template", "rows"), ())
