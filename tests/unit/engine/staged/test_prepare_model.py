"""Hostile inputs 101 and 102, and what an operator learns about a staged model."""

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from checkpoint_builder import TINY, build_checkpoint, make_tensors, pickle_call
from transcriber.engine.checksums import read_fingerprint
from transcriber.engine.conversion.cache import ensure_converted
from transcriber.engine.converted import MANIFEST
from transcriber.engine.errors import ModelError
from transcriber.engine.models import (
    OFFICIAL_CHECKSUMS,
    ModelReport,
    find_model,
    prepare_model,
    validate_model,
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    directory = tmp_path / "models"
    directory.mkdir()
    (directory / "base.pt").write_bytes(build_checkpoint())
    return directory


def _validate(models: Path, cache: Path, name: str = "base") -> ModelReport:
    return validate_model(find_model(name, models), cache)


def test_prepares_a_checkpoint(models: Path, tmp_path: Path) -> None:
    prepared = prepare_model("base", models, tmp_path)

    assert prepared.sha256 == hashlib.sha256((models / "base.pt").read_bytes()).hexdigest()
    assert prepared.path == tmp_path / prepared.sha256
    assert (prepared.name, prepared.is_multilingual) == ("base", True)
    assert len(prepared.languages) == 99


def test_uses_the_users_cache_directory(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))

    assert prepare_model("base", models).path.parent == tmp_path / "xdg" / "whisper-transcriber"


@pytest.mark.parametrize(
    ("n_vocab", "n_mels", "languages"), [(51864, 80, 1), (51865, 80, 99), (51866, 128, 100)]
)
def test_reports_the_languages(tmp_path: Path, n_vocab: int, n_mels: int, languages: int) -> None:
    dims = replace(TINY, n_vocab=n_vocab, n_mels=n_mels)
    content = build_checkpoint(dims=dims, tensors=make_tensors(dims))
    (tmp_path / "own.pt").write_bytes(content)

    before = _validate(tmp_path, tmp_path / "cache", "own")
    prepared = prepare_model("own", tmp_path, tmp_path / "cache")
    after = _validate(tmp_path, tmp_path / "cache", "own")

    assert before.languages == len(prepared.languages) == languages
    assert prepared.is_multilingual is (languages > 1)
    assert (before.converted, after.converted) == (False, True)
    assert (before.official, before.problem, before.warning) == (None, None, None)


def test_a_directory_is_taken_as_it_is(models: Path, tmp_path: Path) -> None:
    converted = prepare_model("base", models, tmp_path / "cache").path
    staged = models / "converted"
    converted.rename(staged)
    (staged / MANIFEST).unlink()

    prepared = prepare_model("converted", models, tmp_path / "cache")
    report = _validate(models, tmp_path / "cache", "converted")

    assert prepared.path == staged
    assert len(prepared.languages) == report.languages == 99
    assert report.sha256 == hashlib.sha256((staged / "model.bin").read_bytes()).hexdigest()
    assert report.converted
    assert report.official is None


def test_another_file_under_an_official_name_is_a_warning(models: Path, tmp_path: Path) -> None:
    report = _validate(models, tmp_path)

    assert report.official is False
    assert report.problem is None
    assert report.warning is not None
    assert OFFICIAL_CHECKSUMS["base"] in report.warning
    assert str(report.sha256) in report.warning


def test_a_sidecar_makes_another_checksum_fatal(models: Path, tmp_path: Path) -> None:
    path = models / "base.pt"
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    (models / "base.pt.sha256").write_text(f"{found}  base.pt\n")
    assert prepare_model("base", models, tmp_path).sha256 == found

    content = bytearray(path.read_bytes())
    content[1_000_0] ^= 1
    path.write_bytes(content)
    changed = hashlib.sha256(content).hexdigest()

    with pytest.raises(ModelError) as caught:
        prepare_model("base", models, tmp_path)
    report = _validate(models, tmp_path)

    assert caught.value.code == report.code == "model_checksum"
    expected = f"{path}: expected the SHA-256 {found}, found {changed}."
    assert str(caught.value) == report.problem == expected


