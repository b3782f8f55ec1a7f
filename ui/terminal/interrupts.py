"""What an interrupt (Ctrl-C) does: it ends the process at once, or raises where something must be tidied up.

An interrupt that the caller of the program wants ignored stays ignored.
"""

from __future__ import annotations

import signal


def let_interrupts_end_us() -> None:
    """Have an interrupt end the process at once and without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def heed_interrupts() -> None:
    """Have an interrupt raise ``KeyboardInterrupt`` from here on: there is something to put in order."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
