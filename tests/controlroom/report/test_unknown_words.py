"""What an answer did not tell, in words that steer no screen."""

from __future__ import annotations

from controlroom.report.unknown_words import unknown_lines
from controlroom.site.view import SeenMetric, SeenProbe

MODEM = SeenProbe(
    name="snmp",
    type="snmp",
    title="SNMP",
    period_s=10,
    timeout_s=2,
    metrics=(
        SeenMetric(name="rsrp_dbm", unit="dBm", title="RSRP"),
        SeenMetric(name="rssi_dbm", unit="dBm", title="RSSI"),
    ),
)


def test_each_value_is_named_with_what_came() -> None:
    """In the probe's order, by its title or else its name; control characters are written out."""
    unknown = {
        "other": "?",
        "rssi_dbm": 'cannot be decoded: "\x1b[2J"',
        "rsrp_dbm": 'cannot be decoded: "N/A?"',
    }
    assert unknown_lines(MODEM, unknown, ()) == [
        'RSRP unknown, cannot be decoded: "N/A?"',
        'RSSI unknown, cannot be decoded: "\\x1b[2J"',
        "other unknown, ?",
    ]


def test_what_was_never_there_is_not_missed() -> None:
    """A device need not have all that its template knows; what it told before is missed."""
    unknown = {"rsrp_dbm": "no such object", "rssi_dbm": "the device says that it has none: 0"}
    assert unknown_lines(MODEM, unknown, ()) == []
    assert unknown_lines(MODEM, unknown, {"rssi_dbm"}) == [
        "RSSI unknown, the device says that it has none: 0"
    ]
    for why in ("no row of Modem", "several rows of Modem, and the site names none"):
        assert unknown_lines(MODEM, {"rsrp_dbm": why}, ()) == []
        assert unknown_lines(MODEM, {"rsrp_dbm": why}, {"rsrp_dbm"}) == [f"RSRP unknown, {why}"]
