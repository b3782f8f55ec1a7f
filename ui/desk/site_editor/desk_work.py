"""The editor's work with the disk, each piece done in one go in the editor's thread. It touches no widget."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

from controlroom.errors import ControlroomError
from controlroom.identification import Identification, OnStep
from controlroom.site.difference import difference, unified
from controlroom.site.edit import endpoint_tables, put_endpoint, remove_endpoint, uses_of
from controlroom.site.keeping import (
    CHANGED_OUTSIDE,
    Author,
    KeptVersions,
    SiteKeeper,
    SiteOnDisk,
    SiteVersion,
)
from controlroom.site.mistakes import Mistake, SiteError
from controlroom.site.trial import TrialAnswer, TrialRequest, Trials
from ui.desk.site_editor.difference_dialog import difference_words
from ui.desk.site_editor.draft import EndpointDraft, ProbeDraft, Tables
from ui.desk.site_editor.fault_words import GOES_ON, mistake_words

_MOST_MISTAKES = 5


_VERBS = {"Added": "adding", "Changed": "changing", "Removed": "removing"}


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to: the file as it is now, or the mistakes that kept it from being written.

    ``what`` is for the log, ``title`` names on screen what was changed, ``undoing`` what undo takes back.
    """

    what: str
    before: str
    now: SiteOnDisk | None
    endpoint_id: str = ""
    mistakes: tuple[Mistake, ...] = ()
    title: str = ""

    @property
    def undoing(self) -> str:
        """What undo takes back, in words."""
        verb = _VERBS.get(self.what.partition(" ")[0])
        return self.title if verb is None else f"{verb} {self.title}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the very endpoint meanwhile; nothing was written.

    ``file`` is as they left it. Words and lines tell what writing this desk's endpoint would change in it.
    """

    file: SiteOnDisk
    title: str
    words: tuple[str, ...]
    lines: tuple[str, ...]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Differing:
    """A text beside the file: the words, the lines, and whether it could be used.

    ``digest`` is the file's as it was compared.
    """

    text: str
    digest: str
    words: tuple[str, ...]
    lines: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()
    number: int = 0
    brings: str | None = None
    """The text that bringing back would write."""


@dataclass(frozen=True, slots=True)
class OutsideFile:
    """The file as somebody left it: its digest, empty where it cannot be read, and every mistake in it."""

    digest: str
    mistakes: tuple[Mistake, ...]


def outside_file(keeper: SiteKeeper) -> OutsideFile:
    """Judge the file as it is now."""
    try:
        disk = keeper.read()
    except SiteError as error:
        return OutsideFile("", error.mistakes)
    return OutsideFile(disk.digest, disk.mistakes)


def save_endpoint(
    keeper: SiteKeeper, base: SiteOnDisk, draft: EndpointDraft, by: Author, running_digest: str = ""
) -> Saved | Conflict:
    """Write an endpoint into the file as it is now; its typed secrets are kept only where all else is right.

    ``base`` is the file as the form was filled from it: what another desk did to other endpoints since
    stays, and what it did to this one is a conflict.
    """
    disk = _newest(keeper, base, running_digest)
    endpoint_id, name = str(draft.tables.get("id", "")), str(draft.tables.get("name", ""))
    what = f"{'Added' if draft.in_place_of is None else 'Changed'} {endpoint_id}"
    if draft.in_place_of is not None and _changed(base, disk, draft.in_place_of):
        return _conflict(keeper, disk, draft)
    if draft.after is not None and _table(disk.text, draft.after) is None:
        draft = replace(draft, after=None)
    text = _put(disk.text, draft, _lent(draft))
    mistakes = keeper.judge(text)
    if mistakes:
        return Saved(what, disk.text, None, endpoint_id, mistakes, name)
    kept = {
        (place, key): keeper.keep_secret(endpoint_id, probe.name, key, secret)
        for place, probe in enumerate(draft.probes)
        for key, secret in probe.secrets.items()
    }
    try:
        now = keeper.save(_put(disk.text, draft, kept), expected_digest=disk.digest, by=by)
    except ControlroomError:
        for reference in kept.values():
            keeper.forget_secret(reference)
        raise
    return Saved(what, disk.text, now, endpoint_id, title=name)


def save_without(
    keeper: SiteKeeper, base: SiteOnDisk, endpoint_id: str, by: Author, running_digest: str = ""
) -> Saved | Conflict:
    """Take an endpoint out of the file as it is now."""
    disk = _newest(keeper, base, running_digest)
    what, name = f"Removed {endpoint_id}", str((_table(base.text, endpoint_id) or {}).get("name", ""))
    if _table(disk.text, endpoint_id) is None:
        return Conflict(disk, name, ("Somebody else has taken it out already.",), (), gone=True)
    if _changed(base, disk, endpoint_id):
        text = remove_endpoint(disk.text, endpoint_id)
        found = _compare(keeper, disk.text, text, "removed", "now", 0)
        return Conflict(disk, name, found.words, found.lines)
    text = remove_endpoint(disk.text, endpoint_id)
    mistakes = keeper.judge(text)
    if mistakes:
        return Saved(what, disk.text, None, "", mistakes, name)
    now = keeper.save(text, expected_digest=disk.digest, by=by)
    return Saved(what, disk.text, now, title=name)


def save_text(
    keeper: SiteKeeper, text: str, expected_digest: str, by: Author, what: str, lead: str = ""
) -> Saved:
    """Put a whole text in the file's place while the file is the expected one: taken or brought back."""
    before = keeper.read().text if expected_digest else ""
    now = keeper.save(text, expected_digest=expected_digest, by=by, lead=lead or what)
    return Saved(what, before, now, title=what)


