"""The program's own streams, in processes of their own: what is written comes out, or is told once."""

from __future__ import annotations

import os
import subprocess
import sys
import time

START = "import sys\nfrom ui.terminal.streams import OutputError, take_streams\ntake_streams()\n"


def run(program: str, redirection: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program whose streams are taken, with what the shell does to them."""
    return subprocess.run(
        ["/bin/bash", "-c", f'"$0" -c "$1" {redirection}', sys.executable, START + program],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env=os.environ | environment,
    )


def test_what_cannot_be_encoded_is_an_escape() -> None:
    """On both streams, and the rest stays."""
    done = run("print('L\u00f6 1')\nprint('\u2192 2', file=sys.stderr)", PYTHONIOENCODING="ascii")
    assert (done.stdout, done.stderr) == ("L\\xf6 1\n", "\\u2192 2\n")


def test_a_full_output_is_told_once_and_not_again_at_the_end() -> None:
    """The error has a code and a sentence; the interpreter adds nothing of its own."""
    program = (
        "try:\n    print('x', flush=True)\nexcept OutputError as error:\n"
        "    sys.stderr.write(f'{error.code}: {error.happened}')\nprint('y', flush=True)"
    )
    done = run(program, ">/dev/full")
    assert done.returncode == 0
    assert done.stderr == "output-refused: The standard output cannot be written: No space left on device."


def test_complaints_that_nobody_can_read_are_passed_over() -> None:
    """The program goes on."""
    done = run("for _ in range(9):\n    print('x' * 9999, file=sys.stderr)\nprint('done')", "2>/dev/full")
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_no_file_gets_the_number_of_a_closed_stream() -> None:
    """What is printed into nothing must not land in a file that was opened later."""
    program = f"print(open({__file__!r}).fileno() > 2, file=open('/dev/fd/3', 'w'))\nprint('lost')"
    assert run(program, "3>&1 <&- >&- 2>&-").stdout == "True\n"


def test_a_pipe_that_does_not_wait_gets_everything() -> None:
    """A slow reader of a pipe set to non-blocking loses nothing."""
    read, write = os.pipe()
    os.set_blocking(write, False)
    program = START + "print('x' * 300_000)\n"
    with subprocess.Popen([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE) as child:
        os.close(write)
        time.sleep(0.5)
        with os.fdopen(read, "rb") as pipe:
            assert len(pipe.read()) == 300_001
        assert child.stderr is not None
        assert child.stderr.read() == b""
    assert child.returncode == 0
