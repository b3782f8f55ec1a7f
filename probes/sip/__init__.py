"""The SIP probe: asks a telephone server or trunk whether it lives, as telephone systems ask each other."""

from __future__ import annotations

from probes.sip.declaration import SIP

__all__ = ["SIP"]
