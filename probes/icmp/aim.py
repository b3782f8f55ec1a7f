"""One target asked in one way: everything that its requests have in common, made once. It sends nothing."""

from __future__ import annotations

from probes.icmp.flight import Sequel
from probes.icmp.packet import RequestTemplate
from probes.icmp.parameters import IcmpParameters
from probes.icmp.sockets import Channel, Control
from probes.icmp.target import Target


class Aim:
    """A target, the parameters that it is asked with, and the channel that its requests leave by.

    ``request`` makes the request of a number; ``control`` goes with each, and their
    replies have to come in turn (``sequel``).
    """

    __slots__ = ("channel", "control", "parameters", "request", "sequel", "target")

    def __init__(
        self, target: Target, parameters: IcmpParameters, channel: Channel, control: Control
    ) -> None:
        """Make the template of the requests."""
        self.target = target
        self.parameters = parameters
        self.channel = channel
        self.control = control
        self.sequel = Sequel()
        identifier = channel.intake.identifier
        template = RequestTemplate(target.version, identifier, target.token, parameters.payload_bytes)
        self.request = template.request
