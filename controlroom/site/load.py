"""From the text of a site file to a ``Site``, or to every mistake in it at once. It opens no file.

1. Text that is no TOML, too large or nested too deeply is refused at once: nothing else can be said of it.
2. Everything else is judged together: types and keys by the model, a probe's own keys by its type, and what
   hangs together by the cross checks. The site is returned only if nothing was found.
3. The tables are judged as strict JSON, whose types are those of TOML: ``"5"`` is no number, ``true`` no 1.
   Dates, which JSON has not, are judged before (``datecheck.py``).
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from controlroom.probe import ProbeParameters, ProbeTypes
from controlroom.site.crosscheck import cross_check
from controlroom.site.datecheck import check_date
from controlroom.site.keys import COMMON_PROBE_KEYS
from controlroom.site.lines import KeyPath, Lines
from controlroom.site.mistakes import Mistake, MistakeList, SiteError
from controlroom.site.model import Endpoint, Probe, Site
from controlroom.site.place import Place
from controlroom.site.probecheck import ProbePlace
from controlroom.site.profile import NO_PROFILES, Profiles
from controlroom.site.syntax import syntax_cure
from controlroom.site.usual import with_usual_limits
from controlroom.site.wording import note_errors

LARGEST_FILE_BYTES: Final = 4 * 1024 * 1024
MOST_OF_A_KIND: Final = 10_000
MOST_RULES: Final = 200
DEEPEST_NESTING: Final = 48

_MOST: Final = {
    **dict.fromkeys(("endpoints", "risk_groups", "services"), MOST_OF_A_KIND),
    **dict.fromkeys(("alarm_rules", "contacts", "shifts", "escalations", "quiet_hours"), MOST_RULES),
}
_LARGEST_WHOLE_NUMBER: Final = 2**63
# tomllib takes quadratic time over a dotted key; an OID, which may stand in a text, has at most 128 parts.
_ENDLESS_KEY: Final = re.compile(
    r"""(?<![\w"'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){130}"""
)
_ENDLESS_NUMBER: Final = re.compile(r"\d[\d_]{4299}")
_PLACE_IN_MESSAGE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

Tables = dict[str, Any]


def load_site(text: str, source: str, probe_types: ProbeTypes, profiles: Profiles = NO_PROFILES) -> Site:
    """Read a site from the text of a site file; ``source`` names the file in messages.

    An endpoint may name only a profile that is handed in. Raises ``SiteError`` with every mistake.
    """
    text = text.removeprefix("\ufeff")
    tables = _parsed(text, source)
    mistakes = MistakeList(source, tables)
    if not _refuse_excess(mistakes, tables):
        _note_unusable_values(mistakes, tables)
        parameters = _judge_parameters(mistakes, tables, probe_types)
        site = _judge_model(mistakes, tables, probe_types)
        cross_check(mistakes, Place(tables), probe_types, parameters, profiles)
        if site is not None and not mistakes:
            return _with_parameters(site, parameters, probe_types)
    raise mistakes.error(Lines(text).line_of)


def _parsed(text: str, source: str) -> Tables:
    """Read the TOML; its first mistake of syntax is the only one that can be named."""
    if len(text) > LARGEST_FILE_BYTES or len(text.encode("utf-8", "replace")) > LARGEST_FILE_BYTES:
        _refuse("too-large", source, 1, f"The file is larger than {LARGEST_FILE_BYTES // 1024**2} MiB.")
    endless = _ENDLESS_KEY.search(text)
    if endless is not None:
        line = text.count("\n", 0, endless.start()) + 1
        _refuse("too-deep", source, line, "A key has more than 130 parts.")
    try:
        return tomllib.loads(text)
    except RecursionError:
        _refuse("too-deep", source, 1, "Lists and tables are nested too deeply to be read.")
    except ValueError as error:
        # A TOMLDecodeError, or the plain one of a number that has thousands of digits.
        message, line, column = _syntax_fault(str(error), text)
        cure = syntax_cure(message, column, at_the_end=message.endswith("at the end of the file."))
        _refuse("syntax", source, line, message, cure)


def _syntax_fault(message: str, text: str) -> tuple[str, int, int | None]:
    """Split tomllib's message into the fault, its line and its column."""
    digits = _ENDLESS_NUMBER.search(text) if "digits" in message else None
    if digits is not None:
        return "A number has too many digits.", text.count("\n", 0, digits.start()) + 1, None
    match = _PLACE_IN_MESSAGE.search(message)
    fault = _PLACE_IN_MESSAGE.sub("", message).rstrip(".")
    happened = f"This is not TOML: {fault[:1].lower()}{fault[1:200]}."
    if match is None:
        return happened, 1, None
    if match[1] is None:
        return f"{happened[:-1]} at the end of the file.", text.count("\n") + 1, None
    return happened, int(match[1]), int(match[2])


def _refuse(code: str, source: str, line: int, happened: str, advice: str = "") -> NoReturn:
    raise SiteError(source, [Mistake(code, source, line, "", happened, None, advice)]) from None


def _refuse_excess(mistakes: MistakeList, tables: Tables) -> bool:
    """Refuse what is too much to be judged."""
    for kind, most in _MOST.items():
        listed = tables.get(kind)
        if isinstance(listed, list) and len(listed) > most:
            happened = f"has {len(listed):,} items; one site holds at most {most:,}."
            mistakes.add("too-many", (kind,), happened, "Divide them between several sites.")
    for path, value in _walk(tables):
        if isinstance(value, dict | list) and len(path) >= DEEPEST_NESTING:
            happened = f"is nested more than {DEEPEST_NESTING} levels deep."
            mistakes.add("too-deep", path[:DEEPEST_NESTING], happened, "Write it flatter.")
            break
    return bool(mistakes)


def _walk(tables: Tables) -> Iterator[tuple[KeyPath, object]]:
    """Go through all values without recursion, and no deeper than is allowed."""
    ahead: list[tuple[KeyPath, object]] = [((), tables)]
    while ahead:
        path, value = ahead.pop()
        yield path, value
        if len(path) > DEEPEST_NESTING:
            continue
        if isinstance(value, dict):
            ahead.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            ahead.extend(((*path, place), inner) for place, inner in enumerate(value))


def _note_unusable_values(mistakes: MistakeList, tables: Tables) -> None:
    """Note dates where none may stand, and numbers without a finite 64-bit value."""
    for path, value in _walk(tables):
        check_date(mistakes, path, value)
        if (isinstance(value, float) and not math.isfinite(value)) or (
            isinstance(value, int) and abs(value) > _LARGEST_WHOLE_NUMBER
        ):
            mistakes.add("out-of-range", path, "is not a usable number.", "Write a finite number.")


def _judge_parameters(
    mistakes: MistakeList, tables: Tables, probe_types: ProbeTypes
) -> dict[ProbePlace, ProbeParameters]:
    """Judge each probe's own keys by its type; return those that are right."""
    judged: dict[ProbePlace, ProbeParameters] = {}
    for place, probe in _probes(tables):
        probe_type = _type_of(probe, probe_types)
        if probe_type is None:
            continue
        own = {key: value for key, value in probe.items() if key not in COMMON_PROBE_KEYS}
        model = probe_types[probe_type].parameters
        try:
            judged[place] = model.model_validate_json(_as_json(own), strict=True)
        except ValidationError as error:
            base = ("endpoints", place[0], "probes", place[1])
            note_errors(mistakes, error, model, own, base, beside=COMMON_PROBE_KEYS)
    return judged


def _judge_model(mistakes: MistakeList, tables: Tables, probe_types: ProbeTypes) -> Site | None:
    """Judge everything but the probes' own keys, for which empty parameters stand in."""
    skeleton = dict(tables)
    if isinstance(tables.get("endpoints"), list):
        skeleton["endpoints"] = [_endpoint_skeleton(one, probe_types) for one in tables["endpoints"]]
    try:
        return Site.model_validate_json(_as_json(skeleton), strict=True)
    except ValidationError as error:
        note_errors(mistakes, error, Site, tables)
        return None


def _endpoint_skeleton(endpoint: object, probe_types: ProbeTypes) -> object:
    if not isinstance(endpoint, dict) or not isinstance(endpoint.get("probes"), list):
        return endpoint
    probes = [_probe_skeleton(probe, probe_types) for probe in endpoint["probes"]]
    return {**endpoint, "probes": probes}


def _probe_skeleton(probe: object, probe_types: ProbeTypes) -> object:
    """Take the common keys and fill in what the type gives where the file is silent.

    A default timeout is never longer than the period; stand-ins serve a probe whose type is unknown, so
    that its type alone is complained of.
    """
    if not isinstance(probe, dict):
        return probe
    name = _type_of(probe, probe_types)
    period_s = probe_types[name].default_period_s if name else 1.0
    timeout_s = probe_types[name].default_timeout_s if name else 1.0
    chosen_s = Place(probe).at("period_s").number
    defaults = {
        "name": name or "unnamed",
        "period_s": period_s,
        "timeout_s": min(timeout_s, chosen_s if chosen_s and chosen_s > 0 else period_s),
    }
    common = {key: value for key, value in probe.items() if key in COMMON_PROBE_KEYS}
    return {**defaults, **common, "parameters": {}}


def _probes(tables: Tables) -> Iterator[tuple[ProbePlace, dict[str, Any]]]:
    for endpoint in Place(tables).items("endpoints"):
        for probe in endpoint.items("probes"):
            if isinstance(probe.value, dict):
                yield (int(probe.path[1]), int(probe.path[3])), probe.value


def _type_of(probe: Mapping[str, object], probe_types: ProbeTypes) -> str | None:
    name = probe.get("type")
    return name if isinstance(name, str) and name in probe_types else None


def _as_json(value: object) -> str:
    """Write tables as JSON; a date becomes text, and where none is taken it has been complained of."""
    return json.dumps(value, default=str)


def _with_parameters(
    site: Site, parameters: Mapping[ProbePlace, ProbeParameters], probe_types: ProbeTypes
) -> Site:
    """Put each probe's own parameters in the place of the empty ones, and add its type's usual limits."""
    endpoints = tuple(
        _endpoint_with_parameters(one, place, parameters, probe_types)
        for place, one in enumerate(site.endpoints)
    )
    return site.model_copy(update={"endpoints": endpoints})


def _endpoint_with_parameters(
    endpoint: Endpoint,
    place: int,
    parameters: Mapping[ProbePlace, ProbeParameters],
    probe_types: ProbeTypes,
) -> Endpoint:
    probes: list[Probe] = []
    for number, probe in enumerate(endpoint.probes):
        own = parameters[place, number]
        limits = with_usual_limits(probe.limits, probe_types[probe.type], own)
        probes.append(probe.model_copy(update={"parameters": own, "limits": limits}))
    return endpoint.model_copy(update={"probes": tuple(probes)})
