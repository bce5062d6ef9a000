"""Ten thousand damaged recordings: audio or a named refusal for each, whatever they do inside.

They share a few locked-down processes, because starting one for each would take half an hour;
a process that a mutant ends is replaced, and that mutant goes through the real path as well.
"""

import json
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import mutant_decoder
from media_corpus import ENCODINGS, write_recording
from transcriber.engine.errors import MediaError
from transcriber.engine.media import MediaLimits, open_audio

MUTANTS = 10_000
WHOLE_PATH_MUTANTS = 40
STALL_SECONDS = 30.0
SEED = 20_260


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("corpus")
    paths = (
        write_recording(folder / f"{index}.{encoding.suffix}", encoding, seconds=0.2)
        for index, encoding in enumerate(ENCODINGS)
    )
    return [path.read_bytes() for path in paths if path.stat().st_size < 60_000]


def decode_batch(corpus: list[bytes], first: int) -> tuple[Counter[str], int | None]:
    """Decode from `first` on; return the answers and the mutant that ended the process, if any."""
    request = {
        "seed": SEED,
        "first": first,
        "count": MUTANTS - first,
        "files": [data.hex() for data in corpus],
    }
    answers: Counter[str] = Counter()
    with subprocess.Popen(
        [sys.executable, mutant_decoder.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as decoder:
        assert decoder.stdin is not None
        assert decoder.stdout is not None
        decoder.stdin.write(json.dumps(request).encode() + b"\n")
        decoder.stdin.close()
        assert decoder.stdout.readline().startswith(b"active")
        current = first
        while select.select([decoder.stdout], [], [], STALL_SECONDS)[0]:
            line = decoder.stdout.readline().split()
            if not line:
                break
            current = int(line[0])
            if len(line) == 2:
                answers[line[1].decode()] += 1
        if line:
            decoder.kill()
        # FFmpeg may die of a signal; an exception of our own is a defect.
        assert decoder.wait(10) <= 0, f"mutant {current} raised inside the decoder"
    return answers, None if current == MUTANTS - 1 and len(line) != 1 else current


@pytest.mark.timeout(600)
def test_ten_thousand_mutants_end_in_audio_or_a_refusal(
    corpus: list[bytes], tmp_path: Path
) -> None:
    answers: Counter[str] = Counter()
    fatal: list[int] = []
    first = 0
    while first < MUTANTS:
        batch, ended_at = decode_batch(corpus, first)
        answers += batch
        if ended_at is None:
            break
        fatal.append(ended_at)
        first = ended_at + 1
    assert answers.total() + len(fatal) == MUTANTS
    # Damage must reach both sides of the line, or the mutants test nothing.
    assert answers["a"] > MUTANTS // 10
    assert answers["r"] > MUTANTS // 10
    # FFmpeg may be broken by some; the service must not be.
    for index in fatal:
        assert decode_alone(corpus, index, tmp_path) in {"decoder_crashed", "unreadable"}
    assert len(fatal) < MUTANTS // 1_000


def test_mutants_through_the_whole_path_leave_the_parent_alive(
    corpus: list[bytes], tmp_path: Path
) -> None:
    answers = Counter(decode_alone(corpus, index, tmp_path) for index in range(WHOLE_PATH_MUTANTS))
    assert answers.total() == WHOLE_PATH_MUTANTS
    assert answers["audio"] > 0


def decode_alone(corpus: list[bytes], index: int, folder: Path) -> str:
    path = folder / "mutant.bin"
    path.write_bytes(mutant_decoder.mutate(corpus, SEED, index))
    limits = MediaLimits(stall_seconds=STALL_SECONDS, max_duration_seconds=20.0)
    try:
        with open_audio(path, limits) as audio:
            for _ in audio:
                pass
    except MediaError as error:
        return error.code
    return "audio"
