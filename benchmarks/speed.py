"""Real-time factor and peak memory of the product beside faster-whisper and openai-whisper.

All use the same weights, threads and beam on one recording made of clips with short pauses.
Every run is a fresh process; the programs take turns, so that a slow moment of the machine does
not fall on one of them; medians are compared.  The product decodes the media file and detects
speech inside its time; the peers are given decoded samples and do neither.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_raw, write_recording
from clips import Clip, find_clips_dir, read_clips
from peers_process import REPOSITORY, own_python, run_peer
from results_files import describe_machine, write_results
from transcriber.engine import choose_compute_type, prepare_model

PAUSE_SECONDS = 0.7
Run = Callable[[], dict[str, Any]]


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    machine = describe_machine()
    clips = [clip for clip in read_clips(find_clips_dir(arguments.clips)) if clip.text]
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "recording.wav"
        seconds = write_recording(recording, _join(clips, arguments.minutes * 60))
        (raw,) = write_raw([recording], Path(folder))
        runs = _prepare_runs(recording, raw, arguments)
        measured: dict[str, list[dict[str, Any]]] = {name: [] for name in runs}
        for round_number in range(arguments.rounds):
            for name, run in runs.items():
                answer = run()
                measured[name].append(answer)
                factor = answer["seconds"] / seconds
                print(f"round {round_number + 1}: {name} {factor:.3f}", file=sys.stderr, flush=True)
    figures = {name: _summarise(answers, seconds) for name, answers in measured.items()}
    report = _write_report(figures, seconds, arguments)
    print(report)
    settings = {"threads": arguments.threads, "beam_size": 5, "rounds": arguments.rounds}
    write_results(
        "speed",
        {"machine": machine, "audio_seconds": round(seconds, 1), **settings, "runs": figures},
        report,
    )
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--minutes", type=float, default=3.0, help="length of the recording")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _join(clips: list[Clip], seconds: float) -> Iterator[NDArray[np.float32]]:
    """Yield clips and pauses until the recording is long enough."""
    given = 0.0
    while given < seconds:
        for clip in clips:
            yield decode(clip.path)
            yield np.zeros(int(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
            given += clip.duration + PAUSE_SECONDS
            if given >= seconds:
                break


def _prepare_runs(recording: Path, raw: str, arguments: argparse.Namespace) -> dict[str, Run]:
    prepared = prepare_model("base", REPOSITORY / "models")
    compute_type = choose_compute_type("cpu")
    shared = {"threads": arguments.threads}
    decoding = {"language": "en", "beam_size": 5}
    product = {
        **shared,
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": compute_type,
        "options": decoding,
        "audio": [str(recording)],
    }
    faster = {
        **shared,
        "model_path": str(prepared.path),
        "compute_type": compute_type,
        "options": decoding,
        "audio": [raw],
    }
    openai = {
        **shared,
        "model": str(REPOSITORY / "models" / "base.pt"),
        "options": {**decoding, "best_of": 5, "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]},
        "audio": [raw],
    }
    return {
        "transcriber": lambda: run_peer("transcriber_product", product, python=own_python())[0],
        "faster-whisper": lambda: run_peer("faster_whisper_peer", faster, python=own_python())[0],
        "openai-whisper": lambda: run_peer("openai_reference", openai)[0],
    }


def _summarise(answers: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    factors = [answer["seconds"] / seconds for answer in answers]
    return {
        "real_time_factor": round(statistics.median(factors), 4),
        "real_time_factors": [round(factor, 4) for factor in factors],
        "load_seconds": round(statistics.median(a["load_seconds"] for a in answers), 2),
        "peak_mb": round(statistics.median(a["peak_kib"] for a in answers) / 1024),
    }


def _write_report(
    figures: dict[str, dict[str, Any]], seconds: float, arguments: argparse.Namespace
) -> str:
    own = figures["transcriber"]["real_time_factor"]
    rows = [
        f"| {name} | {found['real_time_factor']:.3f} | {found['real_time_factor'] / own:.2f} "
        f"| {found['load_seconds']:.1f} | {found['peak_mb']} |"
        for name, found in figures.items()
    ]
    return "\n".join(
        [
            f"# Speed: Whisper base, {seconds / 60:.1f} minutes of read speech",
            "",
            f"Beam 5, {arguments.threads} threads, CPU, median of {arguments.rounds} rounds.",
            "The real-time factor is processing seconds per audio second: lower is faster.",
            "The product's holds media decoding and speech detection, the peers' does not.",
            "",
            "| | real-time factor | times the product's | load s | peak RSS MB |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
