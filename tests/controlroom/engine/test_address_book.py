"""Names are looked up one by one, in threads that nobody waits for, and kept when that fails."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Callable

import pytest

from controlroom.engine import address_book
from controlroom.engine.address_book import AddressBook, LookUp, NameChange, system_look_up

SITE = {"plain": "127.0.0.9", "scoped": "fe80::1%lo", "good": "good.test", "dead": "dead.test"}


class Resolver:
    """Answers ``good.test``; keeps ``dead.test`` waiting until released, then answers it as well."""

    def __init__(self) -> None:
        """Hold the dead name back."""
        self.released = threading.Event()
        self.asked: list[str] = []

    def __call__(self, name: str) -> tuple[str, ...]:
        """Look a name up as the system does: blocking."""
        self.asked.append(name)
        if name == "dead.test":
            self.released.wait(20)
            return ("127.0.0.66",)
        return ("127.0.0.7",)


def run(book: AddressBook, until: Callable[[], bool], timeout_s: float = 3.0) -> float:
    """Keep a book current until something holds; return how long that and the end took, in seconds."""

    async def watch() -> None:
        names = asyncio.create_task(book.keep_current())
        for _ in range(round(timeout_s / 0.005)):
            if until():
                break
            await asyncio.sleep(0.005)
        else:
            raise TimeoutError("waited in vain")
        names.cancel()

    began_s = time.monotonic()
    asyncio.run(watch())
    return time.monotonic() - began_s


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look up again after a moment."""
    monkeypatch.setattr(address_book, "LOOK_UP_AGAIN_S", 0.02)
    monkeypatch.setattr(address_book, "LOOK_UP_EVERY_S", 0.02)


def test_literals_need_no_look_up() -> None:
    """A literal is there before anything runs, and its endpoint was never undecided."""
    book = AddressBook(SITE, look_up=Resolver())
    assert book.found() == {"plain": "127.0.0.9", "scoped": "fe80::1%lo"}
    assert [book.undecided(key) for key in SITE] == [False, False, True, True]
    assert book.address("good") is None


def test_what_is_beyond_is_told_by_the_version_of_its_address() -> None:
    """Where there is no way out by it; where nobody knows, or the address is not known, nothing is beyond."""
    book = AddressBook(SITE, look_up=Resolver())
    assert book.beyond(frozenset({4})) == {"scoped": 6}
    assert book.beyond(frozenset()) == {"plain": 4, "scoped": 6}
    assert book.beyond(frozenset({4, 6})) == book.beyond(None) == {}


def test_a_dead_name_holds_up_no_other_and_no_end() -> None:
    """What is found counts at once; and the end waits for no resolver."""
    resolver = Resolver()
    book = AddressBook(SITE, look_up=resolver)
    took_s = run(book, lambda: book.address("good") == "127.0.0.7")
    resolver.released.set()
    assert took_s < 1.0
    assert book.undecided("dead")
    assert not book.undecided("good")


def test_a_look_up_past_its_time_is_decided_and_not_repeated(quick: None) -> None:
    """It counts as failed; while its thread hangs no second one is started; its late answer counts."""
    resolver = Resolver()
    book = AddressBook(SITE, look_up=resolver, takes_at_most_s=0.02)
    looks: list[tuple[bool, str | None, int]] = []

    def found_late() -> bool:
        if not book.undecided("dead") and resolver.asked.count("good.test") > 3:
            looks.append((book.undecided("dead"), book.address("dead"), resolver.asked.count("dead.test")))
            resolver.released.set()
        return book.address("dead") == "127.0.0.66"

    run(book, found_late)
    assert looks[0] == (False, None, 1)


def test_a_name_keeps_its_last_address(quick: None) -> None:
    """A name server that goes down later takes no address away; one that comes back is asked again."""
    answers: list[str | Exception] = ["127.0.0.7", OSError("gone"), UnicodeError("odd"), "127.0.0.8"]
    seen: list[str | None] = []

    def look_up(_name: str) -> tuple[str, ...]:
        seen.append(book.address("good"))
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return (answer,)

    book = AddressBook({"good": "good.test"}, look_up=look_up)
    run(book, lambda: book.address("good") == "127.0.0.8")
    assert seen[:4] == [None, "127.0.0.7", "127.0.0.7", "127.0.0.7"]


def test_a_name_that_is_none_is_decided() -> None:
    """A name that the system refuses outright ends the look-up of no other."""

    def look_up(name: str) -> tuple[str, ...]:
        return system_look_up("x" * 70 + ".test") if name == "dead.test" else ("127.0.0.7",)

    book = AddressBook(SITE, look_up=look_up)
    run(book, lambda: not book.undecided("dead") and not book.undecided("good"))
    assert book.address("dead") is None
    assert book.address("good") == "127.0.0.7"


def test_only_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site of many names does not start a thread for each at the same moment."""
    monkeypatch.setattr(address_book, "LOOK_UPS_AT_ONCE", 3)
    busy = threading.Semaphore(3)
    crowded: list[str] = []

    def look_up(name: str) -> tuple[str, ...]:
        if not busy.acquire(blocking=False):
            crowded.append(name)
            return ("127.0.0.1",)
        time.sleep(0.005)
        busy.release()
        return ("127.0.0.1",)

    book = AddressBook({f"e{n}": f"n{n}.test" for n in range(40)}, look_up=look_up)
    run(book, lambda: len(book.found()) == 40)
    assert crowded == []


def test_the_systems_own_look_up() -> None:
    """The loopback's name is one of its addresses."""
    ask: LookUp = system_look_up
    assert set(ask("localhost")) <= {"127.0.0.1", "::1"}
    assert ask("localhost")


