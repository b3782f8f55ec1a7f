"""Asking through probers: what is sent, what is not, and what a reading is worth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from controlroom.engine.address_book import AddressBook
from controlroom.engine.askings import Askings
from controlroom.engine.effects import Reprobe
from controlroom.probe import IpVersion, ProbeParameters, Prober, ProberContext, ProbeType, Question
from controlroom.reading import Outcome, ProbeKey, Reading, Reason, Telling
from controlroom.site.model import Endpoint, EndpointKind, Probe, Site


class Notebook:
    """A prober that writes down what it is asked."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        self.asked: list[Question] = []

    async def start(self) -> None:
        """Need nothing."""

    def ask(self, question: Question) -> None:
        """Write the question down."""
        self.asked.append(question)

    async def stop(self) -> None:
        """Give nothing back."""

    def health(self) -> Mapping[str, float]:
        """Say nothing."""
        return {}


def create(_context: ProberContext) -> Prober:
    """Make a prober."""
    return Notebook()


TYPE = ProbeType("icmp", "Ping", "", ProbeParameters, lambda _: (), create, 1.0, 1.0)


class Desk:
    """Askings with a clock that stands where the test puts it."""

    def __init__(self, address: str) -> None:
        """One endpoint with one probe."""
        probe = Probe(type="icmp", name="icmp", period_s=1.0, timeout_s=1.0, parameters=ProbeParameters())
        endpoint = Endpoint(
            id="mast", name="Mast", kind=EndpointKind.PARTNER, address=address, probes=(probe,)
        )
        self.now_s = 10.0
        self.told: list[tuple[Reading, bool]] = []
        self.look_at_time: Callable[[], None] = lambda: None
        self.book = AddressBook({"mast": address})
        self.askings = Askings(
            Site(name="Room", endpoints=(endpoint,)),
            {"icmp": TYPE},
            self.book,
            utc_s=lambda: 1000.0 + self.now_s,
            monotonic_s=lambda: self.now_s,
            on_reading=lambda reading, judged: self.told.append((reading, judged)),
            look_at_time=lambda: self.look_at_time(),
        )
        self.prober = Notebook()
        self.askings.attach({"icmp": self.prober})

    def answer(self, outcome: Outcome, *, beat: bool) -> None:
        """Let the prober say how the last question went."""
        key = ProbeKey("mast", "icmp")
        values = {"rtt_s": 0.02} if outcome is Outcome.REPLIED else {}
        self.askings.answered(Reading(key, 1000.0 + self.now_s, 10.0, outcome, values=values, beat=beat))


@pytest.fixture
def reprobe() -> Reprobe:
    """A wish to ask the mast once more, patiently for a quarter of a second."""
    return Reprobe(ProbeKey("mast", "icmp"), 1, 0.0, 0.25, 1.0, 1)


def test_a_literal_address_is_asked_at_once() -> None:
    """The question carries address and deadline; it is in flight until answered."""
    desk = Desk("192.0.2.1")
    desk.askings.ask(0)
    assert [(one.address, one.timeout_s, one.beat) for one in desk.prober.asked] == [("192.0.2.1", 1.0, True)]
    assert desk.askings.in_flight == 1
    desk.answer(Outcome.REPLIED, beat=True)
    assert desk.askings.in_flight == 0


def test_a_name_that_is_being_looked_up_is_no_trouble_yet(reprobe: Reprobe) -> None:
    """Neither a beat nor a re-probe is told as not run, or as lost, before the first look-up ended."""
    desk = Desk("mast.example")
    desk.askings.ask(0)
    desk.askings.ask_again(reprobe)
    desk.now_s = 20.0
    assert desk.askings.lost_patience() == []
    assert desk.told == []
    assert desk.prober.asked == []


def test_a_loss_is_judged_once(reprobe: Reprobe) -> None:
    """Impatience is judged and not stored; the deadline is stored and not judged again."""
    desk = Desk("192.0.2.1")
    desk.askings.ask_again(reprobe)
    desk.now_s = 10.3
    assert [reading.outcome for reading in desk.askings.lost_patience()] == [Outcome.NO_REPLY]
    desk.answer(Outcome.NO_REPLY, beat=False)
    assert [judged for _, judged in desk.told] == [False]


def test_patience_as_long_as_the_deadline_leaves_the_word_to_the_prober(reprobe: Reprobe) -> None:
    """It may know better than silence what came, such as that the device has another password."""
    desk = Desk("192.0.2.1")
    desk.askings.ask_again(replace(reprobe, patience_s=1.0))
    desk.now_s = 11.0
    assert desk.askings.lost_patience() == []
    desk.answer(Outcome.REFUSED, beat=False)
    assert [(one.outcome, judged) for one, judged in desk.told] == [(Outcome.REFUSED, True)]


