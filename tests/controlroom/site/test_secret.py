"""References to secrets: which are taken, and that a refused text is never repeated."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from controlroom.site.secret import FileSecret, KeyringSecret, parse_reference
from tests.controlroom.site.declared import DeviceParameters


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("file:/etc/x y/secret", FileSecret("/etc/x y/secret")),
        ("file:secrets/mast", FileSecret("secrets/mast")),
        ("keyring:controlroom/mast", KeyringSecret("controlroom", "mast")),
        ("keyring:a/b/c", KeyringSecret("a", "b/c")),
    ],
)
def test_a_reference_is_taken(reference: str, expected: object) -> None:
    """Files and keyring entries are read apart."""
    assert parse_reference(reference) == expected
    assert DeviceParameters(secret=reference).secret == reference


@pytest.mark.parametrize(
    "text",
    [
        "public",
        "",
        "file:",
        "file: /x",
        "keyring:x",
        "keyring:/x",
        "keyring:x/",
        "FILE:/x",
        "file:/x\x00",
        "file:/x\ny",
        "http://x",
        "file:/" + "x" * 600,
    ],
)
def test_anything_else_is_refused_and_not_repeated(text: str) -> None:
    """A refused text may be the secret itself: the error does not show it."""
    assert parse_reference(text) is None
    with pytest.raises(ValidationError) as caught:
        DeviceParameters(secret=text)
    assert not text or text not in str(caught.value)
    assert caught.value.errors()[0]["type"] == "secret_literal"
