"""Staged models: list, find, validate and prepare them for decoding.  Nothing is downloaded."""

import os
from dataclasses import dataclass
from pathlib import Path

from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.checksums import (
    compute_checksum,
    read_fingerprint,
    read_sidecar,
)
from transcriber.engine.compute_types import check_threads, choose_compute_type, choose_device
from transcriber.engine.conversion.cache import ensure_converted
from transcriber.engine.converted import is_converted
from transcriber.engine.errors import ModelError
from transcriber.engine.languages import LANGUAGE_CODES
from transcriber.engine.model_directories import examine_directory
from transcriber.engine.model_reports import ModelReport
from transcriber.engine.official import OFFICIAL_CHECKSUMS
from transcriber.engine.staged_models import StagedModel, find_model, list_models

__all__ = [
    "OFFICIAL_CHECKSUMS",
    "ModelReport",
    "PreparedModel",
    "StagedModel",
    "check_threads",
    "choose_compute_type",
    "choose_device",
    "find_model",
    "list_models",
    "prepare_model",
    "validate_model",
]


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """A model that can be loaded.

    Attributes:
        name: The staged model's name.
        path: A complete CTranslate2 directory.
        sha256: Of the checkpoint, or of the directory's `model.bin`.
        is_multilingual: Whether it knows languages other than English.
        languages: Whisper codes it transcribes, in token order.
    """

    name: str
    path: Path
    sha256: str
    is_multilingual: bool
    languages: tuple[str, ...]


def validate_model(
    staged: StagedModel, cache_dir: Path, *, expected_sha256: str | None = None
) -> ModelReport:
    """Examine a staged model completely, without converting it.

    Args:
        staged: The model, from `list_models` or `find_model`.
        cache_dir: Where checksums and conversions are kept.
        expected_sha256: Makes any other checksum a problem, as a sidecar file does.

    Returns:
        The report; problems are in it, not raised.
    """
    sha256, official, warning = None, None, None
    try:
        sha256 = _verify_checksum(staged, cache_dir, expected_sha256)
        official, warning = _compare_official(staged, sha256)
        languages = len(_read_languages(staged))
    except ModelError as error:
        return ModelReport(
            staged.name,
            staged.path,
            staged.size_bytes,
            sha256=sha256,
            official=official,
            warning=warning,
            problem=str(error),
            code=error.code,
        )
    converted = staged.kind == "ctranslate2" or is_converted(sha256, cache_dir)
    return ModelReport(
        staged.name,
        staged.path,
        staged.size_bytes,
        sha256=sha256,
        official=official,
        converted=converted,
        languages=languages,
        warning=warning,
    )


def prepare_model(
    name: str,
    models_dir: Path,
    cache_dir: Path | None = None,
    *,
    expected_sha256: str | None = None,
) -> PreparedModel:
    """Find a staged model, verify it, and convert it if no process has yet.

    Args:
        name: The model's name.
        models_dir: Where models are staged.
        cache_dir: Where checksums and conversions are kept; by default `whisper-transcriber` in
            the user's cache directory.
        expected_sha256: Makes any other checksum an error, as a sidecar file does.

    Returns:
        The model, ready to be loaded.

    Raises:
        ModelError: It is missing or unusable; the message names the file, what was expected and
            what was found.
    """
    staged = find_model(name, models_dir)
    cache_dir = cache_dir or _find_user_cache()
    # Taken first, so that what is converted is what the checksum was computed of.
    fingerprint = read_fingerprint(staged.path) if staged.kind == "checkpoint" else None
    sha256 = _verify_checksum(staged, cache_dir, expected_sha256)
    if fingerprint is None:
        path = staged.path
    else:
        path = ensure_converted(staged.path, sha256, cache_dir, fingerprint=fingerprint)
    languages = _list_languages(path)
    return PreparedModel(staged.name, path, sha256, len(languages) > 1, languages)


def _find_user_cache() -> Path:
    # The XDG base directory specification.
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "whisper-transcriber"


def _verify_checksum(staged: StagedModel, cache_dir: Path, expected: str | None) -> str:
    path = staged.weights
    found = compute_checksum(path, cache_dir)
    for wanted in (expected, read_sidecar(path)):
        if wanted is not None and wanted.lower() != found:
            raise ModelError(
                f"{path}: expected the SHA-256 {wanted.lower()}, found {found}.",
                code="model_checksum",
            )
    return found


def _compare_official(staged: StagedModel, sha256: str) -> tuple[bool | None, str | None]:
    expected = OFFICIAL_CHECKSUMS.get(staged.name)
    if expected is None or staged.kind == "ctranslate2":
        return None, None
    if sha256 == expected:
        return True, None
    return False, (
        f"{staged.path} is not OpenAI's file of that name: expected the SHA-256 {expected}, "
        f"found {sha256}."
    )


def _read_languages(staged: StagedModel) -> tuple[str, ...]:
    if staged.kind == "ctranslate2":
        return _list_languages(staged.path)
    dims = read_checkpoint(staged.path).dims
    return LANGUAGE_CODES[: dims.language_count] if dims.is_multilingual else ("en",)


def _list_languages(directory: Path) -> tuple[str, ...]:
    found = examine_directory(directory)
    return LANGUAGE_CODES[: found.language_count] if found.is_multilingual else ("en",)
