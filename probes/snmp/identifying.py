"""Finds out what a device is, and everything that it would tell by the template that fits it best.

Rules
1. The device is asked for what it says of itself, and for what the templates know devices by.
2. Of the templates that fit that one is taken of which the device tells the most, and of several the most
   particular; or the one that is wished for, whether or not it fits. The others that fit are read as well,
   unless rows are wished for, so that it can be said what a probe of theirs would watch. How much is told is
   how many different values would be watched, not of how many rows; the uptime counts for nothing.
3. The rows that are wished for are told; without a wish, all rows of all tables. A row whose name several
   have is not taken for one that is not there.
4. Settings are made so that a site takes them as they are: of a table with several rows each is named, as far
   as a probe may name so many and their metrics differ. The only row of a table is named as well where it has
   a name, and not its index alone: another one that appears later then takes nothing from it.
5. What broke off is told as far as it came. Where nothing did, and no row is wished for, the tables are named
   of which the device has no row: one that had some may have lost them.
6. Rows that are not in use, such as links that are down, are shown, and not taken into the settings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from controlroom.errors import SecretError
from controlroom.identification import ROWS, Beside, Identification, Kind, Setting, Stage, Step, share_name
from controlroom.probe import Inquiry
from controlroom.reading import Outcome, Reason
from controlroom.report.escaping import printable
from probes.snmp.agent import Agent, NoAnswerError, credentials_of
from probes.snmp.client import Answer, RawValue, SnmpClient, Version
from probes.snmp.doubts import doubts_of
from probes.snmp.figures import Figure, figures
from probes.snmp.found import found_objects, found_value, row_of
from probes.snmp.identifiers import LONGEST_LABEL
from probes.snmp.identity import SYS_DESCR, SYS_NAME, SYS_OBJECT_ID, asked_for, fitting
from probes.snmp.objects import Objects
from probes.snmp.parameters import MAXIMUM_ROWS, UPTIME, SnmpParameters
from probes.snmp.plan import Row, metrics_told
from probes.snmp.prober import fastest_client
from probes.snmp.rows import named_rows
from probes.snmp.survey import LONGEST_S, Survey
from probes.snmp.template import Template, Value
from probes.snmp.template_library import templates

ANY_MAKER: Final = "Any maker"
"""What a template has as its maker that is of no maker's devices."""
_OTHERS_S: Final = 30.0
"""How long each further template that fits may be read."""
_LONGEST_TEXT: Final = 500
_SILENT: Final = (
    "An agent does not answer strangers, so silence may mean: SNMP is switched off there; another {key} or"
    " version is wanted; the device answers only to addresses on its list, and this machine's is not among"
    " them; a firewall stops UDP to that port. A ping shows whether the device is there at all."
)
_KEYS: Final = {Version.V3: "privacy password or protocol"}


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read by one template; ``watches`` has titles of values by their names."""

    template: Template
    found: Identification
    watches: Mapping[str, str]


async def identify(inquiry: Inquiry, client: SnmpClient | None = None) -> Identification:
    """Ask a device what it is, and read it. ``client`` forces a stack."""
    parameters = inquiry.parameters
    if not isinstance(parameters, SnmpParameters):
        raise TypeError("these are not the parameters of an SNMP probe")
    try:
        credentials = await asyncio.to_thread(credentials_of, parameters, inquiry.resolve_secret)
    except SecretError as error:
        return Identification(outcome=Outcome.NOT_RUN, reason=Reason.NO_SECRET, text=str(error))
    client = client or fastest_client()
    await client.start()
    try:
        agent = Agent(client, inquiry.address, parameters, credentials)
        found = await _asked(inquiry, parameters, agent)
    finally:
        await client.stop()
    # Which rows there are to be named is what is found out here.
    doubts = doubts_of(
        parameters.model_copy(update={"template": ""}), lambda _reference: credentials.community
    )
    silent = _SILENT.format(key=_KEYS.get(parameters.version, "community"))
    advice = silent if found.reason is Reason.DEADLINE and not found.broke_off else ""
    return found.model_copy(update={"doubts": doubts, "advice": advice})


async def _asked(inquiry: Inquiry, parameters: SnmpParameters, agent: Agent) -> Identification:
    inquiry.on_step(Step(stage=Stage.ASKING))
    said: dict[str, RawValue] = {}
    try:
        said |= await agent.get((SYS_OBJECT_ID, SYS_DESCR, SYS_NAME), inquiry.timeout_s)
        said |= await agent.get([oid for oid in asked_for() if oid not in said], inquiry.timeout_s)
    except NoAnswerError as error:
        return _described(said, error.answer)
    fits = fitting(Objects(said))
    wished = templates().get(parameters.template)
    in_order = fits if wished is None else [wished, *(each for each in fits if each.id != wished.id)]
    known = _described(said, Answer(Outcome.REPLIED)).model_copy(
        update={"fits": tuple(map(_kind, fits)), "offered": tuple(map(_kind, _offered(fits)))}
    )
    read: list[_Read] = []
    for template in in_order:
        one = await _read(inquiry, parameters, agent, template, known, _OTHERS_S if read else LONGEST_S)
        if one.found.outcome is Outcome.REPLIED or not read:  # half of another one says nothing of the rest
            read.append(one)
        if parameters.rows or read[0].found.outcome is not Outcome.REPLIED:
            break
    return _best(read, wished) if read else known


def _best(read: Sequence[_Read], wished: Template | None) -> Identification:
    """Choose among what was read, the most particular first (rule 2), and tell of the others beside it."""
    best = read[0] if wished is not None else max(read, key=lambda each: len(each.watches))
    beside = tuple(
        Beside(
            kind=_kind(each.template),
            watches=tuple(dict.fromkeys(each.watches.values())),
            settings=each.found.settings,
        )
        for each in read
        if each is not best
    )
    chosen = best.template.id
    fits = sorted(best.found.fits, key=lambda kind: kind.id != chosen)
    return best.found.model_copy(update={"beside": beside, "fits": tuple(fits)})


async def _read(
    inquiry: Inquiry,
    parameters: SnmpParameters,
    agent: Agent,
    template: Template,
    known: Identification,
    longest_s: float,
) -> _Read:
    survey = Survey(agent, inquiry.timeout_s, inquiry.on_step, longest_s)
    answer = Answer(Outcome.REPLIED)
    own = parameters.model_copy(update={"template": template.id}).asked_objects
    told: list[Figure] = []
    try:
        survey.values |= await agent.get([each.name for each in own], inquiry.timeout_s)
        await survey.read(template)
        told = _wished(template, figures(template, survey.objects()), parameters.rows)
        await survey.count(told)
    except NoAnswerError as error:
        answer = error.answer
        told = told or _wished(template, figures(template, survey.objects()), parameters.rows)
    values = [found_value(template, figure, survey.rates) for figure in told]
    rows = list(dict.fromkeys(value.row for value in values if value.row))
    resting = () if parameters.rows else _resting(template, told)
    several = _of_several(template, survey.objects(), rows)
    alone = _alone_with_a_name(template, survey.objects(), rows)
    offered = [row for row in rows if row in {*several, *alone} and row not in resting]
    named, left_out = _named(template, parameters.rows or offered)
    vain = [row for row in parameters.rows if row not in rows]
    ambiguous = _ambiguous(template, survey.objects(), vain)
    found = known.model_copy(
        update={
            "outcome": answer.outcome,
            "reason": answer.reason,
            "text": printable(answer.text, _LONGEST_TEXT),
            "chosen": _kind(template),
            "values": (*values, *found_objects(own, survey.values)),
            "rows": tuple(rows),
            "left_out": tuple(row for row in left_out if row not in alone or row in parameters.rows),
            "resting": resting,
            "missing": tuple(row for row in vain if row not in ambiguous),
            "ambiguous": ambiguous,
            "empty": _empty(template, survey)
            if answer.outcome is Outcome.REPLIED and not parameters.rows
            else (),
            "cut": survey.cut,
            "settings": tuple(_settings(template, named)),
        }
    )
    return _Read(template, found, _watched(template, told, set(several) - set(named)))


def _watched(template: Template, told: Sequence[Figure], passed_over: Collection[str]) -> dict[str, str]:
    """Return what a probe that is set like this would watch: the titles of values by their names."""
    return {
        each.name: each.value.title
        for each in told
        if each.number is not None
        and each.name != UPTIME.metric
        and row_of(template, each) not in passed_over
    }


def _wished(template: Template, all_of_them: Sequence[Figure], rows: Sequence[str]) -> list[Figure]:
    """Return what is of the device as a whole, and of the rows wished for (rule 3)."""
    if not rows:
        return list(all_of_them)
    return [each for each in all_of_them if (row := row_of(template, each)) == "" or row in rows]


def _of_several(template: Template, objects: Objects, rows: Sequence[str]) -> list[str]:
    """Return the rows of the tables that have several, with or without values (rule 4)."""
    several = {name for name in template.tables if len(named_rows(template, name, objects)) > 1}
    return [row for row in rows if row.partition("/")[0] in several]


def _alone_with_a_name(template: Template, objects: Objects, rows: Sequence[str]) -> list[str]:
    """Return the only rows of their tables that have a name, and not their index alone (rule 4)."""
    by_table = {table: named_rows(template, table, objects) for table in template.tables}
    alone = [
        f"{table}/{name}"
        for table, names in by_table.items()
        for index, name in names.items()
        if len(names) == 1 and name != index
    ]
    return [row for row in rows if row in alone]


def _ambiguous(template: Template, objects: Objects, rows: Sequence[str]) -> tuple[str, ...]:
    """Return those of the rows whose name several have (rule 3)."""
    all_rows = [
        f"{table}/{name}"
        for table in template.tables
        for name in named_rows(template, table, objects).values()
    ]
    return tuple(row for row in rows if share_name(row, all_rows))


def _empty(template: Template, survey: Survey) -> tuple[str, ...]:
    """Name the tables of which the device has no row; none where a table was not read to its end."""
    with_values = {value.table for value in template.values}
    objects = survey.objects()
    return tuple(
        table.title
        for name, table in template.tables.items()
        if name in with_values and not survey.cut and not named_rows(template, name, objects)
    )


def _resting(template: Template, told: Sequence[Figure]) -> tuple[str, ...]:
    """Return the rows that say of themselves that they are not in use (rule 6)."""
    rows = [
        row_of(template, each)
        for each in told
        if isinstance(each.value, Value)
        and each.value.table
        and each.number in template.tables[each.value.table].not_offered.get(each.name, ())
    ]
    return tuple(dict.fromkeys(rows))


def _named(template: Template, rows: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the rows that a probe can name, and those that it cannot (rule 4)."""
    named: list[str] = []
    left_out: list[str] = []
    of_device = {metric.name for metric in metrics_told(template, ())}
    taken = set(of_device)
    for text in rows:
        table, _, name = text.partition("/")
        metrics = {metric.name for metric in metrics_told(template, [Row(table, name)])} - of_device
        if len(named) >= MAXIMUM_ROWS or metrics & taken or len(text) > LONGEST_LABEL:
            left_out.append(text)
        else:
            named.append(text)
            taken |= metrics
    return named, left_out


