import os
import struct
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from checkpoint_builder import (
    TINY,
    build_checkpoint,
    build_common_zip,
    build_zip,
    make_tensors,
)
from staging.torch_pickle import write_pickle
from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.errors import ModelError


def _refuse(tmp_path: Path, content: bytes) -> tuple[str, str]:
    path = tmp_path / "model.pt"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_checkpoint(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.endswith(".")
    assert len(message) < 600
    return caught.value.code, message


FOREIGN = {
    "gguf": (b"GGUF\3\0\0\0" + bytes(600), "a GGUF file"),
    "ggml": (b"lmgg" + bytes(600), "whisper.cpp"),
    "legacy torch": (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + bytes(600), "before 1.6"),
    "bare pickle": (b"\x80\x04}." + bytes(600), "a bare pickle"),
    "tar": (b"a" * 257 + b"ustar\0" + bytes(600), "a tar archive"),
    "safetensors": (struct.pack("<Q", 60) + b'{"a":{}}' + bytes(90), "a safetensors file"),
    "html": (b"\n<!DOCTYPE html><html>Not found</html>", "a web page"),
    "json": (b' {"error": "no such file"}', "JSON"),
    "ctranslate2": (b"\6\0\0\0\x0c\0WhisperSpec\0" + bytes(90), "CTranslate2 model.bin"),
    "git lfs": (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    "gzip": (b"\x1f\x8b" + bytes(90), "a gzip archive"),
    "noise": (b"\xff\xfe\xfd", "begins with ff fe fd"),
}


@pytest.mark.parametrize(("content", "expected"), FOREIGN.values(), ids=FOREIGN)
def test_names_what_a_foreign_file_is(tmp_path: Path, content: bytes, expected: str) -> None:
    code, message = _refuse(tmp_path, content)

    assert code == "model_foreign"
    assert expected in message
    assert "expected a Whisper checkpoint" in message


def test_refuses_a_zip_of_another_program(tmp_path: Path) -> None:
    content = build_common_zip({"word/document.xml": b"<w/>"}, compression=zipfile.ZIP_DEFLATED)
    code, message = _refuse(tmp_path, content)
    assert (code, "compressed or encrypted" in message) == ("model_malformed", True)

    content = build_common_zip({"word/document.xml": b"<w/>"}, compression=zipfile.ZIP_STORED)
    code, message = _refuse(tmp_path, content)
    assert (code, "no data.pkl" in message) == ("model_foreign", True)


def test_refuses_a_checkpoint_of_another_model(tmp_path: Path) -> None:
    tensors = {"model.encoder.conv1.weight": np.zeros(3, np.float16)}
    pickled = write_pickle({"n": 1}, tensors).replace(b"\x04\0\0\0dims", b"\x04\0\0\0args")

    code, message = _refuse(tmp_path, build_checkpoint(data_pkl=pickled, tensors=tensors))

    assert code == "model_foreign"
    assert "the keys 'args', 'model_state_dict', expected dims and model_state_dict" in message


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999999])
def test_refuses_a_truncated_file(tmp_path: Path, share: float) -> None:
    whole = build_checkpoint()

    code, _ = _refuse(tmp_path, whole[: int(len(whole) * share)] if share else b"")

    assert code == "model_truncated"


def test_refuses_an_altered_tensor(tmp_path: Path) -> None:
    content = bytearray(build_checkpoint())
    at = content.index(make_tensors()["encoder.conv2.weight"].tobytes())
    content[at + 5] ^= 1

    code, message = _refuse(tmp_path, bytes(content))

    assert code == "model_malformed"
    assert "tensor encoder.conv2.weight: member 'archive/data/" in message
    assert "CRC-32 should be" in message


@pytest.mark.parametrize(
    ("dims", "expected"),
    [
        ({**asdict(TINY), "n_mels": 81}, "dims.n_mels is 81, expected 80 or 128"),
        ({**asdict(TINY), "n_vocab": 50257}, "dims.n_vocab is 50257, expected 51864 or 51865"),
        ({**asdict(TINY), "n_text_state": 8}, "dims.n_text_state is 8, expected"),
        ({**asdict(TINY), "n_audio_head": 3}, "dims.n_audio_head is 3, expected a divisor of 4"),
        ({**asdict(TINY), "n_text_layer": 1 << 30}, "dims.n_text_layer is 1073741824, expected 1"),
        ({**asdict(TINY), "n_layers": 2}, "'n_layers' is unexpected in dims"),
        ({"n_mels": 80}, "'n_audio_ctx' is missing from dims"),
    ],
)
def test_refuses_wrong_dims(tmp_path: Path, dims: dict[str, Any], expected: str) -> None:
    code, message = _refuse(tmp_path, build_checkpoint(dims=dims))

    assert code == "model_malformed"
    assert expected in message


def test_names_an_unexpected_tensor(tmp_path: Path) -> None:
    tensors = make_tensors() | {"lora.a": np.zeros(2, np.float16), "b": np.zeros(2, np.float16)}

    code, message = _refuse(tmp_path, build_checkpoint(tensors=tensors))

    assert code == "model_malformed"
    assert "unexpected tensor 'lora.a' and 1 more" in message


def test_names_a_missing_tensor(tmp_path: Path) -> None:
    tensors = make_tensors()
    del tensors["decoder.ln.bias"]

    _, message = _refuse(tmp_path, build_checkpoint(tensors=tensors))

    assert "lacks tensor 'decoder.ln.bias'" in message


