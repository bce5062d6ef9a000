"""A recording of many hours costs no more memory than a short one."""

import gc
from pathlib import Path

import psutil

from hostile_media import write_silent_opus
from transcriber.engine.media import MediaLimits, open_audio

MEBIBYTE = 1 << 20


def measure(path: Path) -> tuple[float, int, int]:
    """Hours decoded, and the peak of resident bytes of the child and of this process."""
    parent = psutil.Process()
    seconds, child_peak, parent_peak = 0.0, 0, 0
    with open_audio(path, MediaLimits(max_duration_seconds=100 * 3600)) as audio:
        child = psutil.Process(audio._child.pid)
        for index, block in enumerate(audio):
            seconds += len(block) / 16_000
            if index % 50 == 0:
                child_peak = max(child_peak, child.memory_info().rss)
                parent_peak = max(parent_peak, parent.memory_info().rss)
    return seconds / 3600, child_peak, parent_peak


def test_three_hours_need_no_more_memory_than_two_minutes(tmp_path: Path) -> None:
    gc.collect()
    _, short_child, short_parent = measure(write_silent_opus(tmp_path / "short.ogg", hours=1 / 30))
    hours, long_child, long_parent = measure(write_silent_opus(tmp_path / "long.ogg", hours=3))
    assert hours > 2.9
    # As float32 the audio alone would be 0.7 GB.
    assert long_child < short_child + 16 * MEBIBYTE
    assert long_child < 128 * MEBIBYTE
    assert long_parent < short_parent + 16 * MEBIBYTE
