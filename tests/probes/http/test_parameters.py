"""The keys of an HTTP probe, and patterns whose time is bounded."""

from __future__ import annotations

import time

import pytest
from pydantic import ValidationError

from probes.http import HttpParameters
from probes.http.content import compile_pattern


@pytest.mark.parametrize(
    "given",
    [
        {"path": "health"},
        {"path": "/a b"},
        {"path": "/a#b"},
        {"method": "POST"},
        {"expected_status": []},
        {"expected_status": ["299-200"]},
        {"expected_status": ["2xx"]},
        {"expected_status": ["99"]},
        {"method": "HEAD", "body_contains": ["x"]},
        {"body_contains": [""]},
        {"body_lacks": ["x"], "most_body_bytes": 0},
        {"body_pattern": "("},
        {"body_pattern": r"(a)\1"},
        {"body_pattern": "(?=a)"},
        {"body_pattern": "(a{50}){50}"},
        {"body_pattern": r"(\w\w\w\w\w\w\w\w){100}"},
        {"body_pattern": "a", "most_body_bytes": 100_000},
        {"redirects": 6},
        {"headers": [{"name": "Host", "value": "other.example"}]},
        {"headers": [{"name": "Content-Length", "value": "5"}]},
        {"headers": [{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}]},
        {"headers": [{"name": "X A"}]},
        {"headers": [{"name": "X-A", "value": "a\r\nB: c"}]},
        {"headers": [{"name": "Authorization", "value": "x"}], "authorization": "file:token"},
        {"headers": [{"name": "X-A", "secret": "hunter22"}]},
        {"authorization": "Bearer hunter22"},
        {"tls": False, "minimum_tls": "1.3"},
        {"server_name": "https://cad.example"},
    ],
)
def test_keys_that_mean_nothing(given: dict[str, object]) -> None:
    """What cannot be asked is a mistake, and no message repeats what may be a secret."""
    with pytest.raises(ValidationError) as refused:
        HttpParameters.model_validate(given)
    assert "hunter22" not in str(refused.value)


def test_statuses() -> None:
    """Single ones and ranges, with both ends."""
    parameters = HttpParameters(expected_status=("200-204", "301"))
    assert [status for status in (199, 200, 204, 205, 300, 301, 302) if parameters.expects(status)] == [
        200,
        204,
        301,
    ]


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(a|aa)*b", r"(\w+\s?)*!", r"(.*a){60}Z", r"(\w{0,9}é){0,10}Z"]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    """What takes other engines years is done in a moment, over as much as is ever matched."""
    matches = compile_pattern(pattern)
    began_s = time.monotonic()
    matches("a" * 65535 + "é")
    assert time.monotonic() - began_s < 0.5
