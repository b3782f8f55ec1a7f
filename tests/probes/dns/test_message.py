"""DNS messages: whose they are, what they mean, and nothing that arrives breaks the reading."""

from __future__ import annotations

import contextlib

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.reading import ALIVE_BUT_UNMEASURED, Outcome, Reason
from probes.dns.message import (
    LARGEST_REPLY_BYTES,
    ForgedError,
    MalformedError,
    Query,
    build_query,
    judge,
    read_reply,
)
from probes.dns.parameters import DnsParameters

NUMBER = 0x1234


def query(**parameters: object) -> Query:
    """A question about ``dispatch.lab.test``."""
    given_parameters = {"query_name": "dispatch.lab.test", **parameters}
    return build_query(DnsParameters.model_validate(given_parameters), NUMBER)


def reply(asked: Query, *records: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, flags: int = 0) -> bytes:
    """A right reply with these records, written as in a zone file."""
    made = dns.message.make_response(asked.message)
    made.set_rcode(rcode)
    made.flags |= flags
    for record in records:
        name, ttl, kind, data = record.split(" ", 3)
        made.answer.append(dns.rrset.from_text(name, int(ttl), "IN", kind, data))
    return made.to_wire()


def judged(asked: Query, data: bytes) -> tuple[Outcome, Reason]:
    """What a reply comes to."""
    answer = judge(asked, read_reply(asked, data))
    return answer.outcome, answer.reason


def test_a_question_says_what_is_wanted() -> None:
    """Number, name, type, recursion, and the wish to be told of DNSSEC."""
    asked = dns.message.from_wire(query(record_type="MX").wire)
    assert (asked.id, str(asked.question[0])) == (NUMBER, "dispatch.lab.test. IN MX")
    assert asked.flags & dns.flags.RD
    assert asked.flags & dns.flags.AD
    assert (asked.edns, asked.payload) == (0, 1232)
    assert not dns.message.from_wire(query(recursion=False).wire).flags & dns.flags.RD


def test_an_answer_has_its_values() -> None:
    """Count and the smallest time to live on the way to it; the text is what a zone file would say."""
    asked = query()
    data = reply(
        asked,
        "dispatch.lab.test. 300 CNAME real.lab.test.",
        "real.lab.test. 60 A 192.0.2.2",
        "real.lab.test. 60 A 192.0.2.1",
        flags=dns.flags.AD,
    )
    answer = judge(asked, read_reply(asked, data))
    assert (answer.outcome, answer.reason) == (Outcome.REPLIED, Reason.NONE)
    assert answer.values == {"answers_count": 2.0, "ttl_s": 60.0, "authentic_ratio": 1.0}
    assert answer.text == "dispatch.lab.test. A: 192.0.2.1, 192.0.2.2 (authentic)"


@pytest.mark.parametrize(
    ("rcode", "reason"),
    [
        (dns.rcode.FORMERR, Reason.DNS_FORMAT_ERROR),
        (dns.rcode.SERVFAIL, Reason.DNS_SERVER_FAILURE),
        (dns.rcode.NXDOMAIN, Reason.DNS_NO_SUCH_NAME),
        (dns.rcode.NOTIMP, Reason.DNS_NOT_IMPLEMENTED),
        (dns.rcode.REFUSED, Reason.DNS_REFUSED),
        (dns.rcode.NOTAUTH, Reason.DNS_OTHER_ERROR),
        (dns.rcode.BADVERS, Reason.DNS_OTHER_ERROR),
    ],
)
def test_each_error_has_its_reason(rcode: dns.rcode.Rcode, reason: Reason) -> None:
    """And its name in the text."""
    asked = query()
    answer = judge(asked, read_reply(asked, reply(asked, rcode=rcode)))
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, reason)
    assert answer.text.startswith(dns.rcode.to_text(rcode))


def test_a_server_that_turns_us_away_is_not_down_and_one_that_fails_is() -> None:
    """What only our question or our address is to blame for says nothing of its service."""
    assert {Reason.DNS_REFUSED, Reason.DNS_FORMAT_ERROR, Reason.DNS_NOT_IMPLEMENTED} <= ALIVE_BUT_UNMEASURED
    assert not {Reason.DNS_SERVER_FAILURE, Reason.DNS_NO_SUCH_NAME} & ALIVE_BUT_UNMEASURED


def test_no_record_is_no_answer() -> None:
    """The name is there, without what was asked for; records of other names or types are none."""
    asked = query()
    assert judged(asked, reply(asked)) == (Outcome.REFUSED, Reason.DNS_NO_RECORDS)
    other = reply(asked, "other.lab.test. 60 A 192.0.2.1", "dispatch.lab.test. 60 TXT x")
    assert judged(asked, other) == (Outcome.REFUSED, Reason.DNS_NO_RECORDS)


ONE, TWO = "dispatch.lab.test. 60 A 192.0.2.1", "dispatch.lab.test. 60 A 192.0.2.2"