def test_an_overdue_beat_is_judged_at_once_and_kept_at_its_deadline() -> None:
    """The loss ratio counts it once, and silence as well: what is kept says that it was told."""
    desk = Desk("192.0.2.1")
    desk.askings.set_patience(lambda key: 0.2)
    desk.askings.ask(0)
    desk.now_s = 10.1
    assert desk.askings.lost_patience() == []
    desk.now_s = 10.25
    (lost,) = desk.askings.lost_patience()
    assert (lost.outcome, lost.telling, lost.sent_monotonic_s) == (Outcome.NO_REPLY, Telling.OVERDUE, 10.0)
    desk.now_s = 11.0
    desk.answer(Outcome.NO_REPLY, beat=True)
    assert [(one.telling, one.beat, judged) for one, judged in desk.told] == [(Telling.AGAIN, True, True)]


def test_an_overdue_beat_that_is_answered_after_all_is_an_answer() -> None:
    """Within the site's own deadline it clears what was suspected."""
    desk = Desk("192.0.2.1")
    desk.askings.set_patience(lambda key: 0.2)
    desk.askings.ask(0)
    desk.now_s = 10.25
    assert len(desk.askings.lost_patience()) == 1
    desk.now_s = 10.4
    desk.answer(Outcome.REPLIED, beat=True)
    assert [(one.outcome, one.telling, judged) for one, judged in desk.told] == [
        (Outcome.REPLIED, Telling.ONCE, True)
    ]


def test_what_was_lost_across_a_sleep_is_not_run(reprobe: Reprobe) -> None:
    """Neither the beat nor the impatience of before blames the endpoint."""
    desk = Desk("192.0.2.1")
    desk.askings.ask(0)
    desk.askings.ask_again(reprobe)
    desk.now_s = 700.0
    desk.askings.distrust(700.0, Reason.ASLEEP)
    assert desk.askings.lost_patience() == []
    desk.answer(Outcome.NO_REPLY, beat=True)
    assert [(one.outcome, one.reason) for one, _ in desk.told] == [(Outcome.NOT_RUN, Reason.ASLEEP)]


def test_a_question_tells_the_name_beside_the_address() -> None:
    """Certificates and web servers go by the name; what is dialled is the address that was found."""
    desk = Desk("mast.example")
    desk.book._found["mast.example"] = ("192.0.2.7",)
    desk.book._decided.add("mast.example")
    desk.askings.ask(0)
    assert [(asked.address, asked.name) for asked in desk.prober.asked] == [("192.0.2.7", "mast.example")]


def test_a_loss_that_is_noticed_sooner_than_the_sleep_is_not_run_either() -> None:
    """A prober's timer may fire before anybody looked at the clocks: the loss itself makes us look."""
    desk = Desk("192.0.2.1")
    desk.askings.ask(0)
    desk.now_s = 700.0
    desk.look_at_time = lambda: desk.askings.distrust(desk.now_s, Reason.ASLEEP)
    desk.answer(Outcome.NO_REPLY, beat=True)
    assert [(one.outcome, one.reason) for one, _ in desk.told] == [(Outcome.NOT_RUN, Reason.ASLEEP)]


@pytest.mark.parametrize(
    ("reason", "outcome"), [(Reason.ASLEEP, Outcome.NOT_RUN), (Reason.OVERLOADED, Outcome.REPLIED)]
)
def test_an_answer_across_a_sleep_has_no_figure_and_one_across_a_stall_has(
    reason: Reason, outcome: Outcome
) -> None:
    """The clock for round trips stood still while the machine slept, and went on in a stall."""
    desk = Desk("192.0.2.1")
    desk.askings.ask(0)
    desk.askings.distrust(700.0, reason)
    desk.answer(Outcome.REPLIED, beat=True)
    ((told, _),) = desk.told
    assert told.outcome is outcome
    assert bool(told.values) is (outcome is Outcome.REPLIED)


def test_a_probe_that_insists_on_the_other_ip_version_is_not_asked() -> None:
    """An IPv4 address says nothing of how IPv6 is doing."""

    class OnlyIpv6(ProbeParameters):
        @property
        def wanted_ip_version(self) -> IpVersion | None:
            return 6

    desk = Desk("192.0.2.1")
    asking = desk.askings.all[0]
    desk.askings.all[0] = replace(asking, probe=asking.probe.model_copy(update={"parameters": OnlyIpv6()}))
    desk.askings.ask(0)
    ends = [(reading.outcome, reading.reason) for reading, _ in desk.told]
    assert ends == [(Outcome.NOT_RUN, Reason.NO_NAME)]
    assert desk.prober.asked == []