def since(keeper: SiteKeeper, text: str) -> Differing:
    """Compare a text that this desk saved with what became of the file since."""
    disk = keeper.read()
    return _compare(keeper, text, disk.text, "file", "saved here", 0, disk.digest)


def uses(disk: SiteOnDisk, endpoint_id: str) -> tuple[str, ...]:
    """Say what needs an endpoint."""
    return uses_of(disk.text, endpoint_id)


def kept_versions(keeper: SiteKeeper) -> KeptVersions:
    """List what is kept, and which of it is in the file and which the engine was given."""
    running = keeper.running()
    digest = "" if running is None else hashlib.sha256(running.encode()).hexdigest()
    return KeptVersions(tuple(keeper.versions()), keeper.digest(), digest)


def version_beside_file(keeper: SiteKeeper, version: SiteVersion) -> Differing:
    """Compare the file with a version of it: what bringing it back would do."""
    disk, text = keeper.read(), keeper.version_text(version.number)
    name = f"version {version.number}"
    found = _compare(keeper, disk.text, text, name, "now", version.number, disk.digest)
    return replace(found, brings=text)


def outside_change(keeper: SiteKeeper, running_digest: str) -> Differing:
    """Compare what the engine runs with the file as somebody else left it."""
    number, text = _running(keeper, running_digest)
    try:
        disk = keeper.read()
    except SiteError as error:
        words = (GOES_ON, *(mistake_words(mistake) for mistake in error.mistakes))
        return Differing("", "", words, (), error.mistakes, number, text)
    if text is None:
        return Differing(
            disk.text, disk.digest, ("What the engine runs is no longer kept.",), (), disk.mistakes
        )
    found = _compare(keeper, text, disk.text, "file", "running", number, disk.digest)
    words = (GOES_ON, *found.words) if found.mistakes else found.words
    return replace(found, words=words, brings=text)


def try_probe(
    keeper: SiteKeeper,
    trials: Trials,
    request: TrialRequest,
    probe: ProbeDraft,
    on_answer: Callable[[TrialAnswer], None],
    cancelled: Callable[[], bool],
) -> None:
    """Ask as the form has it; typed secrets are lent for as long as that takes, and wiped."""
    with ExitStack() as lent:
        trials.run(_with_lent(keeper, request, probe, lent), on_answer, cancelled)


