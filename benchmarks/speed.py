"""Speed, memory and word errors of the product beside faster-whisper, whisper.cpp, openai-whisper.

All use the same weights and threads on recordings made of clips with short pauses.  Every run is
a fresh process; the programs take turns, so that a slow moment of the machine does not fall on one
of them; medians are compared.  The product decodes the media file and detects speech inside its
time; the peers are given decoded samples, and of them only the batched pipeline detects speech.
Processor seconds are the steadier figure on a machine that is shared.

On a GPU each transcribes another recording first, since the first loads the GPU's programs.

`--ablations` measures the product with one lever changed at a time in place of the peers; `--only`
measures a few settings beside the product and keeps no results.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from audio import SAMPLE_RATE, decode, write_raw, write_recording
from clips import Clip, find_clips_dir, read_clips
from model_work import count_operations, measure_peak
from peers_process import REPOSITORY, normalise_texts
from results_files import describe_machine, write_results
from speed_runs import Run, prepare_ablations, prepare_peers
from transcriber.engine import prepare_model
from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.speech.chunks import TARGET_SAMPLES

PAUSE_SECONDS = 0.7
WARM_SECONDS = 240.0
"""Long enough for whole batches, several side by side."""

_COLUMNS = (
    "real-time factor",
    "times the first's",
    "processor s",
    "times the first's",
    "word error rate",
    "load s",
    "peak RSS MB",
)


@dataclass(slots=True)
class _Recording:
    """Clips one after the other, and what is said in them."""

    clips: list[Clip]
    seconds: float
    texts: list[str] = field(default_factory=list[str])

    def join(self) -> Iterator[NDArray[np.float32]]:
        """Yield clips and pauses until the recording is long enough."""
        given = 0.0
        while given < self.seconds:
            for clip in self.clips:
                yield decode(clip.path)
                yield np.zeros(int(PAUSE_SECONDS * SAMPLE_RATE), np.float32)
                self.texts.append(clip.text or "")
                given += clip.duration + PAUSE_SECONDS
                if given >= self.seconds:
                    break


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    clips = [
        clip
        for clip in read_clips(find_clips_dir(arguments.clips))
        if clip.text and clip.language == "en"
    ]
    for minutes in arguments.minutes:
        _compare(clips, minutes, arguments)
    return 0


def _compare(clips: list[Clip], minutes: float, arguments: argparse.Namespace) -> None:
    machine = describe_machine(arguments.device)
    made = _Recording(clips, minutes * 60)
    seconds, measured = _measure(made, arguments)
    errors = _count_errors(" ".join(made.texts), measured)
    figures = {
        name: {**_summarise(answers, seconds), **errors[name]} for name, answers in measured.items()
    }
    report = _write_report(figures, seconds, arguments)
    settings = {"threads": arguments.threads, "rounds": arguments.rounds}
    if arguments.device == "cpu":
        peak = measure_peak()
        settings["peak_share"] = _estimate_share(next(iter(measured.values())), seconds, peak)
        report += f"\n\n{_describe_share(settings['peak_share'], peak)}"
    print(report, flush=True)
    if arguments.only:
        return
    write_results(
        _name_results(minutes, arguments),
        {"machine": machine, "audio_seconds": round(seconds, 1), **settings, "runs": figures},
        report,
    )


def _measure(
    made: _Recording, arguments: argparse.Namespace
) -> tuple[float, dict[str, list[dict[str, Any]]]]:
    """Return the recording's seconds, and by their names what the programs answered in turns."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "recording.wav"]
        seconds = write_recording(paths[-1], made.join())
        if arguments.device == "cuda":
            paths.insert(0, Path(folder) / "warm.wav")
            write_recording(paths[0], _Recording(made.clips, WARM_SECONDS).join())
        if arguments.ablations:
            runs = prepare_ablations(paths, arguments)
        else:
            runs = prepare_peers(paths, write_raw(paths, Path(folder)), arguments)
        runs = _choose(runs, arguments.only)
        measured: dict[str, list[dict[str, Any]]] = {name: [] for name in runs}
        for number in range(arguments.rounds):
            for name, run in runs.items():
                answer = run()
                measured[name].append(answer)
                factor, used = answer["seconds"] / seconds, answer["cpu_seconds"]
                line = f"round {number + 1}: {name}: {factor:.4f}, processor {used:.1f} s"
                print(line, file=sys.stderr, flush=True)
    return seconds, measured


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument(
        "--minutes", type=float, nargs="+", default=[10.0], help="lengths of the recordings"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--ablations", action="store_true", help="change one lever at a time")
    parser.add_argument("--no-openai", action="store_true", help="leave the slowest peer out")
    parser.add_argument(
        "--only", action="append", metavar="PART", help="settings whose names have this part"
    )
    return parser.parse_args()


def _choose(runs: dict[str, Run], parts: list[str] | None) -> dict[str, Run]:
    """Return the first run, which the others are compared with, and those that were asked for."""
    if not parts:
        return runs
    first = next(iter(runs))
    chosen = {
        name: run
        for name, run in runs.items()
        if name == first or any(part in name for part in parts)
    }
    unknown = [part for part in parts if not any(part in name for name in runs)]
    if unknown:
        raise SystemExit(
            f"No setting has {unknown[0]!r} in its name. There are: {', '.join(runs)}."
        )
    return chosen


def _name_results(minutes: float, arguments: argparse.Namespace) -> str:
    suffix = "" if arguments.device == "cpu" else "-gpu"
    if arguments.ablations:
        return f"speed-ablations{suffix}"
    return f"speed-{minutes:g}-minutes{suffix}"


def _count_errors(
    reference: str, measured: dict[str, list[dict[str, Any]]]
) -> dict[str, dict[str, Any]]:
    """Count the word errors of each setting's first text after Whisper's English normaliser."""
    found = [answers[0]["text"] for answers in measured.values()]
    expected, *texts = normalise_texts([reference, *found])
    counted = {
        name: jiwer.process_words(expected, text)
        for name, text in zip(measured, texts, strict=True)
    }
    return {
        name: {
            "word_error_rate": round(each.wer, 5),
            "substitutions": each.substitutions,
            "deletions": each.deletions,
            "insertions": each.insertions,
        }
        for name, each in counted.items()
    }


def _summarise(answers: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    factors = [answer["seconds"] / seconds for answer in answers]
    return {
        "real_time_factor": round(statistics.median(factors), 4),
        "real_time_factors": [round(factor, 4) for factor in factors],
        "cpu_seconds": round(statistics.median(a["cpu_seconds"] for a in answers), 1),
        "load_seconds": round(statistics.median(a["load_seconds"] for a in answers), 2),
        "peak_mb": round(statistics.median(a["peak_kib"] for a in answers) / 1024),
        # What whisper.cpp was built for decides how fast it is.
        **{key: answers[0][key] for key in ("build", "decoders") if key in answers[0]},
        **_summarise_gpu(answers),
    }


def _summarise_gpu(answers: list[dict[str, Any]]) -> dict[str, Any]:
    taken = [answer["gpu_bytes"] for answer in answers if "gpu_bytes" in answer]
    return {"gpu_mb": round(statistics.median(taken) / 2**20)} if taken else {}


def _estimate_share(answers: list[dict[str, Any]], seconds: float, peak: float) -> float:
    """Return the product's useful operations a second, as a share of the float32 peak."""
    tokenizer = Tokenizer.from_file(
        str(prepare_model("base", REPOSITORY / "models").path / "tokenizer.json")
    )
    tokens = len(tokenizer.encode(answers[0]["text"], add_special_tokens=False).ids)
    dims = read_checkpoint(REPOSITORY / "models" / "base.pt").dims
    operations = count_operations(dims, seconds, TARGET_SAMPLES / SAMPLE_RATE, tokens)
    return round(operations / statistics.median(a["seconds"] for a in answers) / peak, 3)


def _describe_share(share: float, peak: float) -> str:
    return (
        f"The product's useful arithmetic is {share:.1%} of the {peak / 1e9:.0f} billion float32\n"
        "operations a second that NumPy's matrix products reached at the end of this run."
    )


def _write_report(
    figures: dict[str, dict[str, Any]], seconds: float, arguments: argparse.Namespace
) -> str:
    own = next(iter(figures.values()))
    is_gpu = arguments.device == "cuda"
    place, columns = ("GPU", (*_COLUMNS, "GPU MB")) if is_gpu else ("CPU", _COLUMNS)
    rows = [
        f"| {name} | {found['real_time_factor']:.4f} "
        f"| {found['real_time_factor'] / own['real_time_factor']:.2f} "
        f"| {found['cpu_seconds']:.1f} | {found['cpu_seconds'] / own['cpu_seconds']:.2f} "
        f"| {found['word_error_rate']:.2%} | {found['load_seconds']:.1f} | {found['peak_mb']} |"
        + (f" {found.get('gpu_mb', '-')} |" if is_gpu else "")
        for name, found in figures.items()
    ]
    return "\n".join(
        [
            f"# Speed: Whisper base, {seconds / 60:.1f} minutes of read speech",
            "",
            f"{arguments.threads} threads, {place}, median of {arguments.rounds} rounds in turn.",
            "The real-time factor is processing seconds per audio second: lower is faster.",
            "The product's holds media decoding and speech detection.",
            *(["Each had transcribed four minutes before."] if is_gpu else []),
            "",
            f"| | {' | '.join(columns)} |",
            "|---" * (len(columns) + 1) + "|",
            *rows,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
