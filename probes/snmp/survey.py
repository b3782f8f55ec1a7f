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
from typing import Final, Literal

from controlroom.identification import OnStep, Stage, Step
from controlroom.reading import Outcome, Reason
from probes.snmp.agent import Agent, NoAnswerError
from probes.snmp.client import Answer, RawValue
from probes.snmp.device import UPTIME
from probes.snmp.figures import Figure
from probes.snmp.objects import Objects
from probes.snmp.packing import AT_ONCE
from probes.snmp.rates import Rates
from probes.snmp.rows import naming_columns
from probes.snmp.template import Template, Value
from probes.snmp.walking import CIRCLES

MOST_OF_A_COLUMN: Final = 2000
LONGEST_S: Final = 120.0
APART_S: Final = 2.0
"""Seconds between the two looks at a counter."""
MOST_COUNTERS: Final = 600
_BESIDE_UPTIME: Final = AT_ONCE - 1


@dataclass(slots=True)
class Survey:
    """One reading of an agent under way."""

    agent: Agent
    timeout_s: float
    on_step: OnStep
    values: dict[str, RawValue] = field(default_factory=dict)
    rates: dict[str, float] = field(default_factory=dict)
    """By the counters' objects, a second."""
    cut: bool = False
    """Whether a column was longer than what is read of one."""

    async def read(self, template: Template) -> None:
        """Read all that a template names; raise ``NoAnswerError`` where the agent stops (rule 2)."""
        due = asyncio.get_running_loop().time() + LONGEST_S
        columns = columns_of(template)
        self.values |= await self.agent.get(scalars_of(template), self.timeout_s)
        for done, (title, oid) in enumerate(columns):
            self.on_step(Step(stage=Stage.READING, done=done, of=len(columns), what=title))
            left_s = due - asyncio.get_running_loop().time()
            if left_s <= 0:
                raise NoAnswerError(Answer(Outcome.NO_REPLY, Reason.DEADLINE, text=_TOO_LONG))
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
        counters = {
            figure.oid: figure.value.counter_bits(figure.oid)
            for figure in figures
            if isinstance(figure.value, Value) and figure.value.counter and isinstance(figure.raw, int)
        }
        asked = list(counters)[:MOST_COUNTERS]
        parts = [asked[start : start + _BESIDE_UPTIME] for start in range(0, len(asked), _BESIDE_UPTIME)]
        if not parts:
            return
        self.on_step(Step(stage=Stage.COUNTING, of=len(counters)))
        clock = asyncio.get_running_loop().time
        began_s, known = clock(), [Rates() for _ in parts]
        for look in range(2):
            await asyncio.sleep(max(0.0, began_s + look * APART_S - clock()))
            for part, rates in zip(parts, known, strict=True):
                await self._look(part, rates, counters, clock)

    async def _look(
        self, oids: Sequence[str], rates: Rates, bits: dict[str, int], clock: Callable[[], float]
    ) -> None:
        values = await self.agent.get([UPTIME, *oids], self.timeout_s)
        now_s, uptime = clock(), values.get(UPTIME)
        rates.restarted(uptime if isinstance(uptime, int) else None, now_s)
        for oid in oids:
            raw = values.get(oid)
            wide: Literal[32, 64] = 32 if bits[oid] == 32 else 64
            rate = rates.rate(oid, raw, wide, now_s) if isinstance(raw, int) else None
            if rate is not None:
                self.rates[oid] = rate


_TOO_LONG: Final = f"reading all took longer than {LONGEST_S:g} s"


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
