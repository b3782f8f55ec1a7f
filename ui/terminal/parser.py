"""The parser that every command is read by: it refuses in one sentence. It knows no command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn, TypeAlias

from controlroom.report.escaping import printable


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, and never guesses what an abbreviated option meant.

    ``late`` is an argument that may be left out: Python before 3.13 does not take it behind options.
    """

    late: argparse.Action | None = None

    def parse_known_args(  # type: ignore[override] # the library's overloads differ by the namespace's type
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Read what was typed, and take up what came late."""
        found, left = super().parse_known_args(args, namespace)
        late = self.late
        wanted = late is not None and left and not left[0].startswith("-")
        if late is None or not wanted or getattr(found, late.dest) != late.default or not callable(late.type):
            return found, left
        try:
            setattr(found, late.dest, late.type(left.pop(0)))
        except argparse.ArgumentTypeError as error:
            self.error(f"argument {late.metavar}: {error}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is to be had; exit 2."""
        said = printable(message, 400).rstrip(".")
        self.exit(2, f"{self.prog}: {said}.\nSee {self.prog} --help.\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What commands are added to."""
