"""The parameters of an SNMP probe and their rules. Secrets are named here, never held."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from controlroom.probe import ProbeParameters
from controlroom.site.only_with import only_with, only_without
from controlroom.site.secret import SecretReference
from probes.snmp.client import AuthProtocol, PrivacyProtocol, Version
from probes.snmp.identifiers import Label, MetricName, Oid
from probes.snmp.plan import metrics_told, rows_told
from probes.snmp.template_library import templates

MAXIMUM_ROWS = 64
MAXIMUM_OBJECTS = 32
"""Objects of one probe; more would not fit one unfragmented answer."""


class SnmpObject(BaseModel):
    """One scalar object that is read, and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oid: Oid = Field(description="The object with its instance, in numbers, such as 1.3.6.1.2.1.1.3.0.")
    metric: MetricName = Field(description="The value's name, ending in its unit, such as rsrp_dbm.")
    unit: Label = Field("", description="The unit as people read it, such as dBm.")
    scale: float = Field(
        1.0, allow_inf_nan=False, description="What the device's number is multiplied by to have that unit."
    )
    title: Label = Field("", description="The value's name for people; its metric by default.")

    @model_validator(mode="after")
    def _keep_arcs(self) -> Self:
        arcs = [int(arc) for arc in self.oid.strip(".").split(".")]
        if arcs[0] < 2 and arcs[1] > 39:
            raise ValueError("oid: after 0 or 1, the second number is at most 39")
        if max(arcs) > 0xFFFFFFFF:
            raise ValueError("oid: each number is at most 4294967295")
        if self.scale == 0:
            raise ValueError("scale: may not be 0")
        return self

    @property
    def name(self) -> str:
        """The identifier as it is asked: without a leading dot."""
        return self.oid.removeprefix(".")


UPTIME = SnmpObject(oid="1.3.6.1.2.1.1.3.0", metric="uptime_s", unit="s", scale=0.01, title="Agent up for")
"""sysUpTime, which every agent has (RFC 3418): hundredths of a second since the agent started."""


