from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.engine.errors import ModelError
from transcriber.jobs.engines import LoadedEngines


@pytest.mark.weights
def test_a_loaded_model_is_dropped_when_its_files_turn_wrong(
    tmp_path: Path, models_dir: Path, model_cache_dir: Path
) -> None:
    staged = tmp_path / "models"
    staged.mkdir()
    (staged / "base.pt").symlink_to(models_dir / "base.pt")
    engines = LoadedEngines(build_settings(tmp_path, model_cache_dir=model_cache_dir))
    engine = engines.load("base")
    assert engines.load("base") is engine
    (staged / "base.pt.sha256").write_text("0" * 64)
    with pytest.raises(ModelError) as caught:
        engines.load("base")
    assert caught.value.code == "model_checksum"
    (staged / "base.pt.sha256").unlink()
    assert engines.find_problem("base") is None
    assert engines.load("base") is not engine
