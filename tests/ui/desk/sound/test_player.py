"""The player: the real aplay with a card that records and without a card; programs that fail otherwise."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.ui.desk.sound.recorder import Recorder, real_means, same_sound
from ui.desk.sound.cache import SoundError, SoundFolder
from ui.desk.sound.player import SystemPlayer
from ui.desk.sound.program import run
from ui.desk.sound.programs import FILE_VARIABLE, PlayingProgram, programs_of
from ui.desk.sound.waiting import Cue


def always() -> bool:
    """Wanted to its end."""
    return True


def program(folder: Path, name: str, text: str) -> str:
    """Put a program of the test's own into a folder, and return its path."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def found(folder: Path, *names: str) -> SystemPlayer:
    """A player on a machine that has these programs and no others."""
    programs = [PlayingProgram((name,)) for name in ("pw-play", "paplay", "aplay")]
    return SystemPlayer(programs, lambda name: str(folder / name) if name in names else None)


def test_aplay_plays_what_was_made(recorder: Recorder) -> None:
    """Sample by sample."""
    means = real_means(recorder.folder / "sound")
    file = means.folder.tone(Cue.NEW_CRITICAL, 70)
    assert means.player.play(file, always)
    ((rate_hz, samples),) = recorder.heard()
    assert rate_hz == 44_100
    assert same_sound(samples, file)


def test_a_machine_without_a_sound_card_is_a_sentence(recorder: Recorder) -> None:
    """The exit code of aplay and the last of its words; with a card again, it plays again."""
    means = real_means(recorder.folder / "sound")
    recorder.unplug()
    with pytest.raises(SoundError) as caught:
        means.player.play(means.folder.silence(), always)
    assert caught.value.happened.startswith("aplay failed: audio open error: ")
    assert caught.value.happened.endswith("(exit 1).")
    assert "\n" not in str(caught.value)
    recorder.plug_in()
    assert means.player.play(means.folder.silence(), always)


def test_no_player_at_all_names_what_to_install(tmp_path: Path) -> None:
    """The cure stands beside it."""
    with pytest.raises(SoundError, match="alsa-utils") as caught:
        found(tmp_path).play(SoundFolder(tmp_path).silence(), always)
    assert caught.value.code == "no-player"


def test_the_first_that_works_is_kept(tmp_path: Path) -> None:
    """One that exists and fails is passed over, and not asked again while another works."""
    program(tmp_path, "pw-play", f'echo pw >> {tmp_path}/calls; echo "no server" >&2; exit 1')
    program(tmp_path, "paplay", f"echo pa >> {tmp_path}/calls")
    player, file = found(tmp_path, "pw-play", "paplay"), SoundFolder(tmp_path).silence()
    assert [player.play(file, always) for _ in range(3)] == [True] * 3
    assert (tmp_path / "calls").read_text().split() == ["pw", "pa", "pa", "pa"]
    assert player.name == "paplay"


def test_sound_that_comes_back_elsewhere_is_found(tmp_path: Path) -> None:
    """When the one that was kept fails, all are tried; when all fail, all are named."""
    program(tmp_path, "pw-play", f'test -e {tmp_path}/up || {{ echo "no server" >&2; exit 1; }}')
    program(tmp_path, "paplay", f'test ! -e {tmp_path}/up || {{ echo "refused" >&2; exit 7; }}')
    player, file = found(tmp_path, "pw-play", "paplay"), SoundFolder(tmp_path).silence()
    player.play(file, always)
    assert player.name == "paplay"
    (tmp_path / "up").write_text("")
    player.play(file, always)
    assert player.name == "pw-play"
    program(tmp_path, "pw-play", "exit 3")
    with pytest.raises(SoundError, match=r"pw-play failed: exit 3\. paplay failed: refused \(exit 7\)\."):
        player.play(file, always)


