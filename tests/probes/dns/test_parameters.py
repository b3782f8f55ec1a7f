"""The DNS probe's parameters: what can be asked, and what is refused with a word on why."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from probes.dns.parameters import DnsParameters
from probes.dns.question import question_of


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({}, "query_name"),
        ({"query_name": "a..b"}, "is no name"),
        ({"query_name": f"{'x' * 64}.test"}, "is no name"),
        ({"query_name": "a b"}, "query_name"),
        ({"query_name": "x.test", "expected": ["nine"]}, "is no value of type A"),
        ({"query_name": "x.test", "record_type": "MX", "expected": ["mail.test"]}, "is no value of type MX"),
        ({"query_name": "x.test", "record_type": "AXFR"}, "record_type"),
        ({"query_name": "x.test", "port": 0}, "port"),
    ],
)
def test_what_cannot_be_asked_is_refused(given: dict[str, object], word: str) -> None:
    """The mistake is named."""
    with pytest.raises(ValidationError, match=word):
        DnsParameters.model_validate(given)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("192.0.2.10", "10.2.0.192.in-addr.arpa."),
        ("10.2.0.192.in-addr.arpa", "10.2.0.192.in-addr.arpa."),
        ("2001:db8::1", f"{'1.' + '0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa."),
    ],
)
def test_an_address_is_turned_for_ptr(name: str, asked: str) -> None:
    """People know addresses, not reverse zones."""
    parameters = DnsParameters.model_validate({"query_name": name, "record_type": "PTR"})
    assert str(question_of(parameters).name) == asked


def test_names_of_services_and_of_other_scripts_can_be_asked() -> None:
    """Underscores belong to SRV; other letters are written as DNS writes them."""
    for name, asked in (
        ("_sip._udp.lab.test", "_sip._udp.lab.test."),
        ("bücher.test", "xn--bcher-kva.test."),
    ):
        parameters = DnsParameters.model_validate({"query_name": name})
        assert str(question_of(parameters).name) == asked
