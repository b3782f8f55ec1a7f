"""What a replay found, in sentences for people. It finds nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from controlroom.alarms.alarm import ENGINE
from controlroom.logbook.entry import Draft, Entry
from controlroom.report import wording
from controlroom.report.detection_words import detection_sentence
from controlroom.report.figures import duration_text
from controlroom.report.log_sentences import log_sentence
from controlroom.report.replayed import FoundChange, Replayed, ReplayedAlarm, ToldEntry
from controlroom.site.number_text import number_text
from controlroom.site.view import SiteView


def change_sentence(found: FoundChange) -> str:
    """Say what changed on the link."""
    return detection_sentence(found.detection)


def entry_sentence(told: ToldEntry, view: SiteView) -> str:
    """Say what the log would have said of a condition or a grade."""
    return log_sentence(_numbered(told.entry), view)


def alarm_sentence(alarm: ReplayedAlarm, view: SiteView) -> str:
    """Say what an alarm was about: ``Mast North: down, no reply in time``."""
    seen = wording.seen_endpoint(alarm.subject, view)
    fault = wording.fault_words(alarm.cause, alarm.reason, seen)
    if alarm.subject == ENGINE:
        return f"{fault[:1].upper()}{fault[1:]}."
    return f"{wording.subject_words(alarm.subject, view)}: {fault}."


def alarms_sentence(replayed: Replayed) -> str:
    """Say how often, and for how long, the settings would have alarmed."""
    alarms = replayed.alarms
    if not alarms:
        return "No alarm."
    lasted = [alarm.lasted_s(replayed.until_utc_s) for alarm in alarms]
    causes = counted_words([wording.cause_words(alarm.cause) for alarm in alarms])
    standing = sum(alarm.returned is None for alarm in alarms)
    still = "" if not standing else "; the last still stands at the end"
    if len(alarms) == 1:
        return f"1 alarm ({causes}) of {duration_text(lasted[0])}{still}."
    whole, longest = duration_text(sum(lasted)), duration_text(max(lasted))
    return f"{len(alarms):,} alarms ({causes}), {whole} in all, the longest {longest}{still}."


def changes_sentence(replayed: Replayed) -> str:
    """Say how often the link changed, and how."""
    if not replayed.changes:
        return "No change of the link found."
    kinds = [found.detection.kind.value.replace("-", " ") for found in replayed.changes]
    many = len(kinds)
    return f"{many:,} {'change' if many == 1 else 'changes'} of the link: {counted_words(kinds)}."


def late_sentence(replayed: Replayed) -> str:
    """Say how many replies count as lost, after how long, and what to set to have it otherwise."""
    many, waited = replayed.late_replies, f"{number_text(replayed.deadline_s or 0.0)} s"
    said = "1 reply took" if many == 1 else f"{many:,} replies took"
    counts = "counts" if many == 1 else "count"
    return f"{said} longer than {waited} and {counts} as lost; --set timeout_s=SECONDS sets another time."


def counted_words(words: Sequence[str]) -> str:
    """Say how often each is there, the most frequent first: ``3 down, 1 degraded``."""
    return ", ".join(f"{count:,} {word}" for word, count in Counter(words).most_common())


def _numbered(draft: Draft) -> Entry:
    """Give an entry that is in no log the form of one that is."""
    return Entry(0, draft.at_utc_s, draft.kind, draft.subject, draft.operator, draft.facts, "", "")
