"""Which alarms of services would come, in words: of a what-if. It raises none.

Told is each alarm that is new or becomes worse, the most urgent first; in the order of the site among equals.
Those of endpoints come beside them, one for each cause.
"""

from __future__ import annotations

from controlroom.alarms.service_faults import faults_of
from controlroom.alarms.transitions import Fault
from controlroom.report.wording import fault_words, priority_words, subject_words
from controlroom.resilience.live import Resilience
from controlroom.resilience.what_if import WhatIf
from controlroom.site.view import SiteView


def coming_alarms(found: WhatIf, resilience: Resilience) -> tuple[str, ...]:
    """Say what would be raised: ``Priority 1, critical: Emergency calls: lost, Router A failed``."""
    view, structures = resilience.view, resilience.structures
    faults = [
        fault
        for name in found.changed
        for fault in faults_of(found.before[name], found.after[name], structures[name])
    ]
    return tuple(_words(fault, view) for fault in sorted(faults, key=lambda each: each.priority))


def _words(fault: Fault, view: SiteView) -> str:
    urgency = f"Priority {int(fault.priority)}, {priority_words(fault.priority)}"
    why = fault_words(fault.cause, fault.reason, name_of=lambda each: subject_words(each, view))
    return f"{urgency}: {subject_words(fault.subject, view)}: {why}"
