"""Secrets lent by files: locked while they are lent, wiped whatever ended it, a kill included."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from controlroom.engine.lent_secrets import LentSecrets
from controlroom.engine.secrets import SecretResolver
from tests.architecture.project import ROOT

HUSH = "correct horse battery staple"
LENDER = """
import sys
from pathlib import Path
from controlroom.engine.lent_secrets import LentSecrets
with LentSecrets(Path(sys.argv[1])).lend(sys.argv[2]) as reference:
    print(reference, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lender(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that lends a secret until its input ends."""
    command = [sys.executable, "-c", LENDER, str(tmp_path), HUSH]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("file:secrets/unsaved-")
        yield process
        process.kill()


def holders(folder: Path) -> list[Path]:
    """The files that hold the secret."""
    return [path for path in folder.rglob("*") if path.is_file() and HUSH.encode() in path.read_bytes()]


def test_a_killed_lender_leaves_a_file_and_the_next_look_wipes_it(
    lender: subprocess.Popen[str], tmp_path: Path
) -> None:
    """While it lives nobody wipes it; once it is killed everybody may."""
    lent = LentSecrets(tmp_path)
    assert lent.wipe_left_over().in_use == lent.look().in_use == tuple(holders(tmp_path))
    assert len(holders(tmp_path)) == 1
    lender.send_signal(signal.SIGKILL)
    lender.wait(10)
    assert lent.look().left == tuple(holders(tmp_path))
    assert len(holders(tmp_path)) == 1, "looking changes nothing"
    assert len(lent.wipe_left_over().left) == 1
    assert holders(tmp_path) == []
    assert list((tmp_path / "secrets").iterdir()) == []


def test_the_next_loan_wipes_as_well(lender: subprocess.Popen[str], tmp_path: Path) -> None:
    """And gives its own secret, to its owner alone."""
    lender.send_signal(signal.SIGKILL)
    lender.wait(10)
    with LentSecrets(tmp_path).lend("another") as reference:
        assert holders(tmp_path) == []
        assert SecretResolver(tmp_path)(reference) == "another"
        (path,) = (tmp_path / "secrets").iterdir()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list((tmp_path / "secrets").iterdir()) == []


def test_the_number_of_a_living_process_protects_nothing(tmp_path: Path) -> None:
    """Numbers are given out again: a file is in use by its lock alone."""
    (tmp_path / "secrets").mkdir(mode=0o700)
    path = tmp_path / "secrets" / f"unsaved-{os.getppid()}-cd"
    path.write_text(HUSH)
    LentSecrets(tmp_path).wipe_left_over()
    assert not path.exists()


def test_only_lent_files_are_wiped(tmp_path: Path) -> None:
    """Kept secrets, folders and what a link leads to stay; a link in a lent file's place is told."""
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o700)
    kept = folder / "unsaved-1-ab.icmp.community"
    outside = tmp_path / "elsewhere"
    for path in (kept, outside):
        path.write_text(HUSH)
    (folder / "unsaved-2-ab").symlink_to(outside)
    os.mkfifo(folder / "unsaved-3-ab")
    found = LentSecrets(tmp_path).wipe_left_over()
    assert found.left == ()
    assert [path.name for path in found.closed] == ["unsaved-2-ab", "unsaved-3-ab"]
    assert kept.read_text() == outside.read_text() == HUSH


def test_who_wipes_at_the_very_moment_harms_no_loan(tmp_path: Path) -> None:
    """Between the making of a file and its locking it is taken for left behind: another one is made."""
    lent, over = LentSecrets(tmp_path), threading.Event()

    def wipe() -> None:
        while not over.is_set():
            LentSecrets(tmp_path).wipe_left_over()

    wiper = threading.Thread(target=wipe)
    wiper.start()
    try:
        for _ in range(100):
            with lent.lend(HUSH) as reference:
                assert SecretResolver(tmp_path)(reference) == HUSH
    finally:
        over.set()
        wiper.join(10)
    assert list((tmp_path / "secrets").iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_closed_folder_is_told_and_stops_nobody(tmp_path: Path) -> None:
    """The engine starts all the same."""
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o000)
    try:
        assert LentSecrets(tmp_path).wipe_left_over().closed == (folder,)
    finally:
        folder.chmod(0o700)
