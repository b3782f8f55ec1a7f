"""What the band across the desk says while the monitoring itself is at fault: what, and what to do. Pure."""

from __future__ import annotations

from controlroom.alarms.alarm import Alarm, Cause
from controlroom.report import wording


def own_fault_words(alarm: Alarm) -> tuple[str, str]:
    """Return headline and detail for an alarm about the monitoring itself."""
    if alarm.cause is Cause.OWN_CONNECTION_LOST:
        return (
            "This workstation has lost the network: endpoints cannot be judged",
            "Check its own cable, switch port and address first.",
        )
    if alarm.cause in (Cause.NO_WAY_OUT_V4, Cause.NO_WAY_OUT_V6):
        version = "IPv6" if alarm.cause is Cause.NO_WAY_OUT_V6 else "IPv4"
        return (
            f"This workstation has no {version} route beyond its own networks: its default route is missing",
            "What is beyond cannot be judged. Check this machine's gateway and the settings of its network.",
        )
    if alarm.cause is Cause.NO_PRIVILEGE:
        return (
            "Endpoints cannot be asked: this account may not send probes",
            "“controlroom doctor” names the command that cures it.",
        )
    why = wording.reason_words(alarm.reason)
    headline = wording.cause_words(alarm.cause)
    return f"{headline[:1].upper()}{headline[1:]}: {why}", wording.reason_advice(alarm.reason)
