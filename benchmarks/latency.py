"""How long a short clip takes: from nothing, and with a model in memory, beside faster-whisper.

Cold is a fresh process that imports, loads, transcribes one clip and ends: the command
`transcriber transcribe`, and a program of a few lines over faster-whisper.  The floor is a process
that only imports faster-whisper and loads the model.  Warm is the time to the product's first
segment, and to each program's whole text, in a process that has the model.  The cold programs take
turns; medians count.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio import write_raw
from clips import find_clips_dir, read_clips
from peers_process import REPOSITORY, own_python, run_peer
from results_files import describe_machine, write_results
from transcriber.engine import choose_compute_type, prepare_model

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_SECONDS = 15.0
_LOAD = (
    "import sys; from faster_whisper import WhisperModel; "
    "WhisperModel(sys.argv[1], 'cpu', compute_type=sys.argv[2])"
)


def main() -> int:
    """Measure, print, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    clips = [
        clip
        for clip in read_clips(find_clips_dir(arguments.clips))
        if clip.text and clip.duration <= LONGEST_SECONDS
    ][: arguments.rounds]
    machine = describe_machine()
    with tempfile.TemporaryDirectory() as folder:
        raw = write_raw([clip.path for clip in clips], Path(folder))
        cold = _measure_cold(clips[0].path, raw[0], arguments.rounds)
        warm = _measure_warm([str(clip.path) for clip in clips], raw)
    report = _write_report(cold, warm, sum(clip.duration for clip in clips) / len(clips))
    print(report)
    write_results("latency", {"machine": machine, "cold": cold, "warm": warm}, report)
    return 0


def _measure_cold(clip: Path, raw: str, rounds: int) -> dict[str, list[float]]:
    prepared = str(prepare_model("base", REPOSITORY / "models").path)
    python = own_python()
    command = Path(python).parent / "transcriber"
    peer = _describe_peer([raw])
    programs: dict[str, Callable[[], object]] = {
        "transcriber transcribe": lambda: _run(
            [
                str(command),
                "transcribe",
                str(clip),
                "--models-dir",
                str(REPOSITORY / "models"),
                "-q",
            ]
        ),
        "faster-whisper": lambda: run_peer("faster_whisper_peer", peer, python=python),
        "import and load alone": lambda: _run(
            [python, "-c", _LOAD, prepared, choose_compute_type("cpu")]
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(rounds + 1):
        for name, program in programs.items():
            started = time.perf_counter()
            program()
            # The first turn fills the file cache.
            if turn > 0:
                taken[name].append(round(time.perf_counter() - started, 3))
    return taken


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _measure_warm(paths: list[str], raw: list[str]) -> dict[str, list[float]]:
    product: dict[str, Any] = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": 0,
        "options": {"language": "en"},
        # The first one warms what is loaded on first use.
        "audio": [paths[0], *paths],
    }
    own = run_peer("transcriber_product", product, python=own_python())[1:]
    peer = _describe_peer([raw[0], *raw])
    other = run_peer("faster_whisper_peer", peer, python=own_python())[1:]
    return {
        "transcriber, first segment": [each["first_seconds"] for each in own],
        "transcriber, all": [each["seconds"] for each in own],
        "faster-whisper, all": [each["seconds"] for each in other],
    }


def _describe_peer(raw: list[str]) -> dict[str, Any]:
    return {
        "model_path": str(prepare_model("base", REPOSITORY / "models").path),
        "compute_type": choose_compute_type("cpu"),
        "threads": 0,
        "options": {"language": "en"},
        "audio": raw,
    }


def _write_report(
    cold: dict[str, list[float]], warm: dict[str, list[float]], seconds: float
) -> str:
    rows = [
        f"| {kind} | {name} | {statistics.median(taken):.2f} "
        f"| {min(taken):.2f} | {max(taken):.2f} |"
        for kind, figures in (("cold", cold), ("warm", warm))
        for name, taken in figures.items()
    ]
    return "\n".join(
        [
            f"# Latency: Whisper base, clips of {seconds:.0f} s in the mean",
            "",
            "| | | median s | least | most |",
            "|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
