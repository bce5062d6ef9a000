"""Every layout of checkpoint becomes a directory that the decoder loads, without PyTorch."""

import importlib.util
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel

from checkpoint_builder import TINY, build_checkpoint, make_tensors
from staging.ctranslate2_file import read_variables
from staging.openai_layout import build_dims, build_state_dict
from transcriber.engine.models import prepare_model


@pytest.mark.parametrize(
    ("n_vocab", "n_mels", "is_multilingual"), [(51864, 80, 0), (51865, 80, 1), (51866, 128, 1)]
)
def test_every_layout_loads(
    tmp_path: Path, n_vocab: int, n_mels: int, is_multilingual: int
) -> None:
    dims = replace(TINY, n_vocab=n_vocab, n_mels=n_mels)
    content = build_checkpoint(dims=dims, tensors=make_tensors(dims))
    (tmp_path / "own.pt").write_bytes(content)

    path = prepare_model("own", tmp_path, tmp_path / "cache").path
    model = WhisperModel(str(path), device="cpu", compute_type="float32", local_files_only=True)

    assert model.model.is_multilingual == bool(is_multilingual)
    assert model.model.n_mels == n_mels == model.feature_extractor.mel_filters.shape[0]
    assert len(model.hf_tokenizer.get_vocab()) >= 50_363


def test_staging_undoes_the_conversion(tmp_path: Path) -> None:
    tensors = make_tensors()
    (tmp_path / "own.pt").write_bytes(build_checkpoint(tensors=tensors))

    path = prepare_model("own", tmp_path, tmp_path / "cache").path
    variables = read_variables(path / "model.bin")
    restored = build_state_dict(variables)

    assert build_dims(variables) == {name: getattr(TINY, name) for name in build_dims(variables)}
    assert list(restored) == list(tensors)
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(restored[name], tensor)


def test_pytorch_is_neither_installed_nor_imported() -> None:
    code = (
        "import sys, transcriber.engine.models; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'pickle5')))"
    )

    finished = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)

    assert finished.returncode == 0, finished.stderr
    assert importlib.util.find_spec("torch") is None