class SnmpParameters(ProbeParameters):
    """How an agent is asked, and for what. Secrets are references, never the secret itself."""

    version: Version = Field(Version.V2C, description="Which SNMP the device speaks: 1, 2c or 3.")
    port: int = Field(161, ge=1, le=65535, description="The UDP port the agent listens on.")
    community: Annotated[SecretReference | None, only_with("version", "1", "2c")] = Field(
        None, description="Where the community is kept: file:PATH or keyring:SERVICE/USER."
    )
    user: Annotated[str, Field(max_length=32, pattern=r"^[^\x00-\x1f\x7f]*$"), only_with("version", "3")] = (
        Field("", description="The user's name.")
    )
    auth_protocol: Annotated[AuthProtocol, only_with("version", "3")] = Field(
        AuthProtocol.NONE,
        description="How messages are signed: none, MD5, SHA1, SHA224, SHA256, SHA384 or SHA512.",
    )
    auth: Annotated[SecretReference | None, only_without("auth_protocol", "none")] = Field(
        None, description="Where the signing password is kept: file:PATH or keyring:SERVICE/USER."
    )
    privacy_protocol: Annotated[PrivacyProtocol, only_without("auth_protocol", "none")] = Field(
        PrivacyProtocol.NONE,
        description="How messages are encrypted: none, DES, AES128, AES192, AES256, or AES192C and AES256C"
        " for devices that make the long key as Cisco does.",
    )
    privacy: Annotated[SecretReference | None, only_without("privacy_protocol", "none")] = Field(
        None, description="Where the encryption password is kept: file:PATH or keyring:SERVICE/USER."
    )
    template: Annotated[str, Field(max_length=63)] = Field(
        "",
        description="The template of the device's kind, such as teltonika-rutx. What fits a device tells:"
        " controlroom snmp identify HOST.",
    )
    rows: Annotated[tuple[Label, ...], only_without("template", "")] = Field(
        (),
        max_length=MAXIMUM_ROWS,
        description="The rows of the template's tables that are told, as TABLE/NAME, such as interface/wan."
        " Of a table with one row that one is told without being named.",
    )
    objects: tuple[SnmpObject, ...] = Field(
        (UPTIME,),
        min_length=1,
        max_length=MAXIMUM_OBJECTS,
        description="The objects read; the agent's uptime by default.",
    )

    @field_validator("objects", mode="before")
    @classmethod
    def _not_too_many_objects(cls, given: object) -> object:
        return _at_most(given, MAXIMUM_OBJECTS, "objects")

    @field_validator("rows", mode="before")
    @classmethod
    def _not_too_many_rows(cls, given: object) -> object:
        return _at_most(given, MAXIMUM_ROWS, "rows")

    @property
    def asked_objects(self) -> tuple[SnmpObject, ...]:
        """The objects that are read besides the template; the uptime gives way to the template's own."""
        template = templates().get(self.template)
        own = {value.name for value in template.values} if template is not None else set()
        return tuple(each for each in self.objects if each != UPTIME or UPTIME.metric not in own)

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        # 1. Versions 1 and 2c need a community and know no user; version 3 the other way round.
        # 2. Signing needs its password, and no password stands without signing; likewise encryption.
        # 3. Encryption needs signing (RFC 3414 has no level with privacy alone).
        # 4. Each object and each metric stands once, those of the template among them.
        # 5. A template is one that is known, and rows belong to a table of it.
        mistakes = [*self._credential_mistakes(), *self._object_mistakes()]
        mistakes += self._template_mistakes() if not mistakes else []
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def _credential_mistakes(self) -> list[str]:
        if self.version is not Version.V3:
            mistakes = [] if self.community else [f"community: version {self.version} needs one"]
            given = self.model_fields_set & {
                "user",
                "auth_protocol",
                "auth",
                "privacy_protocol",
                "privacy",
            }
            return mistakes + [f"{name}: belongs to version 3 only" for name in sorted(given)]
        mistakes = [] if self.user else ["user: version 3 needs one"]
        if self.community:
            mistakes.append("community: belongs to versions 1 and 2c only")
        if (self.auth_protocol is AuthProtocol.NONE) != (self.auth is None):
            mistakes.append("auth: a signing protocol and its password come together")
        if (self.privacy_protocol is PrivacyProtocol.NONE) != (self.privacy is None):
            mistakes.append("privacy: an encryption protocol and its password come together")
        if self.privacy_protocol is not PrivacyProtocol.NONE and self.auth_protocol is AuthProtocol.NONE:
            mistakes.append("privacy_protocol: encryption needs signing as well")
        return mistakes

    def _template_mistakes(self) -> list[str]:
        if not self.template:
            return ["rows: belong to a template"] if self.rows else []
        template = templates().get(self.template)
        if template is None:
            near = get_close_matches(self.template, templates(), 1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            return [
                f"template: there is no {self.template!r}{hint}; controlroom snmp templates lists them all"
            ]
        strange = [row for row in self.rows if row.partition("/")[0] not in template.tables or "/" not in row]
        if strange:
            tables = ", ".join(template.tables) or "none"
            return [f"rows: {row!r} is no TABLE/NAME; the tables are: {tables}" for row in strange]
        names = [metric.name for metric in metrics_told(template, rows_told(template, self.rows))]
        names += [wanted.metric for wanted in self.asked_objects]
        return [f"rows: {name} would stand twice" for name in sorted(set(names)) if names.count(name) > 1]

    def _object_mistakes(self) -> list[str]:
        metrics = [wanted.metric for wanted in self.objects]
        names = [wanted.name for wanted in self.objects]
        mistakes = [
            f"objects: {metric} stands twice" for metric in sorted(set(metrics)) if metrics.count(metric) > 1
        ]
        return mistakes + [
            f"objects: {name} stands twice" for name in sorted(set(names)) if names.count(name) > 1
        ]


def _at_most(given: object, most: int, what: str) -> object:
    """Refuse more than one probe may have, with what to do."""
    if not isinstance(given, list | tuple):
        return given
    if len(given) > most:
        raise ValueError(
            f"one probe reads at most {most} {what}, and these are {len(given)}:"
            " give the rest to a second one"
        )
    return tuple(given)  # behind this, strict validation takes no list for it
