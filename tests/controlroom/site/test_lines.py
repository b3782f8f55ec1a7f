"""Lines: each key path of a TOML text stands in the line a reader would point at."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest

import resources
from controlroom.site.lines import KeyPath, Lines

CASES: list[tuple[str, str, dict[KeyPath, int]]] = [
    ("plain keys", "a = 1\n\n# comment\nb = 2", {("a",): 1, ("b",): 4}),
    (
        "a table and a dotted key",
        "[x.y]\nz.w = 1",
        {("x",): 1, ("x", "y"): 1, ("x", "y", "z"): 2, ("x", "y", "z", "w"): 2},
    ),
    (
        "lists of tables, nested",
        "[[e]]\nid=1\n[[e.p]]\nt=1\n[[e.p]]\nt=2\n[[e]]\n[[e.p]]\nt=3\n[e.q]\nr=1",
        {
            ("e",): 1,
            ("e", 0, "id"): 2,
            ("e", 0, "p"): 3,
            ("e", 0, "p", 0, "t"): 4,
            ("e", 0, "p", 1): 5,
            ("e", 0, "p", 1, "t"): 6,
            ("e", 1): 7,
            ("e", 1, "p", 0): 8,
            ("e", 1, "p", 0, "t"): 9,
            ("e", 1, "q"): 10,
            ("e", 1, "q", "r"): 11,
        },
    ),
    (
        "inline tables and arrays over lines",
        "needs = { any = [\n  'a', # ] } \"\n  { all = ['b',\n 'c'] },\n] }\nafter = 1",
        {
            ("needs", "any"): 1,
            ("needs", "any", 0): 2,
            ("needs", "any", 1): 3,
            ("needs", "any", 1, "all", 0): 3,
            ("needs", "any", 1, "all", 1): 4,
            ("after",): 6,
        },
    ),
    (
        "a list of inline tables, and an empty one",
        "e = [\n {id = 1, p = [{t = 1},\n{t = 2}]},\n {id = 2} ]\nf = []\ng = {}",
        {("e", 0, "id"): 2, ("e", 0, "p", 1, "t"): 3, ("e", 1, "id"): 4, ("f",): 5, ("g",): 6},
    ),
    (
        "multi-line strings with quotes, hashes and brackets",
        'a = """one\n[[x]]\n"two" # \\""" three\n"""\nb = \'\'\'\n\'\' = [\n\'\'\'\nc = """x"""""\nd = 1',
        {("a",): 1, ("b",): 5, ("c",): 8, ("d",): 9},
    ),
    (
        "strings with escapes, quotes and empty ones",
        'a = "\\"#=["\nb = \'\\\'\nc = ""\nd = \'\'\ne = """"""\nf = 1',
        {("b",): 2, ("c",): 3, ("d",): 4, ("e",): 5, ("f",): 6},
    ),
    (
        "quoted keys and spaces around dots",
        '"a b" . \'c.d\' . "e\\u0041" = 1\n[ x . "y z" ]\nk = 1',
        {("a b", "c.d", "eA"): 1, ("x", "y z"): 2, ("x", "y z", "k"): 3},
    ),
    (
        "dates, numbers and truth values",
        "a = 1979-05-27 07:32:00Z # when\nb = [1.5e3, true,\n-inf]\nc = 0x1F",
        {("a",): 1, ("b", 1): 2, ("b", 2): 3, ("c",): 4},
    ),
    ("line ends of Windows", "a = 1\r\n[b]\r\nc = [\r\n1]\r\n", {("b",): 2, ("b", "c"): 3, ("b", "c", 0): 4}),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_key_has_its_line(text: str, expected: dict[KeyPath, int]) -> None:
    """Every shape of TOML keeps the count of lines."""
    tomllib.loads(text)
    lines = Lines(text)
    assert {path: lines.line_of(path) for path in expected} == expected


def test_an_unknown_path_has_its_nearest_parents_line() -> None:
    """A missing key is pointed at where its table begins."""
    lines = Lines("a = 1\n[[b]]\nc = 1\n")
    assert lines.line_of(("b", 0, "missing", "deeper")) == 2
    assert lines.line_of(("nowhere",)) == 1


def _paths(value: object, path: KeyPath = ()) -> list[KeyPath]:
    found = [path]
    if isinstance(value, dict):
        found += [inner for key, item in value.items() for inner in _paths(item, (*path, key))]
    elif isinstance(value, list):
        found += [inner for place, item in enumerate(value) for inner in _paths(item, (*path, place))]
    return found


@pytest.mark.parametrize(
    "example", sorted(resources.path("examples").glob("*.toml")), ids=lambda one: one.name
)
def test_every_key_of_the_examples_is_found_in_its_line(example: Path) -> None:
    """In real files, the line found for a key holds that key or, for a table, its header."""
    text = example.read_text(encoding="utf-8")
    lines, rows = Lines(text), text.splitlines()
    for path in _paths(tomllib.loads(text)):
        keys = [step for step in path if isinstance(step, str)]
        if keys and isinstance(path[-1], str):
            assert keys[-1] in rows[lines.line_of(path) - 1], path


@pytest.mark.parametrize("text", ["a", "a =", "[", "[[a]", "a = [1,", 'a = "', "a = {b", "= 1", "a = ]", '"'])
def test_text_that_is_no_toml_ends_the_scan(text: str) -> None:
    """The scanner stops where its grammar ends, and never hangs."""
    assert Lines(text).line_of(("a",)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 300_000,
        "a = '" + "x" * 1_000_000 + "'",
        "a.b" * 100_000,
        "a = '''" + "'" * 500_000,
        "[[" * 300_000,
    ],
    ids=["nesting", "string", "dots", "quotes", "headers"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """Nesting and repetition neither recurse nor run long."""
    begun = time.perf_counter()
    Lines(text)
    assert time.perf_counter() - begun < 10
