import errno
import json
from pathlib import Path

import numpy as np
import pytest

from checkpoint_builder import build_checkpoint, make_tensors
from transcriber.engine.conversion.cache import _describe_cache_failure, ensure_converted
from transcriber.engine.converted import MANIFEST, is_converted
from transcriber.engine.errors import ModelError

SHA = "ab" * 32


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint())
    return path


def test_converts_once(checkpoint: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert not is_converted(SHA, cache)

    first = ensure_converted(checkpoint, SHA, cache)
    before = (first / "model.bin").stat()
    again = ensure_converted(checkpoint, SHA, cache)

    assert first == again == cache / SHA
    assert (again / "model.bin").stat() == before
    assert {file.name for file in first.iterdir()} == {
        "config.json",
        MANIFEST,
        "model.bin",
        "preprocessor_config.json",
        "tokenizer.json",
        "vocabulary.json",
    }


@pytest.mark.parametrize("damaged", ["model.bin", "tokenizer.json", MANIFEST])
def test_a_damaged_conversion_is_made_again(checkpoint: Path, tmp_path: Path, damaged: str) -> None:
    directory = ensure_converted(checkpoint, SHA, tmp_path)
    whole = (directory / damaged).read_bytes()
    (directory / damaged).write_bytes(whole[:-2])
    assert not is_converted(SHA, tmp_path)

    ensure_converted(checkpoint, SHA, tmp_path)

    assert (directory / damaged).read_bytes() == whole


def test_a_conversion_of_another_version_is_made_again(checkpoint: Path, tmp_path: Path) -> None:
    manifest = ensure_converted(checkpoint, SHA, tmp_path) / MANIFEST
    whole = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps(whole | {"version": 0}))

    ensure_converted(checkpoint, SHA, tmp_path)

    assert json.loads(manifest.read_bytes()) == whole


def test_leftovers_of_a_dead_process_are_removed(checkpoint: Path, tmp_path: Path) -> None:
    leftover = tmp_path / f".{SHA}.4194305.partial"
    leftover.mkdir()
    (leftover / "model.bin").write_bytes(b"half")

    directory = ensure_converted(checkpoint, SHA, tmp_path)

    assert not leftover.exists()
    assert (directory / "model.bin").stat().st_size > 4


def test_a_bad_checkpoint_leaves_nothing(tmp_path: Path) -> None:
    path, cache = tmp_path / "bad.pt", tmp_path / "cache"
    path.write_bytes(b"GGUF" + bytes(600))

    with pytest.raises(ModelError) as caught:
        ensure_converted(path, SHA, cache)

    assert caught.value.code == "model_foreign"
    assert str(caught.value).count(str(path)) == 1
    assert [item.name for item in cache.iterdir()] == [f".{SHA}.lock"]


def test_names_the_file_and_tensor_that_float16_cannot_hold(tmp_path: Path) -> None:
    tensors = make_tensors(dtype="float32")
    tensors["decoder.ln.bias"][1] = np.float32(1e30)
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint(tensors=tensors))

    with pytest.raises(ModelError) as caught:
        ensure_converted(path, SHA, tmp_path / "cache")

    assert caught.value.code == "model_malformed"
    assert str(caught.value) == (
        f"{path}: tensor decoder.ln.bias holds values that are not finite float16 numbers."
    )


def test_an_unusable_cache_is_its_own_error(checkpoint: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")

    with pytest.raises(ModelError, match=r"cannot keep the conversion of tiny\.pt") as caught:
        ensure_converted(checkpoint, SHA, blocked / "cache")

    assert caught.value.code == "model_cache_unusable"


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    failure = _describe_cache_failure(tmp_path, Path("base.pt"), OSError(errno.ENOSPC, "No space"))

    assert str(failure) == (
        f"{tmp_path}: cannot keep the conversion of base.pt: No space; "
        "set MODEL_CACHE_DIR to one with room."
    )
