"""Trust: authorities are kept for a while and read anew, and the doctor's word about the system's own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from controlroom.finding import Health
from controlroom.reading import Reason
from probes.connection.trust import KEPT_S, TlsSettings, Trust, check_authorities
from probes.errand import UnansweredError
from probes.side_thread import SideThread
from tests.probes.connection.authority import sign


def test_authorities_are_read_anew_after_a_while(tmp_path: Path) -> None:
    """One that was renewed counts after five minutes; one whose file has gone is told then."""
    file = sign("First", authority=True).trusted(tmp_path)

    def renew() -> None:
        Path(file).write_bytes(sign("Second", authority=True).pem())

    def take_away() -> None:
        Path(file).unlink()

    now_s = 0.0

    async def whole() -> None:
        nonlocal now_s
        thread = SideThread("test")
        trust = Trust(thread, lambda: now_s)
        settings = TlsSettings(authorities=file)
        first = await trust.context(settings)
        renew()
        now_s = KEPT_S - 1
        assert await trust.context(settings) is first
        now_s = KEPT_S
        second = await trust.context(settings)
        assert second.get_ca_certs()[0]["subject"] == ((("commonName", "Second"),),)
        take_away()
        now_s = 2 * KEPT_S
        with pytest.raises(UnansweredError) as failed:
            await trust.context(settings)
        assert failed.value.answer.reason is Reason.NO_AUTHORITIES
        thread.stop()

    asyncio.run(whole())


def test_the_word_about_the_system() -> None:
    """A system without authorities is told with its cure."""
    (none,) = check_authorities(lambda: 0)
    assert none.health is Health.TROUBLE
    assert "ca-certificates" in none.cure
    (some,) = check_authorities(lambda: 140)
    assert some.health is Health.OK
    assert "140" in some.found
