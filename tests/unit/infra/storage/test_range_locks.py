import os
import subprocess
import sys
from pathlib import Path

import pytest

from transcriber.infra.storage.range_lock import try_lock_range

HOLD = """
import os, sys
from transcriber.infra.storage.range_lock import try_lock_range
try_lock_range(os.open(sys.argv[1], os.O_RDWR), 10, 10)
print("held", flush=True)
sys.stdin.read()
"""


def open_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT)


def test_a_range_is_one_descriptors_alone(tmp_path: Path) -> None:
    first, second = open_file(tmp_path / "f"), open_file(tmp_path / "f")
    try_lock_range(first, 10, 10)
    for start, length in [(10, 10), (0, 11), (19, 1)]:
        with pytest.raises(BlockingIOError):
            try_lock_range(second, start, length)
    try_lock_range(second, 0, 10)
    try_lock_range(second, 20, 10)
    os.close(first)
    try_lock_range(second, 10, 10)
    os.close(second)


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "f"
    descriptor = open_file(path)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BlockingIOError):
        try_lock_range(descriptor, 10, 10)
    holder.kill()
    holder.communicate()
    try_lock_range(descriptor, 10, 10)
    os.close(descriptor)
