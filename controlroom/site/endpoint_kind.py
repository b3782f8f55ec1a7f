"""What an endpoint can be to a control room. It says nothing of how it is measured."""

from __future__ import annotations

import enum


class EndpointKind(enum.StrEnum):
    """What an endpoint is to the control room; the desk groups by it, in this order."""

    RADIO_GATEWAY = "radio-gateway"
    MOBILE_LINK = "mobile-link"
    CLOUD = "cloud"
    PARTNER = "partner"
    INFRASTRUCTURE = "infrastructure"
