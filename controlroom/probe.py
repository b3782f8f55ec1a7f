"""What a probe type is to the rest of the house: its declaration, and the two calls of a prober.

The engine, the site loader and the desk know probe types only through this file; the types
themselves live in ``probes/`` and are handed in by ``main.py``. This file asks nothing and sends
nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from controlroom.finding import Doubt, Finding
from controlroom.identification import Identification, OnStep
from controlroom.reading import ProbeKey, Reading

IpVersion = Literal[4, 6]


class ProbeParameters(BaseModel):
    """Base of every probe type's own parameters: typed, unknown keys refused, never changed.

    Errors do not show what was given: it may be a secret in a place meant for a reference to one.

    Each field carries ``Field(description=...)``: one sentence for forms, help and documentation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @property
    def wanted_ip_version(self) -> IpVersion | None:
        """The one IP version that the endpoint is to be asked by; None for whichever address comes first."""
        return None


@dataclass(frozen=True, slots=True)
class Metric:
    """One numeric value that a probe type yields. ``name`` ends in its unit (``rtt_s``).

    ``of_own_network`` tells that it is of this machine's own network, whose loss has an alarm of its own.
    ``when_low`` says what it means where it is below its limit, so that it fits after "degraded,"; empty
    where the figure speaks for itself, which ``{figure}`` in it stands for. ``meanings`` says what each code
    of a state means, and how bad that is (``warning``, ``fault`` or nothing).
    ``judges`` names the state that it judges, which tells the same to a person.
    """

    name: str
    unit: str
    title: str
    of_own_network: bool = False
    when_low: str = ""
    meanings: tuple[tuple[int, str, str], ...] = ()
    judges: str = ""


@dataclass(frozen=True, slots=True)
class UsualLimit:
    """When a figure of a type is judged degraded, and good again, where the site limits it not itself.

    ``metric`` may hold a star for what the site itself names (``interface_*_up_ratio``).
    It has one direction: above with below, or below with above. ``where_present`` tells that not everyone
    has the figure (a battery), and that nothing is amiss where it is missing. ``told_by`` then names the
    state that says why, where the figure itself is only how bad that is.
    """

    metric: str
    raise_above: float | None = None
    clear_below: float | None = None
    raise_below: float | None = None
    clear_above: float | None = None
    window_readings: int = 60
    minimum_readings: int = 20
    where_present: bool = False
    told_by: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One asking: whom, how, and until when an answer counts.

    ``address`` is a literal IPv4 or IPv6 address (the engine has resolved any name); ``timeout_s``
    counts from the sending. ``beat`` is false for a re-probe. ``name`` is the address as the site writes it,
    a host name or the literal address, for what is asked by name on top.
    """

    probe: ProbeKey
    address: str
    parameters: ProbeParameters
    timeout_s: float
    beat: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProberContext:
    """What a prober is given: where readings go, the clocks, and how to get a secret.

    ``sink`` must be called on the engine's event loop, exactly once per question, by its deadline
    plus a few milliseconds. ``utc_s`` is for stamps, ``monotonic_s`` for durations.
    ``resolve_secret`` turns a reference into the secret or raises ``SecretError``; it reads a file
    or the keyring, so a prober calls it off the loop. ``data_folder`` is where the engine keeps what it
    measures; empty where nothing is kept.
    """

    sink: Callable[[Reading], None]
    utc_s: Callable[[], float]
    monotonic_s: Callable[[], float]
    resolve_secret: Callable[[str], str]
    data_folder: str = ""


class Prober(Protocol):
    """Asks on behalf of all probes of one type, for the life of the engine."""

    async def start(self) -> None:
        """Take the sockets and processes it needs. What cannot be had becomes ``not_run`` later."""

    def ask(self, question: Question) -> None:
        """Send now and return at once; the reading reaches the sink later, exactly once."""

    async def stop(self) -> None:
        """Give everything back; questions still open are answered ``not_run`` / ``stopped``."""

    def health(self) -> Mapping[str, float]:
        """Counters about the prober itself: drops, forged and stale replies, lateness."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One asking of an endpoint what it is; ``address`` is literal, ``timeout_s`` is for each message."""

    address: str
    parameters: ProbeParameters
    timeout_s: float
    resolve_secret: Callable[[str], str]
    on_step: OnStep


@dataclass(frozen=True, slots=True)
class Identifier:
    """How a type finds out what an endpoint is; ``settings`` are the parameters that follow from it.

    Of these, the inquiry's parameters may have some: then the endpoint is read as they say.
    """

    settings: tuple[str, ...]
    ask: Callable[[Inquiry], Awaitable[Identification]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that a parameter may have, and what people read of it."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class ProbeType:
    """The declaration of a probe type: all that forms, schema, help and engine need to know.

    ``reaches`` tells whether silence means that the endpoint cannot be reached (icmp, snmp, tcp, http) or not
    (host, which measures the very machine it runs on). ``addressed`` tells whether the type asks
    ``Endpoint.address`` at all. ``simulated`` tells that its readings are invented; a site has only such
    types or none. ``usual_limits`` judge the figures that the site itself does not limit, and so
    do ``own_limits``, where what is limited depends on the parameters. ``needs`` looks
    whether this machine lets the type ask, and names the cure where it does not; it sends nothing and
    changes nothing, may take some tenths of a second, and is ``None`` where nothing special is needed.
    ``identifier`` finds out what an endpoint is, where a type can. ``offers`` names the values to choose from
    of parameters that a type knows all values of, by parameter. ``doubts`` judges how a probe is set, given
    how to get a secret; it sends nothing and may read files. ``advice`` says what to do in general where what
    is asked is at fault, for a site that says nothing of its own; empty where nothing is known.
    """

    name: str
    title: str
    help: str
    parameters: type[ProbeParameters]
    metrics: Callable[[ProbeParameters], tuple[Metric, ...]]
    create: Callable[[ProberContext], Prober]
    default_period_s: float
    default_timeout_s: float
    reaches: bool = True
    addressed: bool = True
    simulated: bool = False
    usual_limits: tuple[UsualLimit, ...] = ()
    own_limits: Callable[[ProbeParameters], tuple[UsualLimit, ...]] | None = None
    needs: Callable[[], tuple[Finding, ...]] | None = None
    identifier: Identifier | None = None
    offers: Callable[[], Mapping[str, tuple[Offer, ...]]] | None = None
    doubts: Callable[[ProbeParameters, Callable[[str], str]], tuple[Doubt, ...]] | None = None
    advice: Callable[[ProbeParameters], str] | None = None


ProbeTypes = Mapping[str, ProbeType]
