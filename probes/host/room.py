"""How full memory, swap space and a disk are."""

from __future__ import annotations

# psutil ships no type information.
import psutil  # type: ignore[import-untyped]

from probes.host.measured import Measured


def measure_room(disk: str) -> Measured:
    """Measure all three; ``disk`` is a folder on the disk that is meant."""
    return _memory() + _disk(disk)


def _memory() -> Measured:
    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    values = {"memory_ratio": 1.0 - memory.available / memory.total}
    if swap.total:
        values["swap_ratio"] = swap.used / swap.total
    return Measured(values)


def _disk(folder: str) -> Measured:
    try:
        disk = psutil.disk_usage(folder)
    except OSError as error:
        return Measured(notes=(f"disk {folder}: {error.strerror or type(error).__name__}",))
    # As df counts: what only root may fill is neither used nor free.
    seen = disk.used + disk.free
    return (
        Measured({"disk_ratio": disk.used / seen}) if seen else Measured(notes=(f"disk {folder}: no size",))
    )
