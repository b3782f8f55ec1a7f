"""Traffic classes (DSCP) by the names of the RFCs: RFC 2474, 2597, 3246, 5865, 8622. It sends nothing."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import AfterValidator

_HIGHEST: Final = 63

DSCP_NAMES: Final[dict[str, int]] = {
    "BE": 0,
    "DF": 0,
    "LE": 1,
    "VA": 44,
    "EF": 46,
    **{f"CS{precedence}": precedence * 8 for precedence in range(8)},
    **{f"AF{queue}{drop}": queue * 8 + drop * 2 for queue in range(1, 5) for drop in range(1, 4)},
}


def _known_class(given: int | str) -> int | str:
    """Refuse a traffic class that is none."""
    dscp_number(given)
    return given


TrafficClass = Annotated[int | str, AfterValidator(_known_class)]
"""A class as a site writes it: by number or by name."""

NAMES_AND_NUMBERS: Final = (
    "by name or number: 0 is best effort, EF (46) expedited, as for voice; "
    "also CS0 to CS7, AF11 to AF43, VA (44), LE (1)"
)


def dscp_number(given: int | str) -> int:
    """Return the number of a class given by number or by name; ``ValueError`` where there is no such."""
    number = given if isinstance(given, int) else DSCP_NAMES.get(given.strip().upper())
    if number is None and isinstance(given, str) and given.strip().isascii() and given.strip().isdigit():
        number = int(given.strip()[:4])
    if number is None or not 0 <= number <= _HIGHEST:
        message = "no traffic class: a number from 0 to 63, or a name such as EF, CS5 or AF41"
        raise ValueError(message)
    return number
