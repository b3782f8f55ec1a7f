"""Advisory locks on open files, freed by the kernel when their process ends, however it ends.

``flock`` belongs to the open file, not to the process: closing another descriptor of the same file does
not drop it. This is the only module that knows the platform's call; it opens and closes nothing.
"""

from __future__ import annotations

import fcntl


def try_lock(descriptor: int, *, shared: bool = False) -> bool:
    """Take the lock if it is free this very moment; tell whether it was. Never waits."""
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
