"""Examine a CTranslate2 directory that an operator staged as it is."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from transcriber.engine.checkpoint.dimensions import (
    LARGE_V3_VOCABULARY,
    MULTILINGUAL_VOCABULARY,
)
from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote
from transcriber.engine.weights_file import check_weights

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
        check_weights(directory / "model.bin")
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


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path}: expected JSON, found {quote(str(error))}.") from error


def _count_vocabulary(directory: Path) -> int:
    for name in VOCABULARY_FILES:
        path = directory / name
        if path.is_file():
            return _count_listed(path) if path.suffix == ".json" else _count_lines(path)
    raise ModelError(f"{directory}: expected {' or '.join(VOCABULARY_FILES)}, found neither.")


def _count_listed(path: Path) -> int:
    tokens = _read_json(path)
    if not isinstance(tokens, list):
        raise ModelError(f"{path}: expected a list of tokens, found {quote(tokens)}.")
    listed = cast("list[object]", tokens)
    other = next((token for token in listed if not isinstance(token, str)), None)
    if other is not None:
        raise ModelError(f"{path}: expected a list of tokens, found {quote(other)} in it.")
    return len(listed)


def _count_lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")
