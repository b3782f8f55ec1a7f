"""Runs the command that the arguments choose: its exit code, a sentence where it fails. It knows none itself.

Rules:
1. A mistake of whoever typed, or in the site file, ends with 2, trouble that was found with 1; neither with
   a traceback.
2. Output that nobody reads to its end, and an interrupt that a command heeds, end with 1: 0 would say that
   all is well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping

from controlroom.errors import ControlroomError
from controlroom.site.mistakes import SiteError
from ui.terminal.check import print_mistakes
from ui.terminal.exit_codes import BAD_INPUT, FOUND_TROUBLE, exit_code_of
from ui.terminal.interrupts import let_interrupts_end_us
from ui.terminal.streams import take_streams

Commands = Mapping[str | None, Callable[[argparse.Namespace], int]]
"""What each command does, by its name; ``None`` is the program without one."""


def run_command(arguments: list[str] | None, commands: Commands) -> int:
    """Run one command and return its exit code: 0, 1 (found trouble) or 2 (bad input)."""
    take_streams()
    try:
        code = _run(arguments, commands)
        sys.stdout.flush()
    except SiteError as error:
        print_mistakes(error, sys.stderr)
        return BAD_INPUT
    except ControlroomError as error:
        sys.stderr.write(f"controlroom: {error}\n")
        return exit_code_of(error.code)
    except (BrokenPipeError, KeyboardInterrupt):
        return FOUND_TROUBLE
    finally:
        let_interrupts_end_us()
    return code


def _run(arguments: list[str] | None, commands: Commands) -> int:
    from ui.terminal.arguments import build_parser

    try:
        chosen = build_parser().parse_args(arguments)
    except SystemExit as told:  # the help, the version or a mistake has been printed
        return told.code if isinstance(told.code, int) else 0
    return commands[chosen.command](chosen)
