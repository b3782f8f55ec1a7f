"""Files hold one idea and functions fit on a screen: a file at most 600 lines, a function at most 80."""

from __future__ import annotations

import statistics

from tests.architecture.project import ROOT, code_files, functions

LONGEST_FILE, LONG_FILE, USUAL_FILE = 600, 400, 150
LONGEST_FUNCTION, LONG_FUNCTION, USUAL_FUNCTION = 80, 40, 12


def _ninety_fifth(sizes: list[int]) -> int:
    return sorted(sizes)[int(len(sizes) * 0.95)]


def test_files_are_short() -> None:
    """None above 600 lines, hardly one above 400, half of them below 150."""
    sizes = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in code_files()}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}
    assert _ninety_fifth(list(sizes.values())) <= LONG_FILE
    assert statistics.median(sizes.values()) <= USUAL_FILE


def test_functions_are_short() -> None:
    """None above 80 lines, hardly one above 40, half of them near 10."""
    sizes = {
        f"{path.relative_to(ROOT)}: {name}": size for path in code_files() for name, size in functions(path)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}
    assert _ninety_fifth(list(sizes.values())) <= LONG_FUNCTION
    assert statistics.median(sizes.values()) <= USUAL_FUNCTION