def identify(
    keeper: SiteKeeper,
    trials: Trials,
    request: TrialRequest,
    probe: ProbeDraft,
    on_step: OnStep,
    cancelled: Callable[[], bool],
) -> Identification | None:
    """Ask what an endpoint is, by the form's secrets in the same way."""
    with ExitStack() as lent:
        return trials.identify(_with_lent(keeper, request, probe, lent), on_step, cancelled)


def _with_lent(keeper: SiteKeeper, request: TrialRequest, probe: ProbeDraft, lent: ExitStack) -> TrialRequest:
    references = {key: lent.enter_context(keeper.unsaved_secret(each)) for key, each in probe.secrets.items()}
    return replace(request, parameters={**request.parameters, **references})


def _running(keeper: SiteKeeper, running_digest: str) -> tuple[int, str | None]:
    """Return what the engine runs, and the number of its version; 0 where it is none of those kept."""
    version = next((each for each in keeper.versions() if each.digest == running_digest), None)
    if version is not None:
        return version.number, keeper.version_text(version.number)
    text = keeper.running()
    same = text is not None and hashlib.sha256(text.encode()).hexdigest() == running_digest
    return 0, text if same else None


def _newest(keeper: SiteKeeper, base: SiteOnDisk, running_digest: str) -> SiteOnDisk:
    """Read the file as it is now, unless somebody changed it in a way that no desk and no engine knows of."""
    disk = keeper.read()
    known = disk.digest in (base.digest, running_digest)
    if not known and disk.digest not in {version.digest for version in keeper.versions()}:
        raise ControlroomError(CHANGED_OUTSIDE, "The site file was changed outside; nothing was written.")
    try:
        endpoint_tables(disk.text)
    except ValueError:
        mistake = str(disk.mistakes[0]) if disk.mistakes else ""
        happened = f"The site file cannot be changed here while it cannot be read: {mistake}"
        raise ControlroomError("site-unreadable", happened, "Bring a version back.") from None
    return disk


def _table(text: str, endpoint_id: str) -> Tables | None:
    return next((table for table in endpoint_tables(text) if table.get("id") == endpoint_id), None)


def _changed(base: SiteOnDisk, disk: SiteOnDisk, endpoint_id: str) -> bool:
    """Whether an endpoint is another than it was, or gone."""
    return base.digest != disk.digest and _table(base.text, endpoint_id) != _table(disk.text, endpoint_id)


def _conflict(keeper: SiteKeeper, disk: SiteOnDisk, draft: EndpointDraft) -> Conflict:
    gone = _table(disk.text, str(draft.in_place_of)) is None
    mine = replace(draft, in_place_of=None, after=None) if gone else draft
    text = _put(disk.text, mine, _lent(mine))
    found = _compare(keeper, disk.text, text, "yours", "theirs", 0)
    return Conflict(disk, str(draft.tables.get("name", "")), found.words, found.lines, gone)


def _lent(draft: EndpointDraft) -> dict[tuple[int, str], str]:
    """Stand in for references to secrets that are not kept yet."""
    return {
        (place, key): f"file:secrets/{key}"
        for place, probe in enumerate(draft.probes)
        for key in probe.secrets
    }


def _put(text: str, draft: EndpointDraft, references: dict[tuple[int, str], str]) -> str:
    return put_endpoint(text, draft.whole(references), in_place_of=draft.in_place_of, after=draft.after)


def _compare(
    keeper: SiteKeeper,
    before: str,
    after: str,
    after_name: str,
    before_name: str,
    number: int,
    digest: str = "",
) -> Differing:
    words: list[str] = []
    mistakes = keeper.judge(after)
    old, new = keeper.site_of(before), keeper.site_of(after)
    if old is not None and new is not None:
        words = difference_words(difference(old, new))
    words = [*(mistake_words(mistake) for mistake in mistakes[:_MOST_MISTAKES]), *words]
    if len(mistakes) > _MOST_MISTAKES:
        words.insert(_MOST_MISTAKES, f"… and {len(mistakes) - _MOST_MISTAKES} more mistakes")
    lines = unified(before, after, before_name, after_name)
    return Differing(after, digest, tuple(words), lines, mistakes, number)
