"""The outside of SNMP messages: right ones read, wrong ones refused, and nothing else can happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.snmp.envelope import GET_RESPONSE, REPORT, MalformedError, name_in_numbers, read_envelope
from tests.probes.snmp.messages import UPTIME_NAME, element, variable

NUMBER = element(2, b"\x12\x34")
ZERO = element(2, b"\x00")
TICKS = variable(element(0x43, b"\x05"))


def v2c(pdu_tag: int = GET_RESPONSE, status: int = 0, variables: bytes = TICKS) -> bytes:
    """A version 2c message."""
    pdu = NUMBER + element(2, bytes([status])) + element(2, b"\x01") + element(0x30, variables)
    return element(0x30, element(2, b"\x01") + element(4, b"community") + element(pdu_tag, pdu))


def v3(data: bytes, *, flags: bytes = b"\x01", model: int = 3) -> bytes:
    """A version 3 message around ``data``, a plain scoped PDU or an encrypted one."""
    usm = element(4, b"engine") + ZERO + ZERO + element(4, b"user") + element(4, bytes(12)) + element(4, b"")
    header = NUMBER + element(2, b"\x05\xdc") + element(4, flags) + element(2, bytes([model]))
    body = element(2, b"\x03") + element(0x30, header) + element(4, element(0x30, usm)) + data
    return element(0x30, body)


def scoped(pdu_tag: int) -> bytes:
    """A plain scoped PDU."""
    pdu = element(pdu_tag, NUMBER + ZERO + ZERO + element(0x30, TICKS))
    return element(0x30, element(4, b"engine") + element(4, b"") + pdu)


def test_a_version_2c_response() -> None:
    """Community, status, index and the first name are read."""
    envelope = read_envelope(v2c(status=5))
    assert (envelope.version, envelope.community, envelope.pdu) == (1, b"community", GET_RESPONSE)
    assert (envelope.error_status, envelope.error_index) == (5, 1)
    assert envelope.first_name == UPTIME_NAME[2:]
    assert envelope.first_has_value
    assert name_in_numbers(UPTIME_NAME[2:]) == "1.3.6.1.2.1.1.3.0"
    assert name_in_numbers(b"\x88\x37\x83\x00") == "2.999.384"


def test_a_version_3_report_and_an_encrypted_message() -> None:
    """A report in clear is read through; of an encrypted message only who sent it is known."""
    report = read_envelope(v3(scoped(REPORT)))
    assert (report.pdu, report.user, report.engine_id, report.signed) == (REPORT, b"user", b"engine", True)
    message = v3(element(4, b"secret octets"), flags=b"\x03")
    sealed = read_envelope(message)
    assert (sealed.pdu, sealed.error_status, sealed.first_name) == (None, None, None)
    start, stop = sealed.signature
    assert message[start:stop] == bytes(12)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x85\x00\x00\x00\x00\x01\x00",
        b"\x1f\x01\x00",
        v2c()[:-1],
        v2c() + b"\x00",
        v2c(pdu_tag=0xA0),
        v2c(pdu_tag=0xA3),
        v2c(variables=element(0x30, b"")),
        v2c(variables=element(0x30, UPTIME_NAME)),
        v2c(variables=element(0x30, UPTIME_NAME + b"\x05\x00\x05\x00")),
        v2c(variables=TICKS * 300),
        v3(scoped(GET_RESPONSE), flags=b"\x01\x01"),
        v3(scoped(GET_RESPONSE), model=2),
        v3(b""),
        element(0x30, element(2, b"\x07") + element(4, b"c")),
    ],
)
def test_what_is_no_response_is_malformed(message: bytes) -> None:
    """Everything that is not wholly a response is refused."""
    with pytest.raises(MalformedError):
        read_envelope(message)


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    """No datagram can do anything but be read or be refused."""
    try:
        read_envelope(octets)
    except MalformedError:
        return


@given(
    st.sampled_from([v2c(), v3(scoped(REPORT)), v3(element(4, b"secret octets"))]),
    st.integers(0, 400),
    st.integers(0, 255),
)
def test_one_changed_octet_is_read_or_refused(message: bytes, at: int, octet: int) -> None:
    """A right message with one octet changed never causes anything else either."""
    at %= len(message)
    changed = message[:at] + bytes([octet]) + message[at + 1 :]
    try:
        envelope = read_envelope(changed)
    except MalformedError:
        return
    start, stop = envelope.signature
    assert 0 <= start <= stop <= len(changed)
