"""Examine a CTranslate2 directory that an operator staged as it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcriber.engine.checkpoint.dimensions import (
    LARGE_V3_VOCABULARY,
    MULTILINGUAL_VOCABULARY,
)
from transcriber.engine.checkpoint.quoting import quote
from transcriber.engine.errors import ModelError

# The binary version (a little-endian 6 or older), then the specification's length and name.
SPECIFICATION = b"\x0c\x00WhisperSpec\x00"
NEWEST_BINARY_VERSION = 6
REQUIRED_FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARY_FILES = ("vocabulary.json", "vocabulary.txt")
ENGLISH_LANGUAGES = 1


@dataclass(frozen=True, slots=True)
class ModelDirectory:
    """What a CTranslate2 directory says about its model."""

    is_multilingual: bool
    language_count: int


def examine_directory(directory: Path) -> ModelDirectory:
    """Check that a directory is a complete Whisper model for CTranslate2.

    A missing `tokenizer.json` matters: faster-whisper would try to download one.

    Args:
        directory: The model's directory.

    Returns:
        Whether it is multilingual, and for how many languages.

    Raises:
        ModelError: Naming the file, what was expected and what was found.
    """
    try:
        for name in REQUIRED_FILES:
            if not (directory / name).is_file():
                raise ModelError(f"{directory / name}: expected a file, found none.")
        _check_weights(directory / "model.bin")
        for name in ("config.json", "tokenizer.json"):
            _read_json(directory / name)
        size = _count_vocabulary(directory)
    except OSError as error:
        raise ModelError(
            f"{directory}: cannot be read: {error.strerror}.", code="model_unreadable"
        ) from error
    is_multilingual = size >= MULTILINGUAL_VOCABULARY
    # Vocabularies grow by one token for each language beyond the first 99.
    extra = size - MULTILINGUAL_VOCABULARY if size <= LARGE_V3_VOCABULARY else 1
    return ModelDirectory(is_multilingual, 99 + extra if is_multilingual else ENGLISH_LANGUAGES)


def _check_weights(path: Path) -> None:
    with path.open("rb") as stream:
        head = stream.read(4 + len(SPECIFICATION))
    if head[4:] != SPECIFICATION:
        raise ModelError(
            f"{path}: expected a CTranslate2 Whisper model, found a file that begins with "
            f"{head[:8].hex(' ') or 'nothing'}.",
            code="model_foreign",
        )
    version = int.from_bytes(head[:4], "little")
    if version > NEWEST_BINARY_VERSION:
        raise ModelError(
            f"{path}: expected binary version {NEWEST_BINARY_VERSION} or older, found {version}."
        )


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected JSON, found {quote(str(error))}.") from error


def _count_vocabulary(directory: Path) -> int:
    for name in VOCABULARY_FILES:
        path = directory / name
        if path.is_file():
            is_json = path.suffix == ".json"
            return len(_read_json(path)) if is_json else path.read_bytes().count(b"\n")
    raise ModelError(f"{directory}: expected {' or '.join(VOCABULARY_FILES)}, found neither.")
