"""A reference to a secret: where it is kept, never the secret. It opens nothing.

A site file holds ``file:PATH`` (a file only its owner can read; a relative path starts at the data folder)
or ``keyring:SERVICE/USER``. Anything else may be the secret itself, so no message ever repeats it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

LONGEST_REFERENCE: Final = 512

LITERAL_SECRET: Final = "secret_literal"  # noqa: S105 - the code of a mistake, not a password
"""The pydantic error type of a value that is no reference."""


@dataclass(frozen=True, slots=True)
class FileSecret:
    """The secret is the content of a file; a relative path starts at the data folder."""

    path: str


@dataclass(frozen=True, slots=True)
class KeyringSecret:
    """The secret is kept by the operating system's keyring under a service and a user."""

    service: str
    user: str


def parse_reference(reference: str) -> FileSecret | KeyringSecret | None:
    """Read a reference; ``None`` where the text is none, and may therefore be a secret."""
    if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        return None
    scheme, _, place = reference.partition(":")
    if scheme == "file" and place.strip() == place and place:
        return FileSecret(place)
    service, _, user = place.partition("/")
    if scheme == "keyring" and service.strip() and user.strip():
        return KeyringSecret(service, user)
    return None


def _must_be_a_reference(value: str) -> str:
    if parse_reference(value) is None:
        raise PydanticCustomError(
            LITERAL_SECRET,
            "is no reference to a secret (what stands there is not shown, as it may be the secret itself)",
        )
    return value


SecretReference = Annotated[
    str,
    AfterValidator(_must_be_a_reference),
    Field(json_schema_extra={"format": "secret-reference"}),
]
"""A field that holds where a secret is kept. Usable as ``SecretReference`` or ``SecretReference | None``."""
