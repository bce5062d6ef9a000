"""Processor time and peak memory of each format for the transcript of a recording of 18 hours.

Each export runs in a fresh process: text in that process, a document in the one that it starts.
The peak is the highest resident memory of either, the time is the processor's for both, so that
other work on the machine counts little.  Exits with status 1 where one takes more than
`--allowed-seconds`.
"""

import argparse
import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from peers_process import own_python
from results_files import describe_machine, write_results
from transcriber.engine.results import DetectedLanguage, Segment, Transcript, Word
from transcriber.formats import DOCUMENTS, KINDS, ExportOptions, find_kind
from transcriber.formats.writing import write_file

SECONDS = 18 * 3600
SENTENCE = "It was the best of times, it was the worst of times, it was the age of wisdom."


@dataclass(frozen=True, slots=True)
class Run:
    """One export; `renderer_mb` is the peak of the process that made a document."""

    format: str
    processor_seconds: float
    size_bytes: int
    own_mb: float
    renderer_mb: float | None


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=10_000)
    parser.add_argument("--allowed-seconds", type=float, default=10.0)
    parser.add_argument("--only", help="one format, measured in this very process")
    arguments = parser.parse_args()
    if arguments.only:
        print(json.dumps(asdict(_measure(arguments.only, arguments.segments))))
        return 0
    machine = describe_machine()
    runs = [_measure_apart(name, arguments.segments) for name in KINDS]
    report = _write_report(runs, arguments.segments)
    print(report)
    figures = {
        "machine": machine,
        "segments": arguments.segments,
        "runs": [asdict(run) for run in runs],
    }
    write_results("exports", figures, report)
    return int(any(run.processor_seconds > arguments.allowed_seconds for run in runs))


def _measure_apart(name: str, segments: int) -> Run:
    command = [own_python(), str(Path(__file__)), "--only", name, "--segments", str(segments)]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, check=True)
    return Run(**json.loads(done.stdout))


def _measure(name: str, segments: int) -> Run:
    transcript = _build_transcript(segments)
    kind = find_kind(name)
    started = _read_processor_seconds()
    size = sum(map(len, write_file(kind, transcript, "A talk", kind.settle(ExportOptions()))))
    seconds = _read_processor_seconds() - started
    return Run(
        format=name,
        processor_seconds=round(seconds, 2),
        size_bytes=size,
        own_mb=_read_peak(resource.RUSAGE_SELF),
        renderer_mb=_read_peak(resource.RUSAGE_CHILDREN) if name in DOCUMENTS else None,
    )


def _read_processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _read_peak(who: int) -> float:
    return round(resource.getrusage(who).ru_maxrss / 1024, 1)


def _build_transcript(segments: int) -> Transcript:
    step = SECONDS / segments
    texts = SENTENCE.split()

    def build(index: int) -> Segment:
        start = index * step
        pace = step / len(texts)
        words = tuple(
            Word(start + place * pace, start + (place + 1) * pace, f" {text}", 0.9)
            for place, text in enumerate(texts)
        )
        speaker = f"Speaker {index % 3}"
        return Segment(start, start + step, SENTENCE, -0.2, 0.1, 1.4, 0.0, words, speaker)

    return Transcript(
        language=DetectedLanguage("en", 0.99),
        duration=SECONDS,
        segments=tuple(build(index) for index in range(segments)),
        dropped=(),
        model="base",
        task="transcribe",
    )


def _write_report(runs: list[Run], segments: int) -> str:
    rows = [
        f"| {run.format} | {run.processor_seconds} s | {run.size_bytes / 1e6:.1f} MB "
        f"| {run.own_mb} MB | {'' if run.renderer_mb is None else f'{run.renderer_mb} MB'} |"
        for run in runs
    ]
    return "\n".join(
        [
            f"# Exports of {SECONDS // 3600} hours in {segments} segments",
            "",
            "| | processor time | size | peak | peak of the rendering process |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "With timed words in the transcript; the peak holds the transcript itself.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
