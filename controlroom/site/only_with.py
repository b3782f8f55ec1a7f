"""When a key of the site file means anything: a mark at its declaration, naming another key and its values.

A form shows only the keys that apply, and the reference says when each does. It judges no value and refuses
none; what may stand together is the model's own affair.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnlyWith:
    """A key applies only while another key has one of these values; stands among its ``Annotated`` rules.

    ``values`` are plain TOML values. ``otherwise`` turns it round: any value but these. Several marks on
    one key must all hold.
    """

    key: str
    values: tuple[str | bool, ...]
    otherwise: bool = False

    def holds(self, value: object) -> bool:
        """Whether the other key's value is one with which this key applies."""
        return (value in self.values) is not self.otherwise


def only_with(key: str, *values: str | bool) -> OnlyWith:
    """Mark a key that means something only while another has one of these values."""
    return OnlyWith(key, values)


def only_without(key: str, *values: str | bool) -> OnlyWith:
    """Mark a key that means something only while another has any value but these."""
    return OnlyWith(key, values, otherwise=True)
