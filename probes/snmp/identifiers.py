"""The texts by which things of SNMP are named: objects, metrics, labels. Types alone."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

Oid = Annotated[str, Field(pattern=r"^\.?[0-2](\.(0|[1-9][0-9]{0,9})){1,62}$", max_length=255)]
"""A numeric object identifier; a leading dot is allowed."""

MetricName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)+$", max_length=63)]
"""Lower-case words joined by underscores, the last one the unit."""

LONGEST_LABEL: Final = 80

Label = Annotated[str, Field(max_length=LONGEST_LABEL, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A short text on one line."""
