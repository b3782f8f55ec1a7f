"""Whether secrets can be had: the keyring, and every file that the site refers to. It shows and keeps none.

1. The keyring is never asked for a secret: that might open a window that asks to unlock it.
2. A machine without a keyring is well as long as the site refers to none: files serve.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from controlroom.engine.secrets import SecretResolver
from controlroom.errors import SecretError
from controlroom.finding import Finding, Health
from controlroom.site.model import Site
from controlroom.site.secret import FileSecret, KeyringSecret, parse_reference

KEYRING: Final = ("keyring", "Keyring")
FILES: Final = ("secret-files", "Secret files")

_RECOMMENDED: Final = 1
"""The keyring package's own mark of a backend that keeps secrets as they should be kept."""
_FILES_SERVE: Final = "secrets are kept in files that only their owner can read (file:PATH)"
_CURE: Final = (
    "Keep each secret in a file: install -m 600 /dev/null PATH, write it there, and name it in the site file"
    " as file:PATH.\nOr install a keyring: sudo apt-get install gnome-keyring"
)


def check_secrets(site: Site | None, base: Path, *, site_is_broken: bool = False) -> Iterator[Finding]:
    """Judge secret files and keyring; relative paths start at ``base``, the data folder."""
    references = frozenset(_references(site))
    if site_is_broken:
        found = "which secrets a site refers to that cannot be read is not known"
        yield Finding(*FILES, Health.UNKNOWN, "site-unread", found, "See to the site file first.")
    else:
        yield _judge_files(references, base)
    yield _judge_keyring(backend_name(), references)


def backend_name() -> str:
    """Return the name of the keyring in use, or ``""`` where there is none worth using."""
    import keyring

    backend = keyring.get_keyring()
    return str(backend.name) if float(backend.priority) >= _RECOMMENDED else ""


def _judge_keyring(backend: str, references: frozenset[str]) -> Finding:
    wanted = sum(isinstance(parse_reference(reference), KeyringSecret) for reference in references)
    needs = f"; the site keeps {wanted} there" if wanted else ""
    if backend:
        return Finding(*KEYRING, Health.OK, "ok", f"{backend}{needs}")
    if wanted:
        found = f"none on this machine, and the site keeps {wanted} of its secrets there"
        return Finding(*KEYRING, Health.TROUBLE, "no-keyring", found, _CURE)
    return Finding(*KEYRING, Health.OK, "none-needed", f"none on this machine: {_FILES_SERVE}")


def _judge_files(references: frozenset[str], base: Path) -> Finding:
    files = sorted(
        reference for reference in references if isinstance(parse_reference(reference), FileSecret)
    )
    if not files:
        return Finding(*FILES, Health.OK, "none-needed", "the site refers to none")
    resolve, errors = SecretResolver(base), list[SecretError]()
    for reference in files:
        try:
            resolve(reference)
        except SecretError as error:
            errors.append(error)
    if errors:
        found = f"{len(errors)} of {len(files)} cannot be had: " + " ".join(e.happened for e in errors[:3])
        return Finding(*FILES, Health.TROUBLE, errors[0].code, found, "\n".join(e.advice for e in errors[:3]))
    return Finding(*FILES, Health.OK, "ok", f"{len(files)} can be read by this account alone")


def _references(site: Site | None) -> Iterator[str]:
    """Every reference to a secret in the parameters of the site's probes."""
    for endpoint in site.endpoints if site is not None else ():
        for probe in endpoint.probes:
            for text in _texts(probe.parameters.model_dump()):
                if parse_reference(text) is not None:
                    yield text


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a model holds
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