@pytest.mark.parametrize(
    ("comparison", "expected", "right"),
    [
        ("same", ["192.0.2.1", "192.0.2.2"], True),
        ("same", ["192.0.2.2", "192.0.2.1"], True),
        ("same", ["192.0.2.1"], False),
        ("same", ["192.0.2.1", "192.0.2.2", "192.0.2.3"], False),
        ("at-least", ["192.0.2.1"], True),
        ("at-least", ["192.0.2.3"], False),
        ("among", ["192.0.2.1", "192.0.2.2", "192.0.2.3"], True),
        ("among", ["192.0.2.1", "192.0.2.3"], False),
        ("same", [], True),
    ],
)
def test_the_answer_is_compared(comparison: str, expected: list[str], right: bool) -> None:
    """As the site says; without expected values any answer is right."""
    asked = query(comparison=comparison, expected=expected)
    reason = Reason.NONE if right else Reason.DNS_OTHER_ANSWER
    assert judged(asked, reply(asked, ONE, TWO))[1] is reason


@pytest.mark.parametrize(
    ("kind", "record", "expected"),
    [
        ("AAAA", "2001:db8::1", "2001:DB8:0:0::1"),
        ("MX", "10 Mail.lab.test.", "10 mail.LAB.test"),
        ("SRV", "5 20 5060 trunk.lab.test.", "5 20 5060 trunk.lab.test."),
        ("TXT", '"v=spf1 " "-all"', "v=spf1 -all"),
        ("NS", "ns.lab.test.", "NS.lab.test"),
        ("CNAME", "real.lab.test.", "real.lab.test"),
        ("SOA", "ns.lab.test. root.lab.test. 7 1 2 3 4", "ns.lab.test root.lab.test 7 1 2 3 4"),
        ("PTR", "dispatch.lab.test.", "dispatch.lab.test"),
    ],
)
def test_each_type_compares_as_its_meaning_is(kind: str, record: str, expected: str) -> None:
    """Not as it happens to be spelt; a text counts as one, however it is cut."""
    asked = query(record_type=kind, expected=[expected])
    assert judged(asked, reply(asked, f"dispatch.lab.test. 60 {kind} {record}"))[1] is Reason.NONE
    other = query(record_type=kind, expected=[expected.replace("1", "9").replace("test", "tent")])
    if other.asked.expected != asked.asked.expected:
        assert judged(other, reply(other, f"dispatch.lab.test. 60 {kind} {record}"))[1] is (
            Reason.DNS_OTHER_ANSWER
        )


def test_dnssec_can_be_required() -> None:
    """The mark counts, and only where it is wanted."""
    asked = query(require_dnssec=True)
    assert judged(asked, reply(asked, ONE)) == (Outcome.REFUSED, Reason.DNS_NOT_AUTHENTIC)
    assert judged(asked, reply(asked, ONE, flags=dns.flags.AD)) == (Outcome.REPLIED, Reason.NONE)


def test_what_is_not_for_us_is_forged() -> None:
    """Another number, a question in the place of a reply, another name, another type, too little."""
    asked = query()
    right = reply(asked, ONE)
    for wrong in (
        b"",
        right[:3],
        (NUMBER ^ 1).to_bytes(2, "big") + right[2:],
        asked.wire,
        reply(query(query_name="other.lab.test"), ONE),
        reply(query(record_type="AAAA"), ONE),
    ):
        with pytest.raises(ForgedError):
            read_reply(asked, wrong)


def test_an_error_may_leave_the_question_out() -> None:
    """A server that cannot read it cannot repeat it; an answer must."""
    asked = query()
    bare = NUMBER.to_bytes(2, "big") + bytes([0x80, dns.rcode.FORMERR]) + bytes(8)
    assert judged(asked, bare)[1] is Reason.DNS_FORMAT_ERROR
    with pytest.raises(ForgedError):
        read_reply(asked, NUMBER.to_bytes(2, "big") + bytes([0x80, 0]) + bytes(8))


def test_what_cannot_be_read_is_malformed() -> None:
    """Cut short, or too long to be read without holding up others."""
    asked = query()
    with pytest.raises(MalformedError):
        read_reply(asked, reply(asked, ONE)[:40])
    with pytest.raises(MalformedError):
        read_reply(asked, reply(asked, ONE) + bytes(LARGEST_REPLY_BYTES))


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    """Not even behind a right number and the mark of a reply."""
    asked = query(expected=["192.0.2.1"])
    for each in (data, asked.wire[:2] + b"\x81" + data, reply(asked)[:40] + data):
        with contextlib.suppress(ForgedError, MalformedError):
            judge(asked, read_reply(asked, each))


@given(st.data())
def test_a_reply_that_was_changed_is_ours_only_with_our_question(data: st.DataObject) -> None:
    """Whatever single byte is changed: never an error of ours, and never another's answer as ours."""
    asked = query()
    wire = bytearray(reply(asked, ONE, TWO))
    place = data.draw(st.integers(0, len(wire) - 1))
    wire[place] ^= data.draw(st.integers(1, 255))
    try:
        read = read_reply(asked, bytes(wire))
    except (ForgedError, MalformedError):
        return
    assert read.id == NUMBER
    assert not read.question or read.question == asked.message.question
    judge(asked, read)
