"""Which SNMP stack serves on this machine, and whether it can be loaded. It asks no agent."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib import metadata
from typing import Final

from controlroom.finding import Finding, Health

_CONCERN: Final = ("snmp-stack", "SNMP")
_FAST: Final = ("gufo-snmp", "gufo.snmp")
_PORTABLE: Final = ("pysnmp", "pysnmp.hlapi.v3arch.asyncio")


def why_not_loaded(package: str, module: str) -> str | None:
    """Return ``None`` when a package loads, ``""`` when it is not installed, and else why it does not."""
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
    try:
        importlib.import_module(module)
    except ImportError as error:
        return str(error) or type(error).__name__
    return None


def check_stack(why_not: Callable[[str, str], str | None] = why_not_loaded) -> tuple[Finding, ...]:
    """Judge the stack that the prober would choose: the fast one where it is installed, else the portable."""
    fast = why_not(*_FAST)
    if fast is None:
        return (Finding(*_CONCERN, Health.OK, "ok", f"served by {_named(_FAST[0])}"),)
    if fast:
        cure = "python -m pip install --force-reinstall gufo-snmp"
        found = f"{_named(_FAST[0])} is installed and cannot be loaded: {fast}"
        return (Finding(*_CONCERN, Health.TROUBLE, "stack-broken", found, cure),)
    portable = why_not(*_PORTABLE)
    if portable is None:
        found = f"served by {_named(_PORTABLE[0])}; the faster gufo-snmp is not installed"
        return (Finding(*_CONCERN, Health.OK, "portable", found),)
    cure = "python -m pip install --force-reinstall pysnmp"
    found = f"no stack can be loaded: {portable or 'neither gufo-snmp nor pysnmp is installed'}"
    return (Finding(*_CONCERN, Health.TROUBLE, "no-stack", found, cure),)


def _named(package: str) -> str:
    try:
        return f"{package} {metadata.version(package)}"
    except metadata.PackageNotFoundError:
        return package
