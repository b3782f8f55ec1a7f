"""The scores of recorded devices, as a person asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.snmp_recordings import SENSORS, main


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_recordings_is_said_in_a_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that does not exist."""
    assert main([str(tmp_path / name)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"There is no {SENSORS} in ")
    assert told.err.count("\n") == 1


def test_all_devices_have_a_total(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the last line; none at all is no success."""
    heads = "device,class,descr,oid,value,unit\n"
    (tmp_path / SENSORS).write_text(heads)
    assert main([str(tmp_path)]) == 1
    (tmp_path / SENSORS).write_text(
        f"{heads}a,temperature,Heat,.1.3.6.1.9.1.0,5,C\nb,load,Load,.1.3.6.1.9.2.0,5,%\n"
    )
    for name in ("a", "b"):
        (tmp_path / f"{name}.snmprec").write_text("1.3.6.1.2.1.1.1.0|4|device\n")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 devices: 0 right, 0 wrong of 2"
