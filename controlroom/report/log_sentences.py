"""Each log entry as one sentence for people. The entry itself, with its facts, is the record.

A fact that is missing or of another type than expected (a newer program, a damaged file) is left
out of the sentence; a sentence never fails.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from controlroom.alarms.alarm import ENGINE
from controlroom.logbook.act import DESK_CLOSED
from controlroom.logbook.entry import Entry, LogKind
from controlroom.operators.change import ChangeKind
from controlroom.report import wording
from controlroom.report.alarm_sentences import ALARM_TELLERS
from controlroom.report.figures import duration_text, local_text, value_text
from controlroom.report.grade_words import grade_reason_words, grade_words
from controlroom.report.link_change_words import link_change_words
from controlroom.report.maintenance_sentences import MAINTENANCE_TELLERS
from controlroom.report.service_sentence import service_changed_sentence
from controlroom.report.told_entry import ToldEntry
from controlroom.route.kept import TraceCause
from controlroom.route.trace import TraceEnd
from controlroom.site.view import SiteView


def log_sentence(entry: Entry, view: SiteView | None) -> str:
    """Tell an entry in one sentence, on one line, with nothing in it that could steer a screen."""
    told = ToldEntry(entry, view)
    tell = _TELLERS.get(entry.kind)
    return tell(told) if tell is not None else f"{wording.log_kind_words(entry.kind)}: {told.subject}"


def _engine_started(told: ToldEntry) -> str:
    parts = [
        f"process {told.words('pid')}" if told.words("pid") else "",
        f"version {told.words('version')}" if told.words("version") else "",
        f"site {told.words('site')}" if told.words("site") else "",
    ]
    details = ", ".join(part for part in parts if part)
    crashed = told.words("after") == "crash"
    what = "Monitoring started again after it had ended without a word" if crashed else "Monitoring started"
    return f"{what} ({details})." if details else f"{what}."


def _engine_stopped(told: ToldEntry) -> str:
    cause = told.words("cause")
    return f"Monitoring stopped{told.by()}" + (f": {wording.stop_cause_words(cause)}." if cause else ".")


def _site_loaded(told: ToldEntry) -> str:
    name, digest = told.words("name"), told.words("digest")
    endpoints, probes = told.number("endpoints"), told.number("probes")
    counts = ""
    if endpoints is not None and probes is not None:
        counts = f": {_counted(endpoints, 'endpoint')}, {_counted(probes, 'probe')}"
    return f"Site {name} loaded{counts}{f' (digest {digest[:12]})' if digest else ''}."


def _condition_changed(told: ToldEntry) -> str:
    was, now, reason = told.words("from"), told.words("to"), told.words("reason")
    why = (
        f": {wording.reason_words(reason, told.seen, name_of=told.name_of)}"
        if reason not in ("", "none")
        else ""
    )
    before = f", was {wording.condition_words(was)}" if was else ""
    return f"{told.subject} is {wording.condition_words(now)}{before}{why}{told.began()}."


def _event(told: ToldEntry) -> str:
    rule = told.words("rule")
    by = f", by the rule {rule}" if rule else ""
    return f"{told.fault()}{told.began()}. An event{by}: nobody has to act."


def _note(told: ToldEntry) -> str:
    number = told.number("alarm")
    about = told.subject if number is None else f"alarm {number:.0f}, {told.subject}"
    return f"Note{told.by()} on {about}: “{told.words('note')}”"


def _act_refused(told: ToldEntry) -> str:
    act, answer = told.words("act"), told.words("answer")
    subject = "" if told.entry.subject == ENGINE else f" on {told.subject}"
    lines = told.number("lines")
    if answer == "malformed" and lines is not None and lines > 1:
        return f"Refused: {lines:.0f} lines of an inbox that are no acts.{told.note()}"
    why = f", because {wording.answer_words(answer)}" if answer else ""
    mistake = f" {told.words('mistake')}" if told.words("mistake") else ""
    return f"Refused: {wording.act_words(act)}{told.by()}{subject}{why}.{mistake}{told.note()}"


def _blind_time(told: ToldEntry) -> str:
    from_utc_s, until_utc_s = told.number("from_utc_s"), told.number("until_utc_s")
    cause = told.words("cause")
    why = f": {wording.blind_cause_words(cause)}" if cause else ""
    if from_utc_s is None or until_utc_s is None:
        return f"Nothing could be measured{why}."
    lasted = value_text(until_utc_s - from_utc_s, "s")
    return f"Nothing could be measured for {lasted}, from {local_text(from_utc_s, told.zone)}{why}."


def _own_connection_lost(told: ToldEntry) -> str:
    anchors = told.words("anchors")
    return f"This workstation has lost the network{f': no answer from {anchors}' if anchors else ''}."


def _own_connection_back(told: ToldEntry) -> str:
    since_utc_s = told.number("since_utc_s")
    after = f" after {duration_text(told.entry.at_utc_s - since_utc_s)}" if since_utc_s is not None else ""
    return f"This workstation has the network back{after}."


def _clock_stepped(told: ToldEntry) -> str:
    step_s = told.number("step_s")
    if step_s is None:
        return "This machine's clock was set."
    direction = "forward" if step_s > 0 else "back"
    return f"This machine's clock was set {direction} by {value_text(abs(step_s), 's')}."


def _name_lost(told: ToldEntry) -> str:
    return f"{told.subject}: its name is not resolved any more; asked at its last {_at(told)}."


def _name_back(told: ToldEntry) -> str:
    return f"{told.subject}: its name is resolved again, to the same {_at(told)}."


def _address_changed(told: ToldEntry) -> str:
    return f"{told.subject}: its name leads to another {_at(told)} now."


def _at(told: ToldEntry) -> str:
    return f"address {told.words('address')}".rstrip()


def _site_changed(told: ToldEntry) -> str:
    counts = (("added", "added"), ("changed", "changed"), ("removed", "taken out"))
    said = [f"{told.number(fact):.0f} {word}" for fact, word in counts if told.number(fact)]
    digest = told.words("digest")
    if told.entry.facts.get("same") is True:
        return f"Site file put in use{told.by()}: it is what runs already.{told.note()}"
    what = ", ".join(said) or "no endpoint touched"
    return f"Site changed{told.by()}: {what}{f' (digest {digest[:12]})' if digest else ''}.{told.note()}"


def _signed_in(told: ToldEntry) -> str:
    role = told.words("role")
    return f"{told.operator or 'Somebody'} signed in{f' (may {role})' if role else ''}."


def _signed_out(told: ToldEntry) -> str:
    closed = told.words("note") == DESK_CLOSED
    return f"{told.operator or 'Somebody'} signed out{': the desk was closed' if closed else ''}."


def _sound_tested(told: ToldEntry) -> str:
    heard = told.entry.facts.get("heard") is True
    return f"Sound tested{told.by()}: {'heard' if heard else 'NOT heard'}.{told.note()}"


def _operators_changed(told: ToldEntry) -> str:
    name, before, after, by = told.words("name"), told.words("before"), told.words("after"), told.by()
    said = {
        ChangeKind.ADDED: f"Operator {name} added{by} (may {after}).",
        ChangeKind.REMOVED: f"Operator {name} taken off the list{by}.",
        ChangeKind.RENAMED: f"Operator {before} renamed {after}{by}.",
        ChangeKind.ROLE: f"Operator {name} may {after} now, was {before}; changed{by}.",
        ChangeKind.PIN_SET: f"A PIN for {name} set{by}.",
        ChangeKind.PIN_CHANGED: f"The PIN of {name} changed{by}.",
        ChangeKind.PIN_REMOVED: f"The PIN of {name} taken away{by}.",
        ChangeKind.WITHOUT_SIGN_IN: (
            f"Without signing in a desk may {after} now, was {before}; changed{by}."
        ),
    }
    return {kind.value: sentence for kind, sentence in said.items()}.get(
        told.words("what"), f"The list of operators changed{by}."
    )


def _store_mended(told: ToldEntry) -> str:
    return f"{told.words('happened') or 'The store was mended.'} {told.words('advice')}".strip()


def _route_traced(told: ToldEntry) -> str:
    why = " as it turned bad" if told.words("cause") == TraceCause.TURNED_BAD else told.by()
    return f"Route to {told.subject} traced{why}: {_route_end(told)}."


def _route_end(told: ToldEntry) -> str:
    hops, after, good = told.number("hops"), told.number("ends_after"), told.number("good_hops")
    usually = f", where the last good route reached it over {_counted(good, 'hop')}" if good else ""
    last = told.words("route").rpartition("> ")[2]
    end = told.words("end")
    if end == TraceEnd.REACHED:
        return f"it answers over {_counted(hops, 'hop')}" if hops else "it answers"
    if end == TraceEnd.REFUSED:
        return f"at {last}, {wording.reason_words(told.words('reason'), told.seen)}{usually}"
    answered = hops if after is None else after
    if not answered:
        return f"no router on the way answers the trace{usually}"
    return f"nobody answers beyond hop {answered:.0f} ({last}){usually}"


def _route_changed(told: ToldEntry) -> str:
    hop = told.number("hop")
    where = f" at hop {hop:.0f}" if hop is not None else ""
    return f"The route to {told.subject} changed{where}: {told.words('after')}; was {told.words('before')}."


def _traces_skipped(told: ToldEntry) -> str:
    count = told.number("count")
    who = "Endpoints" if count is None else _counted(count, "endpoint")
    return f"{who} that turned bad not traced, for too many turned bad at once."


def _grade_changed(told: ToldEntry) -> str:
    was, now, reason = told.words("from"), told.words("to"), told.words("reason")
    profile = None if told.profile is None or told.profile.id != told.words("profile") else told.profile
    use = f" for {profile.title}" if profile is not None else ""
    before = f", was {grade_words(was)}" if was else ""
    why = f": {grade_reason_words(reason, seen=told.seen)}" if reason else ""
    return f"{told.subject} is {grade_words(now)}{use}{before}{why}."


def _link_changed(told: ToldEntry) -> str:
    before, after = told.number("before"), told.number("after")
    if before is None or after is None:
        return f"{told.subject} is not as usual."
    began = told.began()
    return f"{told.subject}: {link_change_words(told.words('change'), before, after)}{began}."


def _messages_lost(told: ToldEntry) -> str:
    count, channels, trouble = told.number("count"), told.words("channels"), told.words("trouble")
    what = "Messages" if count is None else _counted(count, "message")
    where = f" by {channels}" if channels else ""
    return f"{what} could not be delivered{where} and {'is' if count == 1 else 'are'} given up" + (
        f": {trouble.replace('_', ' ')}." if trouble else "."
    )


def _counted(count: float, noun: str) -> str:
    return f"{count:.0f} {noun}{'' if count == 1 else 's'}"


_TELLERS: Final[dict[LogKind, Callable[[ToldEntry], str]]] = {
    LogKind.ENGINE_STARTED: _engine_started,
    LogKind.ENGINE_STOPPED: _engine_stopped,
    LogKind.SITE_LOADED: _site_loaded,
    LogKind.CONDITION_CHANGED: _condition_changed,
    **ALARM_TELLERS,
    **MAINTENANCE_TELLERS,
    LogKind.EVENT: _event,
    LogKind.NOTE: _note,
    LogKind.ACT_REFUSED: _act_refused,
    LogKind.BLIND_TIME: _blind_time,
    LogKind.OWN_CONNECTION_LOST: _own_connection_lost,
    LogKind.OWN_CONNECTION_BACK: _own_connection_back,
    LogKind.CLOCK_STEPPED: _clock_stepped,
    LogKind.SITE_CHANGED: _site_changed,
    LogKind.SIGNED_IN: _signed_in,
    LogKind.SIGNED_OUT: _signed_out,
    LogKind.SOUND_TESTED: _sound_tested,
    LogKind.OPERATORS_CHANGED: _operators_changed,
    LogKind.STORE_MENDED: _store_mended,
    LogKind.ROUTE_TRACED: _route_traced,
    LogKind.ROUTE_CHANGED: _route_changed,
    LogKind.TRACES_SKIPPED: _traces_skipped,
    LogKind.NAME_LOST: _name_lost,
    LogKind.NAME_BACK: _name_back,
    LogKind.ADDRESS_CHANGED: _address_changed,
    LogKind.GRADE_CHANGED: _grade_changed,
    LogKind.LINK_CHANGED: _link_changed,
    LogKind.SERVICE_CHANGED: service_changed_sentence,
    LogKind.MESSAGES_LOST: _messages_lost,
}