def _settings(template: Template, rows: Sequence[str]) -> Iterator[Setting]:
    yield Setting(key="template", value=template.id)
    if rows:
        yield Setting(key=ROWS, value=tuple(rows))


def _described(said: dict[str, RawValue], answer: Answer) -> Identification:
    """Return what a device says of itself, and how the asking went."""
    return Identification(
        outcome=answer.outcome,
        reason=answer.reason,
        text=printable(answer.text, _LONGEST_TEXT),
        description=_text(said.get(SYS_DESCR)),
        name=_text(said.get(SYS_NAME)),
        object_id=_text(said.get(SYS_OBJECT_ID)),
    )


def _text(raw: RawValue | None) -> str:
    """Return what is meant to be text as such, whatever octets it holds."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str("" if raw is None else raw)
    return printable(text.strip(), _LONGEST_TEXT)


def _offered(fits: Iterable[Template]) -> list[Template]:
    """Return the templates of no maker that do not fit by themselves: a person may choose them."""
    known = {template.id for template in fits}
    general = [each for each in templates().values() if each.maker == ANY_MAKER or not _has_a_match(each)]
    return [each for each in general if each.id not in known]


def _has_a_match(template: Template) -> bool:
    return bool(template.match.sys_object_id or template.match.objects)


def _kind(template: Template) -> Kind:
    return Kind(
        id=template.id,
        title=template.title,
        maker=template.maker,
        about=template.about,
        what_to_do=template.what_to_do,
        source=template.source,
        proven=template.proven,
        general=template.maker == ANY_MAKER or not _has_a_match(template),
    )