def test_an_expected_checksum_is_as_strict(models: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected the SHA-256 0000") as caught:
        prepare_model("base", models, tmp_path, expected_sha256="0" * 64)

    assert caught.value.code == "model_checksum"
    report = validate_model(find_model("base", models), tmp_path, expected_sha256="0" * 64)
    assert report.code == "model_checksum"


def test_a_pickle_bomb_is_refused_and_not_executed(models: Path, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    attack = pickle_call(os.system, f"touch {marker}")
    (models / "base.pt").write_bytes(build_checkpoint(data_pkl=attack))

    with pytest.raises(ModelError) as caught:
        prepare_model("base", models, tmp_path / "cache")
    report = _validate(models, tmp_path / "cache")

    assert caught.value.code == report.code == "model_unsafe"
    assert report.problem is not None
    assert "posix.system" in report.problem
    assert report.languages == 0
    assert not marker.exists()


def test_a_named_pipe_does_not_stop_the_service(models: Path, tmp_path: Path) -> None:
    os.mkfifo(models / "pipe.pt")

    assert _validate(models, tmp_path, "pipe").code == "model_unreadable"


@pytest.mark.parametrize(
    ("name", "content", "code", "expected"),
    [
        ("tokenizer.json", None, "model_malformed", "tokenizer.json: expected a file, found none"),
        ("config.json", b"{", "model_malformed", "config.json: expected JSON"),
        ("config.json", b"[" * 99_999, "model_malformed", "config.json: expected JSON"),
        ("vocabulary.json", None, "model_malformed", "vocabulary.json or vocabulary.txt"),
        ("vocabulary.json", b"5", "model_malformed", "expected a list of tokens, found 5."),
        ("vocabulary.json", b'["a", 5]', "model_malformed", "list of tokens, found 5 in it."),
        ("model.bin", b"", "model_foreign", "begins with nothing"),
        ("model.bin", b"GGUF1234", "model_foreign", "expected a CTranslate2 Whisper model"),
        ("model.bin", b"\7\0\0\0\x0c\0WhisperSpec\0", "model_malformed", "6 or older, found 7"),
        (
            "model.bin",
            b"\6\0\0\0\x0c\0WhisperSpec\0\3\0\0\0\xff\xff\xff\xff",
            "model_malformed",
            "expected at most 20,000 variables, found 4,294,967,295",
        ),
    ],
)
def test_names_what_a_directory_lacks(
    models: Path, tmp_path: Path, *, name: str, content: bytes | None, code: str, expected: str
) -> None:
    staged = models / "own"
    prepare_model("base", models, tmp_path / "cache").path.rename(staged)
    (staged / name).unlink()
    if content is not None:
        (staged / name).write_bytes(content)

    report = _validate(models, tmp_path / "cache", "own")

    assert report.code == code
    assert report.problem is not None
    assert expected in report.problem


@pytest.mark.parametrize("share", [0.0001, 0.3, 0.9, 0.999_999])
def test_notices_weights_that_end_early(models: Path, tmp_path: Path, share: float) -> None:
    staged = models / "own"
    prepare_model("base", models, tmp_path / "cache").path.rename(staged)
    weights = (staged / "model.bin").read_bytes()
    cut = int(len(weights) * share)
    (staged / "model.bin").write_bytes(weights[:cut])

    report = _validate(models, tmp_path / "cache", "own")

    assert report.code == "model_truncated"
    assert report.problem == (
        f"{staged / 'model.bin'}: the weights do not end within its {cut:,} bytes, "
        "so the file is incomplete."
    )


def test_nothing_converted_is_kept_of_a_file_that_changes_meanwhile(
    models: Path, tmp_path: Path
) -> None:
    path = models / "base.pt"
    before = read_fingerprint(path)
    path.write_bytes(build_checkpoint())
    os.utime(path, (1, 1))

    with pytest.raises(ModelError, match="changed while it was read"):
        ensure_converted(path, "ab" * 32, tmp_path / "cache", fingerprint=before)

    assert [each.name for each in (tmp_path / "cache").iterdir()] == [f".{'ab' * 32}.lock"]


def test_reads_a_vocabulary_in_lines(models: Path, tmp_path: Path) -> None:
    staged = models / "own"
    prepare_model("base", models, tmp_path / "cache").path.rename(staged)
    (staged / "vocabulary.json").unlink()
    (staged / "vocabulary.txt").write_text("token\n" * 51_864)

    assert prepare_model("own", models, tmp_path / "cache").languages == ("en",)
