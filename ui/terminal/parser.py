"""The parser that every command is read by: it refuses in one sentence. It knows no command."""

from __future__ import annotations

import argparse
from typing import NoReturn, TypeAlias

from controlroom.report.escaping import printable


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, and never guesses what an abbreviated option meant."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is to be had; exit 2."""
        said = printable(message, 400).rstrip(".")
        self.exit(2, f"{self.prog}: {said}.\nSee {self.prog} --help.\n")


Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
"""What commands are added to."""
