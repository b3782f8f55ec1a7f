"""Everything that a template can read from an agent, read once; its counters twice, for their rates.

Rules
1. Tables are walked column by column, whatever their rows are named; all else is got by name.
2. What was read before an agent stopped answering is kept: half a device is shown, and said to be half.
3. A counter is asked twice, some seconds apart. What was not asked twice in time has no rate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from controlroom.identification import OnStep, Stage, Step
from controlroom.reading import Outcome, Reason
from probes.snmp.agent import Agent, NoAnswerError
from probes.snmp.client import Answer, RawValue
from probes.snmp.counters import Counter, counter_of, line_speeds
from probes.snmp.device import UPTIME
from probes.snmp.figures import Figure
from probes.snmp.objects import Objects
from probes.snmp.packing import AT_ONCE
from probes.snmp.rates import Rates
from probes.snmp.rows import naming_columns
from probes.snmp.template import Template
from probes.snmp.walking import CIRCLES

MOST_OF_A_COLUMN: Final = 2000
LONGEST_S: Final = 120.0
APART_S: Final = 2.0
"""Seconds between the two looks at a counter."""
MOST_COUNTERS: Final = 600
_COUNTERS: Final = (AT_ONCE - 1) // 2
"""Counters of one message, each with its stamp, beside the uptime."""


@dataclass(slots=True)
class Survey:
    """One reading of an agent under way."""

    agent: Agent
    timeout_s: float
    on_step: OnStep
    longest_s: float = LONGEST_S
    values: dict[str, RawValue] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    """By the counters' objects, in the unit of their value."""
    cut: bool = False
    """Whether a column was longer than what is read of one."""

    async def read(self, template: Template) -> None:
        """Read all that a template names; raise ``NoAnswerError`` where the agent stops (rule 2)."""
        due = asyncio.get_running_loop().time() + self.longest_s
        columns = columns_of(template)
        self.values |= await self.agent.get(scalars_of(template), self.timeout_s)
        for done, (title, oid) in enumerate(columns):
            self.on_step(Step(stage=Stage.READING, done=done, of=len(columns), what=title))
            left_s = due - asyncio.get_running_loop().time()
            if left_s <= 0:
                raise NoAnswerError(
                    Answer(
                        Outcome.NO_REPLY,
                        Reason.DEADLINE,
                        text=f"reading all took longer than {self.longest_s:g} s",
                    )
                )
            answer = await self.agent.walk(oid, self.timeout_s, most=MOST_OF_A_COLUMN, longest_s=left_s)
            self.values |= answer.values
            self.cut = self.cut or len(answer.values) >= MOST_OF_A_COLUMN
            if answer.text == CIRCLES:
                raise NoAnswerError(Answer(Outcome.REFUSED, Reason.DEVICE_ERROR, text=CIRCLES))
            if answer.outcome is not Outcome.REPLIED:
                raise NoAnswerError(answer)

    def objects(self) -> Objects:
        """Return what was read."""
        return Objects(self.values)

    async def count(self, figures: Sequence[Figure]) -> None:
        """Look twice at the counters among figures (rule 3)."""
        speeds = line_speeds(figures)
        found = (counter_of(figure, speeds) for figure in figures)
        counters = [each for each in found if each is not None][:MOST_COUNTERS]
        parts = [counters[start : start + _COUNTERS] for start in range(0, len(counters), _COUNTERS)]
        if not parts:
            return
        self.on_step(Step(stage=Stage.COUNTING, of=len(counters)))
        clock = asyncio.get_running_loop().time
        began_s, known = clock(), [Rates() for _ in parts]
        for look in range(2):
            await asyncio.sleep(max(0.0, began_s + look * APART_S - clock()))
            for part, rates in zip(parts, known, strict=True):
                await self._look(part, rates, clock)

    async def _look(self, counters: Sequence[Counter], rates: Rates, clock: Callable[[], float]) -> None:
        stamps = [each.stamp for each in counters if each.stamp is not None]
        asked = [UPTIME, *(each.oid for each in counters), *dict.fromkeys(stamps)]
        values = await self.agent.get(asked, self.timeout_s)
        now_s, uptime = clock(), values.get(UPTIME)
        rates.restarted(uptime if isinstance(uptime, int) else None, now_s)
        for each in counters:
            count, stamp = values.get(each.oid), values.get(each.stamp or "")
            if not isinstance(count, int):
                continue
            began = stamp if isinstance(stamp, int) else None
            rate = rates.rate(each.oid, count, each.bits, now_s, stamp=began, line=each.most)
            if rate is not None:
                self.rates[each.oid] = rate * each.by


def scalars_of(template: Template) -> list[str]:
    """Return the objects that belong to no table."""
    oids = [oid.removeprefix(".") for value in template.values if not value.table for oid in value.oid]
    return list(dict.fromkeys(oids))


def columns_of(template: Template) -> list[tuple[str, str]]:
    """Return all columns that a template's tables need, each once, with the title of its table."""
    found: dict[str, str] = {}
    for name, table in template.tables.items():
        values = [value for value in template.values if value.table == name]
        naming = naming_columns(template, name)
        scaling = [oid for value in values for oid in (value.scale, value.precision) if oid is not None]
        for oid in (*naming, *scaling, *(oid for value in values for oid in value.oid)):
            found.setdefault(oid.removeprefix("."), table.title)
    return [(title, oid) for oid, title in found.items()]
