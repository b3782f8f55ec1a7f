"""Which SNMP stack serves: the one that the prober chooses, and a cure where none can be loaded."""

from __future__ import annotations

from collections.abc import Callable

from controlroom.finding import Health
from probes.snmp.prober import fastest_client
from probes.snmp.stack import check_stack, why_not_loaded
from probes.snmp.two_stacks import TwoStacks


def _machine(**packages: str | None) -> Callable[[str, str], str | None]:
    return lambda package, _module: packages[package.replace("-", "_")]


def test_what_serves_here_is_what_the_prober_takes() -> None:
    """Both look at the same installation."""
    (found,) = check_stack()
    assert found.health is Health.OK
    assert ("gufo-snmp" in found.found) is isinstance(fastest_client(), TwoStacks)


def test_the_portable_stack_is_well_too() -> None:
    """It is slower, and said to be."""
    (found,) = check_stack(_machine(gufo_snmp="", pysnmp=None))
    assert (found.health, found.code) == (Health.OK, "portable")


def test_a_stack_that_cannot_be_loaded_is_trouble() -> None:
    """The prober would have chosen it."""
    (found,) = check_stack(_machine(gufo_snmp="no such symbol", pysnmp=None))
    assert (found.health, found.code) == (Health.TROUBLE, "stack-broken")
    assert found.cure == "python -m pip install --force-reinstall gufo-snmp"
    (neither,) = check_stack(_machine(gufo_snmp="", pysnmp=""))
    assert (neither.health, neither.code) == (Health.TROUBLE, "no-stack")


def test_packages_are_really_looked_for() -> None:
    """One that is there, one that is not, and one whose module is not."""
    assert why_not_loaded("pydantic", "pydantic") is None
    assert why_not_loaded("a-package-that-nobody-made", "x") == ""
    assert "nothing_here" in (why_not_loaded("pydantic", "pydantic.nothing_here") or "")
