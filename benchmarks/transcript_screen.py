"""The transcript's screen in the browser, with the transcript of a recording of 18 hours.

The real service with a real media file of that length (silence, which weighs as much as speech to
a player) and a made-up text; Debian's Chromium without a graphics processor.  Exits with status 1
over a budget: the text on the screen within a second, 95 of 100 frames in time while scrolling and
while playing, and 95 of 100 keys answered within a tenth of a second while correcting.
"""

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from job_builders import CHECKSUM, add_job, must_claim
from peers_process import REPOSITORY
from results_files import describe_machine, write_results
from running_service import RunningService, run_service
from search_texts import Speech
from service_context import build_settings, open_context
from speech_jobs import summarize
from transcriber.engine.results import DetectedLanguage, Segment, Span, SpanResult, Word
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.jobs import checkpoints
from transcriber.jobs.checkpoints import Plan
from transcriber.jobs.claims import Claim
from transcriber.recordings.waveform import PEAKS_PER_SECOND

SECONDS = 18 * 3600
SEGMENT_SECONDS = 4.0
SAMPLE_RATE = 3_000
"""The lowest that browsers play."""
OPEN_MS = 1_000.0
FRAME_MS = 1_000 / 60
FRAME_TOLERANCE_MS = 0.5
"""The browser's clock is that coarse."""
ANSWER_MS = 100.0
"""What people take for at once; Nielsen, Usability Engineering, 1993, chapter 5."""


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    machine = describe_machine()
    # Without workers nothing but the measurement uses the processors.
    with (
        tempfile.TemporaryDirectory() as folder,
        run_service(Path(folder), {"WORKER_PROCESSES": "0"}, path="/healthz") as service,
    ):
        job_id, words = _add_transcript(Path(folder), service, arguments.seed)
        measured = _measure(service, job_id)
    figures: dict[str, Any] = {
        **measured,
        "segments": int(SECONDS / SEGMENT_SECONDS),
        "words": words,
    }
    frames = {name: _describe_frames(measured[name]) for name in ("scrolling", "playing")}
    figures.update(frames)
    report = _write_report(figures, machine["load_before"])
    print(report)
    write_results("transcript_screen", {"machine": machine, **figures}, report)
    is_slow = any(figures[each] > OPEN_MS for each in ("cold", "warm", "at", "jumped"))
    is_late = any(each["p95"] > FRAME_MS + FRAME_TOLERANCE_MS for each in frames.values())
    return int(is_slow or is_late or _is_sluggish(measured["editing"]))


def _is_sluggish(editing: dict[str, Any]) -> bool:
    answers = (editing["opened"], editing["closed"], summarize(editing["typed"])["p95"])
    return any(each > ANSWER_MS for each in answers)


def _measure(service: RunningService, job_id: str) -> dict[str, Any]:
    environment = {"ADDRESS": service.address, "TOKEN": service.token, "JOB_ID": job_id}
    done = subprocess.run(
        ["./npm", "exec", "--silent", "node", "e2e/measure-transcript.ts"],
        cwd=REPOSITORY / "web",
        env=os.environ | environment,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return measured


def _add_transcript(folder: Path, service: RunningService, seed: int) -> tuple[str, int]:
    """A completed job of the administrator's; its id, and how many words it has."""
    account = httpx.get(f"{service.address}/auth/me", headers=service.headers, timeout=30)
    segments = list(_speak(seed))
    with open_context(build_settings(folder)) as context:
        silence = _write_silence()
        job_id = add_job(context, account.json()["user_id"], name="Hearing.wav", data=silence)
        _store_plan(context, must_claim(context), seed)
        claim = must_claim(context)
        result = SpanResult(Span(claim.index, claim.start, claim.end), tuple(segments), ())
        with context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            checkpoints.store_span(uow.session, claim, result, 1.0, now)
    return job_id, sum(len(each.words) for each in segments)


def _store_plan(context: Context, claim: Claim, seed: int) -> None:
    samples = context.storage.create(f"pcm/{create_id()}")
    samples.write(bytes(32))
    peaks = context.storage.create(f"peaks/{create_id()}")
    loud = random.Random(seed)  # noqa: S311 -- a picture, not secrets
    peaks.write(
        b"".join(
            struct.pack("bb", -loud.randrange(120), loud.randrange(120))
            for _ in range(SECONDS * PEAKS_PER_SECOND)
        )
    )
    plan = Plan(
        spans=[Span(0, 0.0, float(SECONDS))],
        pcm_key=samples.commit().key,
        duration=float(SECONDS),
        language=DetectedLanguage("en", 0.9),
        device="cpu int8",
        model_checksum=CHECKSUM,
        container="wav",
        codec="pcm_u8",
        has_video=False,
        peaks_key=peaks.commit().key,
    )
    with context.database.unit_of_work() as uow:
        checkpoints.store_plan(uow.session, claim, plan, read_database_time(uow.session))


def _write_silence() -> bytes:
    """A WAV file of that length."""
    size = SECONDS * SAMPLE_RATE
    layout = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, SAMPLE_RATE, 1, 8)
    header = b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt " + struct.pack("<I", 16) + layout
    return header + b"data" + struct.pack("<I", size) + b"\x80" * size