def test_what_becomes_of_a_name_is_told(quick: None) -> None:
    """Lost with the address kept, back, and moved: once each, for every endpoint of the name."""
    answers: list[tuple[str, ...]] = [
        ("127.0.0.7",),
        (),
        (),
        ("127.0.0.7",),
        ("127.0.0.8", "127.0.0.7"),
        ("127.0.0.8",),
    ]
    told: list[tuple[str, NameChange, str]] = []
    site = {"one": "good.test", "two": "good.test"}
    book = AddressBook(
        site,
        look_up=lambda _name: answers.pop(0) if len(answers) > 1 else answers[0],
        on_change=lambda *change: told.append(change),
    )
    run(book, lambda: book.address("one") == "127.0.0.8")
    assert told == [
        (key, *change)
        for change in (
            (NameChange.LOST, "127.0.0.7"),
            (NameChange.BACK, "127.0.0.7"),
            (NameChange.MOVED, "127.0.0.8"),
        )
        for key in site
    ]
    assert book.failing == 0


def test_who_never_had_an_address_is_told_apart(quick: None) -> None:
    """A name that was found before is asked where it was; one that never was cannot be asked at all."""
    answers: dict[str, list[tuple[str, ...]]] = {"never.test": [()], "once.test": [("127.0.0.7",), ()]}

    def look_up(name: str) -> tuple[str, ...]:
        known = answers[name]
        return known.pop(0) if len(known) > 1 else known[0]

    book = AddressBook({"one": "never.test", "two": "once.test"}, look_up=look_up)
    run(book, lambda: book.failing == 2)
    assert (book.never_found, book.address("one"), book.address("two")) == (1, None, "127.0.0.7")


def test_an_address_in_use_is_kept_while_the_name_has_it(quick: None) -> None:
    """Name servers that turn their answers round do not move an endpoint about."""
    turns = [("127.0.0.7", "127.0.0.8", "fd99::1"), ("127.0.0.8", "fd99::1", "127.0.0.7")]
    asked: list[str | None] = []

    def look_up(_name: str) -> tuple[str, ...]:
        asked.append(book.address("good"))
        return turns[len(asked) % 2]

    book = AddressBook({"good": "good.test"}, look_up=look_up)
    run(book, lambda: len(asked) > 6)
    assert len(set(asked[1:])) == 1


def test_a_probe_may_insist_on_an_ip_version() -> None:
    """Each version has its own first address, and a literal is of one version only."""
    book = AddressBook(SITE, look_up=lambda _name: ("fd99::1", "127.0.0.7", "127.0.0.8"))
    run(book, lambda: book.address("good") is not None)
    assert [book.address("good", version) for version in (None, 4, 6)] == ["fd99::1", "127.0.0.7", "fd99::1"]
    assert [book.address("plain", version) for version in (None, 4, 6)] == ["127.0.0.9", "127.0.0.9", None]
    assert book.address("scoped", 6) == "fe80::1%lo"


@pytest.mark.parametrize(
    ("lives_s", "rest_s"), [(0.0, 0.02), (0.1, 0.1), (30.0, 0.2), (None, 0.2), (OSError("gone"), 0.2)]
)
def test_a_name_rests_as_long_as_it_lives(
    monkeypatch: pytest.MonkeyPatch, lives_s: float | OSError | None, rest_s: float
) -> None:
    """Within bounds; what nobody tells is looked up at the longest of them."""
    monkeypatch.setattr(address_book, "LOOK_UP_AGAIN_S", 0.02)
    monkeypatch.setattr(address_book, "LOOK_UP_EVERY_S", 0.2)
    asked_s: list[float] = []

    def look_up(_name: str) -> tuple[str, ...]:
        asked_s.append(time.monotonic())
        return ("127.0.0.7",)

    def time_to_live(_name: str) -> float | None:
        if isinstance(lives_s, OSError):
            raise lives_s
        return lives_s

    book = AddressBook({"good": "good.test"}, look_up=look_up, time_to_live=time_to_live)
    run(book, lambda: len(asked_s) > 3)
    gaps_s = [after - before for before, after in itertools.pairwise(asked_s)]
    assert min(gaps_s) >= rest_s
    assert min(gaps_s) < rest_s + 0.08


def test_name_servers_that_hang_hold_nothing_up(quick: None) -> None:
    """The addresses count at once, and the name is looked up on."""
    released, asked = threading.Event(), list[str]()

    def look_up(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ("127.0.0.7",)

    def hang(_name: str) -> float | None:
        released.wait(20)
        return None

    book = AddressBook({"good": "good.test"}, look_up=look_up, time_to_live=hang, takes_at_most_s=0.05)
    took_s = run(book, lambda: len(asked) > 2)
    released.set()
    assert took_s < 2.0


def test_only_a_name_that_was_never_found_lacks_an_address() -> None:
    """A literal address is one, a name that is waited for is none yet, and one that was found stays."""
    resolver = Resolver()
    book = AddressBook(SITE, look_up=resolver)
    assert [key for key in SITE if book.lacks_address(key)] == ["good", "dead"]
    run(book, lambda: book.address("good") is not None)
    resolver.released.set()
    assert [key for key in SITE if book.lacks_address(key)] == ["dead"]
    assert not book.lacks_address("nobody")
