"""docs/site-file.md: its reference is the one made from the model, and its example loads."""

from __future__ import annotations

from pathlib import Path

import resources
from controlroom.engine.profile_files import read_profiles
from controlroom.measure.grade import readings_to_show
from controlroom.measure.limits import DEFAULT_LOSS_LIMIT
from controlroom.site.load import DEEPEST_NESTING, LARGEST_FILE_BYTES, MOST_OF_A_KIND, MOST_RULES, load_site
from controlroom.site.reference import reference
from probes.registry import PROBE_TYPES

PAGE = Path(__file__).parents[2] / "docs" / "site-file.md"


def test_the_reference_is_that_of_the_model() -> None:
    """Every key stands with its type, default and meaning as declared, and nothing else."""
    text = PAGE.read_text(encoding="utf-8")
    _, _, written = text.partition("## Reference\n\n")
    assert written == reference(PROBE_TYPES).rstrip() + "\n"


def test_the_example_on_the_page_loads() -> None:
    """What a reader copies first is a right site."""
    text = PAGE.read_text(encoding="utf-8")
    example = text.partition("```toml\n")[2].partition("```")[0]
    assert load_site(example, "page", PROBE_TYPES).endpoints[0].id == "radio-gateway"


def test_the_bounds_on_the_page_are_those_of_the_loader() -> None:
    """Numbers in the prose follow the code."""
    text = PAGE.read_text(encoding="utf-8")
    assert f"at most {LARGEST_FILE_BYTES // 1024**2} MiB" in text
    assert f"at most {MOST_OF_A_KIND:,} endpoints" in text
    assert f"at most {MOST_RULES}\n" in text
    assert f"at most {DEEPEST_NESTING} levels" in text


def test_every_profile_stands_on_the_page_and_no_other() -> None:
    """By its id, with a link to its file, and its title."""
    text = PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| [`")]
    assert rows == [
        f"| [`{each.id}`](../resources/profiles/{each.id}.toml) | {each.title} |"
        for each in read_profiles(resources.path("profiles")).values()
    ]
    assert f"{readings_to_show(0.01)} readings without a loss, 0.1 % by {readings_to_show(0.001):,}" in text


def test_the_limit_that_every_probe_has_is_the_one_that_is_judged() -> None:
    """It stands in no site file, so the page must say it."""
    loss, text = DEFAULT_LOSS_LIMIT, " ".join(PAGE.read_text(encoding="utf-8").split())
    assert f"`loss_ratio` above {loss.raise_above:g} (good again below {loss.clear_below:g})" in text
    assert f"over {loss.window_readings} readings and not before {loss.minimum_readings}" in text