def _speak(seed: int) -> Iterator[Segment]:
    speech = Speech(seed)
    odds = random.Random(seed)  # noqa: S311 -- a text, not secrets
    for number in range(int(SECONDS / SEGMENT_SECONDS)):
        start = number * SEGMENT_SECONDS
        text = speech.draw()
        spoken = text.split()
        step = SEGMENT_SECONDS / len(spoken)
        words = tuple(
            Word(
                round(start + place * step, 3),
                round(start + (place + 1) * step, 3),
                f" {word}",
                round(odds.random(), 3),
            )
            for place, word in enumerate(spoken)
        )
        speaker = f"Speaker {number // 7 % 3}"
        logprob = -odds.random()
        yield Segment(start, start + SEGMENT_SECONDS, text, logprob, 0.1, 1.4, 0.0, words, speaker)


def _describe_frames(lengths: Sequence[float]) -> dict[str, float]:
    late = sum(max(0, round(each / FRAME_MS) - 1) for each in lengths)
    return {**summarize(lengths), "frames": len(lengths), "dropped": late}


def _write_report(figures: dict[str, Any], load: float) -> str:
    times = {
        "opened for the first time": figures["cold"],
        "opened again, the program cached": figures["warm"],
        "opened in the middle (`?at=`)": figures["at"],
        "gone to the middle, from the key to the text": figures["jumped"],
        "all of the text loaded": figures["whole"],
    }
    editing = figures["editing"]
    keys = summarize(editing["typed"])
    frames = [
        f"| {name} | {each['frames']} | {each['p50']:.1f} | {each['p95']:.1f} | {each['max']:.1f} "
        f"| {each['dropped']} |"
        for name, each in (
            ("scrolling fast", figures["scrolling"]),
            ("playing, the text following", figures["playing"]),
        )
    ]
    return "\n".join(
        [
            f"# The screen of a transcript of {SECONDS // 3600} hours",
            "",
            f"{figures['segments']:,} segments, {figures['words']:,} timed words.",
            "",
            "| until the text is on the screen | ms |",
            "|---|---|",
            *(f"| {name} | {taken:.0f} |" for name, taken in times.items()),
            "",
            "| frames | counted | p50, ms | p95, ms | longest, ms | dropped |",
            "|---|---|---|---|---|---|",
            *frames,
            "",
            "| while correcting a passage in the middle, until it is on the screen | ms |",
            "|---|---|",
            f"| the field, after the second click | {editing['opened']:.0f} |",
            f"| a letter, half of them | {keys['p50']:.0f} |",
            f"| a letter, 95 of 100 | {keys['p95']:.0f} |",
            f"| the corrected text, after the field is left | {editing['closed']:.0f} |",
            f"| saved by the service, counted from there | {editing['saved']:.0f} |",
            "",
            (
                f"Elements on the page: {figures['elements']:,}. JavaScript heap with all of the "
                f"text: {figures['heap'] / 1e6:.0f} MB. Chromium without a graphics processor "
                f"beside the service on {os.cpu_count()} cores, load {load} before."
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
