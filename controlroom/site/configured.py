"""What every table of the site file is made of: the base of its models, and the texts that stand in it.

It knows no table.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

WHEN_EMPTY = "when_empty"
"""Under this key of its schema a field without a default says what holds where it is not set."""

IDENTIFIER_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"

Identifier = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]
"""Lower-case letters, digits and hyphens: stable, typable, safe in a file name and on every screen."""

Alternatives = Annotated[
    str,
    Field(max_length=800, pattern=r"^[a-z0-9][a-z0-9-]{0,62}( *\| *[a-z0-9][a-z0-9-]{0,62})*$"),
]
"""An endpoint's identifier, or several with ``|`` between them, of which one is enough."""

Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text for people, without control characters."""

Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f]*$")]
"""Text for people; tabs and line ends allowed."""


class Configured(BaseModel):
    """Base of everything configured: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
