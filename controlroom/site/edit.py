"""Changes a site file's text by one endpoint, and leaves every other byte as its writer left it. Pure.

Rules
1. An endpoint's part of the text begins with the comment right above its header and ends where the next
   part begins. Only that part is written anew; within it only the keys that changed.
2. What stands in a list of inline tables is edited as a whole document instead.
3. Every result is read again: unless it holds exactly what was wanted, nothing is given back
   (``site-edit-failed``).
4. A new name of an endpoint follows into anchors, service paths, alarm rules and what stands behind it. An
   endpoint is taken out of the anchors and the alarm rules with its removal; while a service path needs it,
   another endpoint stands behind it, or an alarm rule is for it alone and would then be for all, it cannot be
   removed (``endpoint-in-use``).
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final

import tomlkit
from tomlkit.exceptions import TOMLKitError

from controlroom.errors import ControlroomError
from controlroom.site.behind import alternatives, renamed
from controlroom.site.edit_part import changed_part, new_part
from controlroom.site.lines import Lines
from controlroom.site.place import Place

Tables = dict[str, Any]

Document = MutableMapping[str, Any]
"""Plain tables, or a document that keeps its layout."""

_ANCHORS: Final = "Anchors"

_HEADER: Final = re.compile(r"[ \t]*\[\[[ \t]*endpoints[ \t]*\]\]")


def endpoint_tables(text: str) -> tuple[Tables, ...]:
    """Read the endpoints as plain values, in the file's order; ``text`` must be TOML."""
    found = tomllib.loads(text).get("endpoints")
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def uses_of(text: str, endpoint_id: str) -> tuple[str, ...]:
    """Say what needs an endpoint: service paths, who stands behind it, alarm rules for it alone, anchors."""
    site = Place(tomllib.loads(text))
    said = [
        f"Service {service.at('name').text or service.at('id').text or '?'}, "
        f"path {path.at('name').text or path.at('id').text or '?'}"
        for service in site.items("services")
        for path in service.items("paths")
        if endpoint_id in [name for _, name in path.texts("endpoints")]
    ]
    said += [
        f"{other.at('name').text or other.at('id').text or '?'}, which stands behind it"
        for other in site.items("endpoints")
        if any(endpoint_id in alternatives(entry) for _, entry in other.texts("behind"))
    ]
    said += [
        f"Alarm rule {rule.at('id').text or '?'}, which is for it alone"
        for rule in site.items("alarm_rules")
        if {name for _, name in rule.texts("endpoints")} == {endpoint_id}
    ]
    if endpoint_id in [name for _, name in site.at("own_connectivity").texts("anchors")]:
        said.append(f"{_ANCHORS}, which are asked first, to find out whether our own connection works")
    return tuple(said)


def stands_in_the_way(use: str) -> bool:
    """Whether an endpoint cannot be removed while it is used so (rule 4)."""
    return not use.startswith(f"{_ANCHORS}, ")


def put_endpoint(
    text: str,
    endpoint: Mapping[str, Any],
    *,
    in_place_of: str | None = None,
    after: str | None = None,
) -> str:
    """Write an endpoint in the place of another, or as a new one after another or after the last.

    ``endpoint`` is plain values as they would stand in the file, ``probes`` among them.
    """
    wanted = tomllib.loads(text)
    places = _ids(wanted)
    fresh = copy.deepcopy(dict(endpoint))
    if in_place_of is not None:
        place = _place_of(places, in_place_of)
        wanted["endpoints"][place] = fresh
        _rename(wanted, in_place_of, str(fresh.get("id", in_place_of)))
        edited = _with_part(text, place, lambda part: changed_part(part, fresh))
        if edited is None:
            edited = _whole(text, lambda document: _set_item(document, place, fresh))
        if fresh.get("id") != in_place_of:
            edited = _whole(edited, lambda document: _rename(document, in_place_of, str(fresh["id"])))
        return _proven(edited, wanted)
    place = len(places) if after is None else _place_of(places, after) + 1
    wanted.setdefault("endpoints", []).insert(place, fresh)
    edited = _inserted(text, place, len(places), new_part(fresh))
    if edited is None:
        edited = _whole(text, lambda document: document["endpoints"].insert(place, fresh))
    return _proven(edited, wanted)


def remove_endpoint(text: str, endpoint_id: str) -> str:
    """Take an endpoint out, and out of the anchors."""
    needed = [use for use in uses_of(text, endpoint_id) if stands_in_the_way(use)]
    if needed:
        happened = f"{endpoint_id} is needed by: {'; '.join(needed[:5])}."
        raise ControlroomError("endpoint-in-use", happened, "Change these in the site file first.")
    wanted = tomllib.loads(text)
    place = _place_of(_ids(wanted), endpoint_id)
    del wanted["endpoints"][place]
    edited = _with_part(text, place, lambda part: "")
    if edited is None:
        edited = _whole(text, lambda document: document["endpoints"].pop(place))
    if not wanted["endpoints"] and "endpoints" not in tomllib.loads(edited):
        del wanted["endpoints"]
    if _drop_mentions(wanted, endpoint_id):
        edited = _whole(edited, lambda document: _drop_mentions(document, endpoint_id))
    return _proven(edited, wanted)