def test_a_player_that_is_not_wanted_any_more_is_ended_at_once(tmp_path: Path) -> None:
    """And that is no failure."""
    program(tmp_path, "aplay", "exec sleep 30")
    began_s, looks = time.monotonic(), iter([True, True, False])
    assert not found(tmp_path, "aplay").play(SoundFolder(tmp_path).silence(), lambda: next(looks))
    assert time.monotonic() - began_s < 3


def test_a_player_that_hangs_is_tried_last_from_then_on(tmp_path: Path) -> None:
    """The next one plays, the next alarm does not wait, and one that plays again is as good as any."""
    program(tmp_path, "pw-play", f"echo pw >> {tmp_path}/calls; test -e {tmp_path}/awake || exec sleep 30")
    program(tmp_path, "paplay", f"echo pa >> {tmp_path}/calls; test ! -e {tmp_path}/awake")
    player, file = found(tmp_path, "pw-play", "paplay"), SoundFolder(tmp_path).silence()
    assert player.play(file, always)
    began_s = time.monotonic()
    assert player.play(file, always)
    assert time.monotonic() - began_s < 2
    assert (tmp_path / "calls").read_text().split() == ["pw", "pa", "pa"]
    (tmp_path / "awake").write_text("")
    assert player.play(file, always)
    assert player.name == "pw-play"


def test_a_sound_that_is_broken_off_too_late_hangs(tmp_path: Path) -> None:
    """It should have been over: a failure, no other player is tried for it, and the next sound plays."""
    program(tmp_path, "pw-play", "exec sleep 30")
    program(tmp_path, "paplay", f"echo pa >> {tmp_path}/calls")
    player, file = found(tmp_path, "pw-play", "paplay"), SoundFolder(tmp_path).silence()
    until_s = time.monotonic() + 2.2
    with pytest.raises(SoundError, match="pw-play had not ended after 2 s"):
        player.play(file, lambda: time.monotonic() < until_s)
    assert not (tmp_path / "calls").exists()
    assert player.play(file, always)
    assert player.name == "paplay"


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    """After its time, with a sentence."""
    began_s = time.monotonic()
    with pytest.raises(SoundError, match="hangs did not end within 1 s"):
        run([program(tmp_path, "hangs", "exec sleep 30")], timeout_s=0.6, wanted=always)
    assert time.monotonic() - began_s < 5


def test_what_a_program_complains_cannot_steer_the_screen(tmp_path: Path) -> None:
    """Control characters are written out, and the sentence is short."""
    bad = program(tmp_path, "bad", r"printf 'first\nsecond \033[2J%0500d\n' 7 >&2; exit 1")
    with pytest.raises(SoundError) as caught:
        run([bad], timeout_s=5, wanted=always)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 220


def test_a_program_that_cannot_be_started_is_a_sentence(tmp_path: Path) -> None:
    """A file that is no program."""
    (tmp_path / "aplay").write_text("no program")
    with pytest.raises(SoundError, match="aplay cannot be started"):
        found(tmp_path, "aplay").play(SoundFolder(tmp_path).silence(), always)


def test_a_broken_sound_file_is_a_sentence(tmp_path: Path) -> None:
    """Before any program sees it."""
    (tmp_path / "x.wav").write_bytes(b"RIFF")
    with pytest.raises(SoundError, match="cannot be read"):
        found(tmp_path, "aplay").play(tmp_path / "x.wav", always)


@pytest.mark.parametrize("system", ["linux", "darwin", "win32", "freebsd14"])
def test_no_path_is_ever_part_of_a_script(system: str) -> None:
    """It is an argument of its own, or stands in the environment."""
    file = Path("/a b/'; rm -rf x;.wav")
    for playing in programs_of(system).playing:
        line, environment = playing.line(file), playing.environment(file)
        assert (line[-1] == str(file)) != (environment.get(FILE_VARIABLE) == str(file))
        assert not any(str(file) in word for word in line[:-1])
    assert programs_of(system).speaking
