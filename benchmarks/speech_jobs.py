"""Long recordings of real speech, and the jobs made of them through the API."""

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from numpy.typing import NDArray

from audio import decode, write_recording
from clips import find_clips_dir, read_clips
from running_service import RunningService

POLL_SECONDS = 0.02
CHANGE_SECONDS = 120.0


def add_arguments(parser: argparse.ArgumentParser, *, rounds: int, minutes: float) -> None:
    """What every measurement on such jobs may be told."""
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--minutes", type=float, default=minutes, help="of the recording")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    parser.add_argument(
        "--disturbed", action="store_true", help="measure again while others misbehave"
    )


def write_speech(folder: Path, arguments: argparse.Namespace) -> Path:
    """Write a recording of about so many minutes, spoken from end to end."""
    clips = [clip for clip in read_clips(find_clips_dir(arguments.clips)) if clip.text]
    path = folder / "speech.wav"

    def speak() -> Iterator[NDArray[np.float32]]:
        given = 0.0
        for clip in itertools.cycle(clips):
            if given >= arguments.minutes * 60:
                return
            given += clip.duration
            yield decode(clip.path)

    write_recording(path, speak())
    return path


def submit(service: RunningService, recording: Path, **options: str) -> str:
    """Send the recording; return the job's id."""
    with recording.open("rb") as file:
        answer = httpx.post(
            f"{service.address}/jobs/",
            headers=service.headers,
            files={"file": (recording.name, file)},
            data=options,
            timeout=60,
        )
    answer.raise_for_status()
    job_id: str = answer.json()["id"]
    return job_id


def read_job(service: RunningService, job_id: str) -> dict[str, Any]:
    """The job as its owner sees it."""
    answer = httpx.get(f"{service.address}/jobs/{job_id}", headers=service.headers, timeout=30)
    answer.raise_for_status()
    job: dict[str, Any] = answer.json()
    return job


def await_state(service: RunningService, job_id: str, *states: str) -> str:
    """Wait until the job is in one of the states; return which.

    Raises:
        SystemExit: it never was.
    """
    deadline = time.monotonic() + CHANGE_SECONDS
    state = ""
    while time.monotonic() < deadline:
        state = read_job(service, job_id)["state"]
        if state in states:
            return state
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"The job stayed {state}.")


def summarize(seconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th and 99th percentile (nearest rank) and the longest, in seconds."""
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return ordered[max(0, int(np.ceil(share * len(ordered))) - 1)]

    figures = {"p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99), "max": ordered[-1]}
    return {name: round(value, 2) for name, value in figures.items()}
