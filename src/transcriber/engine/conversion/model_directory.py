"""Write a CTranslate2 model directory as faster-whisper reads it."""

import json
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from transcriber.engine.checkpoint import Checkpoint
from transcriber.engine.conversion.alignment import list_alignment_heads
from transcriber.engine.conversion.suppression import (
    find_id,
    list_suppressed,
    list_suppressed_at_start,
)
from transcriber.engine.conversion.tokenizer_file import build_tokenizer
from transcriber.engine.conversion.vocabulary import list_vocabulary
from transcriber.engine.conversion.weights import build_spec
from transcriber.engine.languages import LANGUAGE_CODES


def write_model_directory(checkpoint: Checkpoint, directory: Path, sha256: str) -> None:
    """Write the weights, configuration, vocabulary, tokenizer and feature description.

    Args:
        checkpoint: The model.
        directory: An existing, empty directory.
        sha256: The checkpoint's checksum, by which an official file's alignment heads are known.

    Raises:
        ModelError: A weight does not fit float16.
    """
    dims, description = checkpoint.dims, build_tokenizer(checkpoint.dims)
    _write_json(directory / "tokenizer.json", description)
    _write_json(directory / "preprocessor_config.json", describe_features(dims.n_mels))
    tokenizer = Tokenizer.from_str(json.dumps(description))
    languages = LANGUAGE_CODES[: dims.language_count]
    spec = build_spec(checkpoint)
    spec.config.alignment_heads = list_alignment_heads(dims, sha256)
    spec.config.lang_ids = [find_id(tokenizer, f"<|{code}|>") for code in languages]
    spec.config.suppress_ids = list_suppressed(tokenizer)
    spec.config.suppress_ids_begin = list_suppressed_at_start(tokenizer)
    spec.register_vocabulary(list_vocabulary(dims))
    spec.validate()
    spec.optimize(quantization="float16")
    spec.save(str(directory))


def describe_features(n_mels: int) -> dict[str, Any]:
    """Describe the log-mel features by the constants of OpenAI's `whisper/audio.py`.

    Args:
        n_mels: Mel bands: 80, or 128 from large-v3 on.

    Returns:
        The content of `preprocessor_config.json`; lengths are in samples at 16 kHz and seconds.
    """
    return {
        "chunk_length": 30,
        "feature_extractor_type": "WhisperFeatureExtractor",
        "feature_size": n_mels,
        "hop_length": 160,
        "n_fft": 400,
        "n_samples": 480_000,
        "nb_max_frames": 3000,
        "padding_side": "right",
        "padding_value": 0.0,
        "sampling_rate": 16_000,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