def test_names_a_tensor_of_another_shape(tmp_path: Path) -> None:
    tensors = make_tensors() | {"decoder.ln.bias": np.zeros((2, 2), np.float16)}

    _, message = _refuse(tmp_path, build_checkpoint(tensors=tensors))

    assert "tensor decoder.ln.bias has the shape 2, 2, expected the shape 4" in message


def test_refuses_a_missing_or_short_storage(tmp_path: Path) -> None:
    _, message = _refuse(tmp_path, build_checkpoint(without="data/0"))
    assert "its storage 'archive/data/0' is missing" in message

    _, message = _refuse(tmp_path, build_checkpoint(members={"data/0": b"12"}))
    assert "has 2 bytes, expected 12,000" in message


def test_refuses_big_endian_numbers(tmp_path: Path) -> None:
    code, message = _refuse(tmp_path, build_checkpoint(members={"byteorder": b"big"}))

    assert code == "model_malformed"
    assert "byte order is b'big', expected little" in message


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    for make in (lambda path: path.mkdir(), os.mkfifo):
        path = tmp_path / f"{make}.pt"
        make(path)
        with pytest.raises(ModelError) as caught:
            read_checkpoint(path)
        assert caught.value.code == "model_unreadable"


def test_says_that_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file or directory") as caught:
        read_checkpoint(tmp_path / "gone.pt")

    assert caught.value.code == "model_unreadable"


def test_refuses_members_of_one_name(tmp_path: Path) -> None:
    content = build_checkpoint(members={"data/x": b"1", "data/y": b"2"})

    code, message = _refuse(tmp_path, content.replace(b"archive/data/y", b"archive/data/x"))

    assert code == "model_malformed"
    assert "member 'archive/data/x' occurs twice" in message


def test_refuses_overlapping_members(tmp_path: Path) -> None:
    # Two directory entries that point at one local header, as in a zip bomb.
    content = bytearray(build_zip({"archive/a": b"1" * 99, "archive/b": b"2" * 99}))
    entry = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, entry + 42, 0)

    code, message = _refuse(tmp_path, bytes(content))

    assert code == "model_malformed"
    assert "overlaps its neighbour" in message


@pytest.mark.parametrize(
    ("offset", "code", "value", "expected"),
    [
        (32, "Q", 1 << 40, "claims 1,099,511,627,776 members"),
        (40, "Q", 1 << 62, "bytes; the limits are"),
        (48, "Q", 1 << 62, "lies outside the file"),
        (48, "Q", 8, "its zip directory is damaged"),
    ],
)
def test_refuses_a_directory_that_claims_too_much(
    tmp_path: Path, offset: int, code: str, value: int, expected: str
) -> None:
    content = bytearray(build_checkpoint())
    struct.pack_into(f"<{code}", content, content.rindex(b"PK\x06\x06") + offset, value)

    _, message = _refuse(tmp_path, bytes(content))

    assert expected in message


@pytest.mark.parametrize(
    ("offset", "code", "value", "expected"),
    [
        (8, "H", 1, "compressed or encrypted"),
        (10, "H", 8, "compressed or encrypted"),
        (20, "I", 5, "bytes stored as"),
        (42, "I", 7, "is not where the zip directory says"),
        (28, "H", 0xFFFF, "its zip directory is damaged"),
        (0, "I", 0, "its zip directory is damaged"),
    ],
)
def test_refuses_a_damaged_directory_entry(
    tmp_path: Path, offset: int, code: str, value: int, expected: str
) -> None:
    content = bytearray(build_checkpoint())
    struct.pack_into(f"<{code}", content, content.index(b"PK\x01\x02") + offset, value)

    _, message = _refuse(tmp_path, bytes(content))

    assert expected in message


def test_refuses_a_member_past_the_directory(tmp_path: Path) -> None:
    content = bytearray(build_checkpoint())
    entry = content.index(b"PK\x01\x02")
    struct.pack_into("<2I", content, entry + 20, 1 << 30, 1 << 30)

    code, message = _refuse(tmp_path, bytes(content))

    assert code == "model_truncated"
    assert "past the zip directory" in message


def test_reads_sizes_from_the_zip64_field(tmp_path: Path) -> None:
    # A member of 4 GiB or more keeps its size and position in the extra field with the tag 1.
    plain = build_zip({"archive/data.pkl": b"}."})
    entry = plain.index(b"PK\x01\x02")
    name_end = entry + 46 + len("archive/data.pkl")
    header = bytearray(plain[entry:name_end])
    struct.pack_into("<2I", header, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", header, 30, 20)
    extra = struct.pack("<2H2Q", 1, 16, 2, 2)
    end = bytearray(plain[name_end:])
    struct.pack_into("<2Q", end, 40, len(header) + len(extra), entry)
    struct.pack_into("<Q", end, 56 + 8, entry + len(header) + len(extra))

    code, message = _refuse(tmp_path, plain[:entry] + bytes(header) + extra + bytes(end))

    # The pickle was found and read; it is only empty.
    assert code == "model_foreign"
    assert "it holds no keys, expected dims and model_state_dict" in message


def test_refuses_float16_overflow_only_at_conversion(tmp_path: Path) -> None:
    tensors = make_tensors(dtype="float32")
    tensors["decoder.ln.bias"][0] = 1e30
    path = tmp_path / "model.pt"
    path.write_bytes(build_checkpoint(tensors=tensors))

    assert read_checkpoint(path).tensors["decoder.ln.bias"][0] == np.float32(1e30)
