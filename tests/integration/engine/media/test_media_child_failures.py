"""The child dies, stalls or is abandoned: the parent says so, and nothing stays behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hostile_media import write_silent_opus
from patience import is_gone, wait_until
from transcriber.engine.errors import MediaError
from transcriber.engine.media import AudioStream, MediaLimits, open_audio

ABANDONING_PARENT = """
import sys, time
from transcriber.engine.media import open_audio
audio = open_audio(sys.argv[1])
next(audio)
print(audio._child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    return write_silent_opus(tmp_path / "talk.ogg", hours=20)


def finish(audio: AudioStream) -> MediaError:
    with pytest.raises(MediaError) as caught:
        for _ in audio:
            pass
    return caught.value


@pytest.mark.parametrize("ending", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGSYS])
def test_a_decoder_that_dies_is_reported_and_collected(
    long_recording: Path, ending: signal.Signals
) -> None:
    with open_audio(long_recording) as audio:
        next(audio)
        pid = audio._child.pid
        os.kill(pid, ending)
        error = finish(audio)
    assert error.code == "decoder_crashed"
    assert str(error) == f"talk.ogg crashed the decoder: it ended with signal {int(ending)}."
    assert is_gone(pid)


def test_a_decoder_that_stalls_is_ended(long_recording: Path) -> None:
    limits = MediaLimits(stall_seconds=0.5)
    with open_audio(long_recording, limits) as audio:
        next(audio)
        pid = audio._child.pid
        os.kill(pid, signal.SIGSTOP)
        error = finish(audio)
    assert (error.code, "stalled" in str(error)) == ("unreadable", True)
    assert is_gone(pid)


def test_processor_time_is_bounded(long_recording: Path) -> None:
    # Start-up takes a tenth of a second, twenty hours of silence about forty.
    with open_audio(long_recording, MediaLimits(cpu_seconds=1)) as audio:
        error = finish(audio)
    assert (error.code, "processor time" in str(error)) == ("unreadable", True)


def test_memory_is_bounded(long_recording: Path) -> None:
    with pytest.raises(MediaError) as caught:
        open_audio(long_recording, MediaLimits(address_space_bytes=1 << 20))
    assert caught.value.code in {"unreadable", "decoder_crashed"}


def test_a_slow_reader_does_not_stall_the_decoder(long_recording: Path) -> None:
    # Waiting for the reader is not work, so it uses up none of the child's own deadline.
    with open_audio(long_recording, MediaLimits(stall_seconds=1.0)) as audio:
        next(audio)
        time.sleep(2.5)
        assert [len(next(audio)) for _ in range(20)] == [16_384] * 20


def test_leaving_early_ends_the_child(long_recording: Path) -> None:
    with open_audio(long_recording) as audio:
        next(audio)
        pid = audio._child.pid
    assert is_gone(pid)
    audio.close()


def test_a_child_does_not_outlive_its_killed_parent(long_recording: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ABANDONING_PARENT, str(long_recording)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert not is_gone(pid)
        parent.kill()
    wait_until(lambda: is_gone(pid))


def test_a_file_name_cannot_rewrite_the_message(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\r\n\u202eb.mp3"
    path.write_bytes(b"")
    with pytest.raises(MediaError) as caught:
        open_audio(path)
    assert str(caught.value) == "a\\x1b[2J\\r\\n\\u202eb.mp3 is empty."
