"""How good a link is and how long it worked, as the detail of an endpoint says it. It judges nothing.

The grade of the engine counts, which knows more than the figures; those stand below it, newer by seconds.
Rules
1. A sign counts only while it stands: one that was the condition's is over when the condition is another.
2. Beside an endpoint that is shown degraded no link is called good.
"""

from __future__ import annotations

from typing import Final

from controlroom.condition.assessment import Assessment
from controlroom.condition.grading import DEGRADED, ROUTE_CHANGED, SIGN, condition_signs, grading
from controlroom.condition.limit_reason import LimitReason
from controlroom.condition.state import EndpointState
from controlroom.measure.figures import LinkFigures
from controlroom.measure.grade import KEPT, Graded
from controlroom.measure.rolled_figures import RolledFigures
from controlroom.measure.voice import NoEstimateReason, VoiceEstimate
from controlroom.report.availability_words import (
    availability_sentence,
    budget_sentence,
    objective_words,
    repair_words,
    spending_sentence,
)
from controlroom.report.figures import duration_text, value_text
from controlroom.report.grade_words import grade_reason_words, grade_words
from controlroom.report.voice_words import assumption_words, basis_words, estimate_words
from controlroom.site.profile import Grade, Profile
from controlroom.site.view import SeenEndpoint
from ui.desk.snapshot import Worth

_WORTH_SAYING: Final = frozenset(NoEstimateReason) - {NoEstimateReason.NO_CODEC}
"""Why there is no estimate, where somebody wants one."""


def quality_words(
    worth: Worth, seen: SeenEndpoint, profile: Profile | None, state: EndpointState | None = None
) -> str:
    """Say how good the link is for its use, and why; empty where nobody said for what and no sign tells.

    ``state`` is the condition that is shown beside it.
    """
    told, quality = worth.assessment, worth.quality
    if quality is None or (profile is None and told is None):
        return ""
    graded = quality.graded
    if told is not None and not _is_over(told, state):
        graded = Graded(Grade(told.grade), told.reason) if told.grade in set(Grade) else graded
    grade, reason = graded.grade, graded.reason
    if profile is not None or seen.voice.codec is not None:
        grade, reason = grading(graded, condition_signs(state))
    use = f" for {profile.title}" if profile is not None else ""
    if reason == KEPT:
        return f"{grade_words(grade).capitalize()}{use}."
    why = grade_reason_words(reason, seen=seen)  # the number's source is for whoever sets it
    if grade == Grade.UNKNOWN:
        return f"{why[:1].upper()}{why[1:]}."
    return f"{grade_words(grade).capitalize()}{use}: {why}."


def _is_over(told: Assessment, state: EndpointState | None) -> bool:
    """Whether a grade is by a sign of a condition that the endpoint is in no longer (rule 1)."""
    sign = told.reason.removeprefix(f"{SIGN}:").removesuffix(f":{ROUTE_CHANGED}")
    is_condition = sign.startswith(f"{DEGRADED}:") or LimitReason.read(sign) is not None
    return is_condition and sign not in condition_signs(state)


def figures_words(worth: Worth) -> str:
    """Tell the figures of the last five minutes."""
    figures = worth.quality.figures if worth.quality is not None else None
    return "" if figures is None else figures_sentence(figures)


def figures_sentence(figures: LinkFigures | RolledFigures) -> str:
    """Tell the figures of a window in one sentence, the loss behind the round trips; empty without any."""
    if not figures.asked:
        return ""
    latency, parts = figures.latency, []
    loss = figures.loss if isinstance(figures, RolledFigures) else figures.losses.loss
    if latency.median_s is not None:
        parts.append(
            f"median {value_text(latency.median_s, 's')}, 95 % within {value_text(latency.p95_s, 's')}, "
            f"99 % within {value_text(latency.p99_s, 's')}"
        )
    if isinstance(figures, LinkFigures) and figures.jitter.jitter_s is not None:
        parts.append(f"jitter {value_text(figures.jitter.jitter_s, 's')}")
    shown = f"{value_text(loss.low, 'ratio')} to {value_text(loss.high, 'ratio')}"
    parts.append(f"lost {loss.lost:,} of {loss.sent:,}, so {shown}")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."


def voice_lines(worth: Worth) -> str:
    """Say what speech over the link would be worth, by what is assumed; empty where nobody wants to know."""
    voice = worth.quality.voice if worth.quality is not None else None
    if not isinstance(voice, VoiceEstimate):
        return estimate_words(voice) if voice is not None and voice.reason in _WORTH_SAYING else ""
    return "\n".join((estimate_words(voice), basis_words(voice), assumption_words(voice.assumptions)))


def availability_lines(worth: Worth) -> str:
    """Say how much of the last hours and days it worked, how often it failed, and what is left to fail."""
    worked, lines = worth.worked, []
    for length_s, found in worked.availability:
        lines.append(f"Last {duration_text(length_s)}: {availability_sentence(found)}")
    if worked.availability and (repair := repair_words(worked.availability[-1][1])):
        lines.append(f"{repair}.")
    objective = worked.objective
    if objective is not None:
        lines.append(f"Objective {objective_words(objective.objective)}: {budget_sentence(objective.budget)}")
        lines.append(spending_sentence(objective.burns))
    return "\n".join(lines)