def _ids(tables: Tables) -> list[str]:
    listed = tables.get("endpoints", [])
    return [str(each.get("id", "")) for each in listed]


def _place_of(ids: Sequence[str], endpoint_id: str) -> int:
    if endpoint_id not in ids:
        happened = f"The site file has no endpoint {endpoint_id}."
        raise ControlroomError("no-such-endpoint", happened, "Read the file again.")
    return ids.index(endpoint_id)


def _starts(text: str) -> tuple[list[str], list[int], list[int]] | None:
    """Return all lines, where each endpoint begins, and where anything at top level begins.

    ``None`` where the endpoints are not written one by one under headers of their own.
    """
    lines = text.splitlines(keepends=True)
    tables = tomllib.loads(text)
    scan = Lines(text)
    endpoints = [scan.line_of(("endpoints", place)) - 1 for place in range(len(tables.get("endpoints", [])))]
    if not all(_HEADER.match(lines[at]) for at in endpoints):
        return None
    others = [
        scan.line_of((key, place)) - 1 if place is not None else scan.line_of((key,)) - 1
        for key, value in tables.items()
        if key != "endpoints"
        for place in (range(len(value)) if _is_list_of_tables(value) else (None,))
    ]
    starts = sorted({*endpoints, *(at for at in others if lines[at].lstrip().startswith("["))})
    return lines, [_with_comment(lines, at) for at in endpoints], [_with_comment(lines, at) for at in starts]


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _with_comment(lines: Sequence[str], at: int) -> int:
    """Go up over the comment right above a header."""
    while at > 0 and lines[at - 1].lstrip().startswith("#"):
        at -= 1
    return at


def _with_part(text: str, place: int, change: Callable[[str], str]) -> str | None:
    found = _starts(text)
    if found is None:
        return None
    lines, endpoints, starts = found
    begin = endpoints[place]
    end = next((at for at in starts if at > begin), len(lines))
    part = "".join(lines[begin:end])
    crlf = "\r\n" in part
    try:
        changed = change(part.replace("\r\n", "\n"))
    except (TOMLKitError, ValueError, KeyError, TypeError):
        return None
    if crlf:
        changed = changed.replace("\n", "\r\n")
    return "".join([*lines[:begin], changed, *lines[end:]])


def _inserted(text: str, place: int, count: int, part: str) -> str | None:
    found = _starts(text)
    if found is None:
        return None
    lines, endpoints, starts = found
    if place < count:
        at = endpoints[place]
    elif count:
        at = next((start for start in starts if start > endpoints[-1]), len(lines))
    else:
        at = len(lines)
    before, behind = "".join(lines[:at]), "".join(lines[at:])
    line_end = "\r\n" if "\r\n" in text else "\n"
    if before and not before.endswith("\n"):
        before += line_end
    gap = line_end if before.strip() and not before.endswith(line_end * 2) else ""
    tail = line_end if behind else ""
    return f"{before}{gap}{part.replace(chr(10), line_end)}{tail}{behind}"


def _whole(text: str, change: Callable[[Document], object]) -> str:
    """Change a text by way of a whole document; comments stay, layout as far as the library keeps it."""
    try:
        document = tomlkit.parse(text)
        change(document)
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _failed() from error


def _set_item(document: Document, place: int, endpoint: Tables) -> None:
    item = document["endpoints"][place]
    for key in [key for key in item if key not in endpoint]:
        del item[key]
    for key, value in endpoint.items():
        if key not in item or item[key] != value:
            item[key] = value


def _rename(tables: Document, before: str, now: str) -> None:
    if before == now:
        return
    lists = _mentions(tables) + [
        path.get("endpoints", [])
        for service in tables.get("services", [])
        for path in service.get("paths", [])
    ]
    for names in lists:
        for place, name in enumerate(list(names)):
            if name == before:
                names[place] = now
    for entries in (endpoint.get("behind", []) for endpoint in tables.get("endpoints", [])):
        for place, entry in enumerate(list(entries)):
            if isinstance(entry, str) and before in alternatives(entry):
                entries[place] = renamed(entry, before, now)


def _drop_mentions(tables: Document, endpoint_id: str) -> bool:
    dropped = False
    for names in _mentions(tables):
        for place in reversed([place for place, name in enumerate(list(names)) if name == endpoint_id]):
            del names[place]
            dropped = True
    return dropped


def _mentions(tables: Document) -> list[Any]:
    """Return the lists that an endpoint may be taken out of."""
    rules = (rule.get("endpoints", []) for rule in tables.get("alarm_rules", []))
    return [tables.get("own_connectivity", {}).get("anchors", []), *rules]


def _proven(text: str, wanted: Tables) -> str:
    """Give the text back if it holds what was wanted (rule 3)."""
    try:
        if tomllib.loads(text) == wanted:
            return text
    except ValueError as error:
        raise _failed() from error
    raise _failed()


def _failed() -> ControlroomError:
    return ControlroomError(
        "site-edit-failed",
        "The site file is written in a way that this form cannot change without disturbing it.",
        "Change it with a text editor; the desk shows what changed before it is used.",
    )
