"""What a desk is given that is only looked at: no engine to start, no inbox, no file. It does nothing."""

from __future__ import annotations

from pathlib import Path

from controlroom.errors import EngineError, StoreError
from controlroom.logbook.act import Act
from controlroom.store.interface import LeftOver

_LOOKED_AT = "This desk is only looked at."


class NoEngine:
    """An ``EngineControl`` that leaves every engine alone."""

    def pid(self) -> int | None:
        """Know of none."""
        return None

    def start(self) -> int:
        """Start none."""
        raise EngineError("only-looking", _LOOKED_AT)

    def stop(self) -> LeftOver | None:
        """Stop none."""
        raise EngineError("only-looking", _LOOKED_AT)


class NoInbox:
    """An ``ActInbox`` that takes no act."""

    def put(self, act: Act) -> None:
        """Refuse it."""
        raise StoreError("only-looking", f"{_LOOKED_AT} The {act.kind.value} is not taken.")

    def close(self) -> None:
        """Nothing was opened."""


def no_export(_path: Path) -> int:
    """Write no file."""
    raise StoreError("only-looking", _LOOKED_AT)
