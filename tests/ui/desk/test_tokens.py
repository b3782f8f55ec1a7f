"""The themes' colours: complete, legible, and nowhere but in their files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import resources
import ui
from ui.desk.tokens import SURFACES, TEXTS, TINTS, URGENCIES, ThemeError, Tokens, contrast, read_tokens

THEMES = ("dark", "light")


def _tokens(name: str) -> Tokens:
    return read_tokens(resources.path(f"themes/{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", THEMES)
def test_every_text_is_legible_on_every_ground(name: str) -> None:
    """Text has a contrast of 4.5 on all surfaces, tints and buttons (WCAG 2.2, 1.4.3)."""
    tokens = _tokens(name)
    grounds = (*SURFACES, *TINTS, "surface.button", "surface.hover")
    weak = [(g, t) for g in grounds for t in TEXTS if contrast(tokens[g], tokens[t]) < 4.5]
    weak += [
        (f"band.{kind}", "its text")
        for kind in ("stopped", "warning", "notice")
        if contrast(tokens[f"band.{kind}"], tokens[f"band.{kind}.text"]) < 4.5
    ]
    assert weak == []


@pytest.mark.parametrize("name", THEMES)
def test_every_symbol_stands_out_from_its_ground(name: str) -> None:
    """Edges, badges, condition marks and plot lines have a contrast of 3 (WCAG 2.2, 1.4.11)."""
    tokens = _tokens(name)
    marks = [f"urgency.{number}.line" for number in URGENCIES]
    marks += ["condition.up", "condition.unknown", "condition.stale", "condition.maintenance", "line.focus"]
    marks += ["plot.line", "plot.lost", "plot.limit", "plot.axis"]
    grounds = ("surface.panel", "surface.tile", "surface.window")
    weak = [(g, m) for g in grounds for m in marks if contrast(tokens[g], tokens[m]) < 3]
    for number in URGENCIES:
        if contrast(tokens[f"urgency.{number}.fill"], tokens[f"urgency.{number}.digit"]) < 4.5:
            weak.append((f"urgency.{number}.fill", "its digit"))
        if contrast(tokens[f"urgency.{number}.tint"], tokens[f"urgency.{number}.line"]) < 3:
            weak.append((f"urgency.{number}.tint", "its edge"))
    assert weak == []


def test_contrast_agrees_with_published_values() -> None:
    """White on black is 21, and #767676 on white the well-known 4.54."""
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_a_missing_role_is_refused() -> None:
    """A token file that lacks a role, or names an unknown colour, does not load."""
    text = resources.path("themes/dark.toml").read_text(encoding="utf-8")
    with pytest.raises(ThemeError, match=r"plot\.lost"):
        read_tokens(text.replace('"plot.lost" = "red"\n', ""))
    with pytest.raises(ThemeError, match="without a base colour"):
        read_tokens(text.replace('"plot.lost" = "red"', '"plot.lost" = "scarlet"'))


def test_no_colour_stands_in_code() -> None:
    """Colours are roles: no hex colour in any file of ui/."""
    quoted = re.compile(r"[\"']#[0-9a-fA-F]{3,8}[\"']")
    folder = Path(str(ui.__file__)).parent
    found = [path.name for path in folder.rglob("*.py") if quoted.search(path.read_text(encoding="utf-8"))]
    assert found == []
