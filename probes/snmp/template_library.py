"""The templates that come with the program, read from their files. It chooses none for a device.

A file that is no template is a mistake of the program: it is refused with its name and what is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from controlroom.errors import ControlroomError
from probes.snmp.template import Template
from resources import path


def read_template(file: Path) -> Template:
    """Read one file; raise ``ControlroomError`` ``template-bad`` where it is no template."""
    try:
        template = Template.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as error:
        raise ControlroomError(
            "template-bad", f"{file.name} is no template: {error}", "Install the program again."
        ) from error
    if template.id != file.stem:
        raise ControlroomError(
            "template-bad", f"{file.name} calls itself {template.id}.", "Install the program again."
        )
    return template


@cache
def templates() -> Mapping[str, Template]:
    """Return all templates by their ids, in order of their titles."""
    found = [read_template(file) for file in path("templates").glob("*.toml")]
    return {each.id: each for each in sorted(found, key=lambda each: each.title.casefold())}
