"""Where the project's files are, for the tests about them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE_FOLDERS = ("controlroom", "probes", "ui", "resources")
TEXT_SUFFIXES = frozenset(
    {".py", ".md", ".toml", ".txt", ".cfg", ".ini", ".json", ".svg", ".qss", ".yaml", ""}
)
_NOT_OURS = frozenset({"__pycache__", "build", "LICENSE"})


def code_files() -> list[Path]:
    """Every Python file of the program itself."""
    found = [path for folder in CODE_FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    return [ROOT / "main.py", *found]


def text_files() -> Iterator[Path]:
    """Every text file that belongs to the project, wherever it is."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts)
        foreign = any(part in _NOT_OURS or part.endswith(".egg-info") for part in parts)
        if path.is_file() and not hidden and not foreign and path.suffix in TEXT_SUFFIXES:
            yield path


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Every function of a file with its number of lines."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
