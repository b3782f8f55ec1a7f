"""The editor's work with the disk, each piece done in one go in the editor's thread. It touches no widget."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from controlroom.site.difference import difference, unified
from controlroom.site.edit import put_endpoint, remove_endpoint, uses_of
from controlroom.site.keeping import SiteKeeper, SiteOnDisk, SiteVersion
from controlroom.site.mistakes import Mistake
from controlroom.site.trial import TrialAnswer, TrialRequest, Trials
from ui.desk.site_editor.difference_dialog import difference_words
from ui.desk.site_editor.draft import EndpointDraft, ProbeDraft


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to: the file as it is now, or the mistakes that kept it from being written."""

    what: str
    before: str
    now: SiteOnDisk | None
    endpoint_id: str = ""
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Differing:
    """A text beside the file: the words, the lines, and whether it could be used."""

    text: str
    digest: str
    words: tuple[str, ...]
    lines: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = ()
    number: int = 0


def save_endpoint(keeper: SiteKeeper, disk: SiteOnDisk, draft: EndpointDraft, operator: str) -> Saved:
    """Write an endpoint; its typed secrets are kept first, and only where all else is right."""
    endpoint_id = str(draft.tables.get("id", ""))
    verb = "Added" if draft.in_place_of is None else "Changed"
    what = f"{verb} {endpoint_id}"
    lent = {
        (place, key): f"file:secrets/{key}"
        for place, probe in enumerate(draft.probes)
        for key in probe.secrets
    }
    text = _put(disk.text, draft, lent)
    mistakes = keeper.judge(text)
    if mistakes:
        return Saved(what, disk.text, None, endpoint_id, mistakes)
    kept = {
        (place, key): keeper.keep_secret(endpoint_id, probe.name, key, secret)
        for place, probe in enumerate(draft.probes)
        for key, secret in probe.secrets.items()
    }
    now = keeper.save(_put(disk.text, draft, kept), expected_digest=disk.digest, operator=operator, what=what)
    return Saved(what, disk.text, now, endpoint_id)


def save_without(keeper: SiteKeeper, disk: SiteOnDisk, endpoint_id: str, operator: str) -> Saved:
    """Take an endpoint out."""
    text, what = remove_endpoint(disk.text, endpoint_id), f"Removed {endpoint_id}"
    mistakes = keeper.judge(text)
    if mistakes:
        return Saved(what, disk.text, None, "", mistakes)
    return Saved(
        what, disk.text, keeper.save(text, expected_digest=disk.digest, operator=operator, what=what)
    )


def save_text(keeper: SiteKeeper, text: str, operator: str, what: str) -> Saved:
    """Put a whole text in the file's place: taken back, or brought back."""
    disk = keeper.read()
    now = keeper.save(text, expected_digest=disk.digest, operator=operator, what=what)
    return Saved(what, disk.text, now)


def uses(disk: SiteOnDisk, endpoint_id: str) -> tuple[str, ...]:
    """Say what needs an endpoint."""
    return uses_of(disk.text, endpoint_id)


def version_beside_file(keeper: SiteKeeper, version: SiteVersion) -> Differing:
    """Compare the file with a version of it: what bringing it back would do."""
    disk, text = keeper.read(), keeper.version_text(version.number)
    return _compare(keeper, disk.text, text, f"version {version.number}", "now", version.number)


def outside_change(keeper: SiteKeeper, running_digest: str) -> Differing:
    """Compare what the engine runs with the file as somebody else left it."""
    disk = keeper.read()
    running = next((version for version in keeper.versions() if version.digest == running_digest), None)
    if running is None:
        return Differing(
            disk.text, disk.digest, ("What the engine runs is no longer kept.",), (), disk.mistakes
        )
    text = keeper.version_text(running.number)
    found = _compare(keeper, text, disk.text, "file", "running", running.number)
    return Differing(disk.text, disk.digest, found.words, found.lines, disk.mistakes, running.number)


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
        references = {
            key: lent.enter_context(keeper.unsaved_secret(each)) for key, each in probe.secrets.items()
        }
        parameters = {**request.parameters, **references}
        whole = TrialRequest(
            request.probe_type, parameters, request.address, request.count, request.timeout_s
        )
        trials.run(whole, on_answer, cancelled)


def _put(text: str, draft: EndpointDraft, references: dict[tuple[int, str], str]) -> str:
    return put_endpoint(text, draft.whole(references), in_place_of=draft.in_place_of, after=draft.after)


def _compare(
    keeper: SiteKeeper, before: str, after: str, after_name: str, before_name: str, number: int
) -> Differing:
    words: list[str] = []
    mistakes = keeper.judge(after)
    old, new = keeper.site_of(before), keeper.site_of(after)
    if old is not None and new is not None:
        words = difference_words(difference(old, new))
    words = [*(f"Mistake: {mistake}" for mistake in mistakes[:5]), *words]
    return Differing(
        after, "", tuple(words), unified(before, after, before_name, after_name), mistakes, number
    )
