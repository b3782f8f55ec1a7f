"""Recordings of devices as they were handed in: private parts were written over by hand."""

from pathlib import Path

from tests.lab.snmp_recording import read_recording


def test_a_counter_that_was_written_over_with_letters_is_left_out(tmp_path: Path) -> None:
    """What is left of the recording is read."""
    file = tmp_path / "radio.snmprec"
    file.write_text("1.3.6.1.4.1.5.1.0|70|aabbccddeef34\n1.3.6.1.4.1.5.2.0|70|34\n1.3.6.1.4.1.5.3.0|4|aa\n")
    assert [(each.oid, each.value) for each in read_recording(file)] == [
        ("1.3.6.1.4.1.5.2.0", 34),
        ("1.3.6.1.4.1.5.3.0", b"aa"),
    ]
