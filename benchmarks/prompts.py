"""Speech of more languages: voice prompts of a telephone exchange, with what is said in them.

`scripts/fetch_prompts.sh` unpacks Debian's packages of them.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from clips import Clip
from peers_process import REPOSITORY

PROMPTS = REPOSITORY / ".cache" / "prompts"
LANGUAGES = {"fr": "French", "it": "Italian", "ru": "Russian", "es": "Spanish"}
SHORTEST_SECONDS = 4.0
"""Shorter prompts are words rather than sentences."""

_BYTES_PER_SECOND = 8_000
"""Of G.722 with 64 kbit/s, which is what the files hold and nothing else."""

_UNCERTAIN = re.compile(r"[\d\[\](){}<>]|\w\?\w|\?\s+[a-z]")
"""Numbers, which may be written either way, remarks, and letters lost as question marks."""


def read_prompts(folder: Path = PROMPTS) -> dict[str, list[Clip]]:
    """Return the sentences of each language by its code; nothing where they were not fetched."""
    found = {language: list(_read_language(folder, language)) for language in LANGUAGES}
    return {language: clips for language, clips in found.items() if clips}


def decode_prompt(path: Path) -> NDArray[np.float32]:
    """Return a prompt's samples: float32, mono, 16 kHz."""
    with av.open(str(path), format="g722") as container:
        blocks = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return (np.concatenate(blocks) / np.iinfo(np.int16).max).astype(np.float32)


def _read_language(folder: Path, language: str) -> Iterator[Clip]:
    share = folder / "usr" / "share"
    name = f"core-sounds-{language}"
    listed = share / "doc" / f"asterisk-{name}" / f"{name}.txt.gz"
    if not listed.is_file():
        return
    (voice,) = (share / "asterisk" / "sounds").glob(f"{language}_*")
    for line in gzip.decompress(listed.read_bytes()).decode("utf-8-sig").splitlines():
        key, _, text = line.partition(": ")
        path = voice / f"{key.strip()}.g722"
        if not text.strip() or _UNCERTAIN.search(text) or not path.is_file():
            continue
        duration = path.stat().st_size / _BYTES_PER_SECOND
        if duration >= SHORTEST_SECONDS:
            yield Clip(path, duration, language, text.strip())
