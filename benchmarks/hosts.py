"""One long recording shared by worker hosts: alone, by three, and by three of which one is lost.

Hosts are network namespaces of this machine with a bridge between them (root only): they share its
cores, so the speed-up says how well work spreads, not what more machines would give.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_recording
from clips import Clip, find_clips_dir, read_clips
from peers_process import REPOSITORY
from results_files import describe_machine, write_results

sys.path.insert(0, str(REPOSITORY / "tests"))
from chaos.hosts import QUICK, Cluster, Segment, open_cluster

PAUSE_SECONDS = 0.7
HOSTS = 3
LONGEST_SECONDS = 3 * 3600.0
# A host of its own has nothing that its worker must yield to.
SETTINGS = {**QUICK, "WORKER_NICE": "0"}


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how long it took, and what came out.

    Attributes:
        planning_seconds: Until the recording was decoded and cut, which one worker does alone.
    """

    name: str
    seconds: float
    planning_seconds: float
    state: str
    completions: int
    spans: int
    recomputed: int
    segments: list[Segment]


def main() -> int:
    """Measure, print, keep the figures; 0 when all transcripts are equal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the recording")
    parser.add_argument("--beam-size", type=int, default=1)
    arguments = parser.parse_args()
    machine = describe_machine()
    clips = [clip for clip in read_clips(find_clips_dir(arguments.clips)) if clip.text]
    options = {"beam_size": str(arguments.beam_size), "language": "en"}
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "recording.wav"
        seconds = write_recording(recording, _join(clips, arguments.minutes * 60))
        runs = [
            _run("one host", recording, options, hosts=1),
            _run("three hosts", recording, options, hosts=HOSTS),
            _run("three hosts, one lost", recording, options, hosts=HOSTS, loses_one=True),
        ]
    is_same = all(run.segments == runs[0].segments for run in runs)
    report = _write_report(runs, seconds, arguments.beam_size, is_same=is_same)
    sys.stdout.write(report + "\n")
    figures = [{**asdict(run), "segments": len(run.segments)} for run in runs]
    written = {"machine": machine, "audio_seconds": round(seconds, 1), "is_same": is_same}
    write_results("hosts", {**written, "beam_size": arguments.beam_size, "runs": figures}, report)
    is_whole = all(run.state == "completed" and run.completions == 1 for run in runs)
    return 0 if is_same and is_whole else 1


def _join(clips: list[Clip], seconds: float) -> Iterator[NDArray[np.float32]]:
    # Each clip comes many times, and decoding one takes a process of its own.
    decoded = {clip.path: decode(clip.path) for clip in clips}
    given = 0.0
    while given < seconds:
        for clip in clips:
            yield decoded[clip.path]
            yield np.zeros(int(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
            given += clip.duration + PAUSE_SECONDS
            if given >= seconds:
                break


def _run(
    name: str, recording: Path, options: dict[str, str], *, hosts: int, loses_one: bool = False
) -> Run:
    with open_cluster(hosts, settings=SETTINGS) as cluster:
        began = time.monotonic()
        job_id = cluster.submit(recording, **options)
        if loses_one:
            _lose_one_midway(cluster, job_id)
        job = cluster.wait_for_end(job_id, LONGEST_SECONDS)
        run = Run(
            name=name,
            seconds=round(time.monotonic() - began, 1),
            planning_seconds=round(cluster.measure_planning(job_id), 1),
            state=str(job["state"]),
            completions=cluster.count_completions(job_id),
            spans=sum(span.index >= 0 for span in cluster.list_spans(job_id)),
            recomputed=cluster.count_recomputed(job_id),
            segments=cluster.read_transcript(job_id) if job["state"] == "completed" else [],
        )
    sys.stderr.write(f"{name}: {run.state} after {run.seconds} s\n")
    return run


def _lose_one_midway(cluster: Cluster, job_id: str) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    host = cluster.network.hosts[-1]
    while time.monotonic() < deadline:
        spans = [span for span in cluster.list_spans(job_id) if span.index >= 0]
        done = sum(span.state == "done" for span in spans)
        is_busy = any(s.state == "running" and s.owner == host.namespace for s in spans)
        if spans and done * 2 >= len(spans) and is_busy:
            cluster.lose(host)
            return
        if spans and done == len(spans):
            break
        time.sleep(0.1)
    raise SystemExit("The host to be lost held no span in the second half; use a longer recording.")


def _write_report(runs: list[Run], seconds: float, beam_size: int, *, is_same: bool) -> str:
    rows = [
        f"| {run.name} | {run.seconds:.1f} | {runs[0].seconds / run.seconds:.2f} "
        f"| {run.planning_seconds:.1f} | {run.spans} | {run.recomputed} | {run.state} |"
        for run in runs
    ]
    verdict = "equal, text and timestamps" if is_same else "**different**"
    return "\n".join(
        [
            f"# Hosts: Whisper base, {seconds / 60:.1f} minutes of read speech",
            "",
            f"Beam {beam_size}, one worker with one thread on each host. The hosts are",
            "network namespaces of one machine and share its cores: with two of them three hosts",
            "can be at most about twice as fast as one. Decoding and cutting the recording is one",
            "worker's alone, before the others can begin.",
            "",
            "| | seconds | times one host's speed | planning, s | spans | begun again | end |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"The three transcripts are {verdict} ({len(runs[0].segments)} segments).",
            f"Leases of {QUICK['LEASE_SECONDS']} s; the lost host is killed with SIGKILL once half",
            "of the spans are done and it holds one.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
