from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.engine.errors import ModelError
from transcriber.jobs.engines import LoadedEngines


def build_engines(tmp_path: Path) -> LoadedEngines:
    return LoadedEngines(build_settings(tmp_path))


def test_a_missing_directory_and_a_missing_model_are_problems(tmp_path: Path) -> None:
    engines = build_engines(tmp_path)
    problem = engines.find_problem("base")
    assert problem is not None
    assert problem.code == "models_dir_missing"
    (tmp_path / "models").mkdir()
    problem = engines.find_problem("base")
    assert problem is not None
    assert problem.code == "model_missing"


def test_a_damaged_model_is_tried_once_until_its_file_changes(tmp_path: Path) -> None:
    engines = build_engines(tmp_path)
    (tmp_path / "models").mkdir()
    checkpoint = tmp_path / "models" / "base.pt"
    checkpoint.write_bytes(b"no checkpoint")
    assert engines.find_problem("base") is None
    with pytest.raises(ModelError) as caught:
        engines.load("base")
    assert engines.find_problem("base") is caught.value
    checkpoint.write_bytes(b"another file, of another size")
    assert engines.find_problem("base") is None


def test_a_mended_sidecar_is_as_good_as_a_mended_file(tmp_path: Path) -> None:
    engines = build_engines(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "base.pt").write_bytes(b"no checkpoint")
    sidecar = tmp_path / "models" / "base.pt.sha256"
    sidecar.write_text("0" * 64)
    with pytest.raises(ModelError) as caught:
        engines.load("base")
    assert caught.value.code == "model_checksum"
    assert engines.find_problem("base") is caught.value
    sidecar.unlink()
    assert engines.find_problem("base") is None


def test_a_failure_is_not_believed_for_ever(tmp_path: Path) -> None:
    engines = LoadedEngines(build_settings(tmp_path), failure_seconds=0)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "base.pt").write_bytes(b"no checkpoint")
    with pytest.raises(ModelError):
        engines.load("base")
    assert engines.find_problem("base") is None


def test_the_checksum_is_the_files(tmp_path: Path) -> None:
    engines = build_engines(tmp_path)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "base.pt").write_bytes(b"abc")
    # SHA-256 of "abc", FIPS 180-2, appendix B.1.
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert engines.find_checksum("base") == expected
