from pathlib import Path

from service_context import build_settings
from transcriber.engine.model_reports import ModelReport
from transcriber.engine.staged_models import StagedModel
from transcriber.jobs.model_watch import EXAMINING, ModelWatch

DAMAGED = "The model is damaged."


class Examiner:
    def __init__(self) -> None:
        self.problem: str | None = None

    def validate(self, staged: StagedModel, cache_dir: Path) -> ModelReport:
        return ModelReport(staged.name, staged.path, staged.size_bytes, problem=self.problem)


def test_what_changed_is_told_once(tmp_path: Path) -> None:
    settings = build_settings(tmp_path)
    examiner = Examiner()
    watch = ModelWatch(settings, examiner.validate)
    assert watch.problem == EXAMINING
    assert watch.look()
    assert watch.problem is not None
    assert "does not exist" in watch.problem
    settings.models_dir.mkdir()
    (settings.models_dir / "base.pt").write_bytes(b"weights")
    assert (watch.look(), watch.problem) == (True, None)
    assert (watch.look(), watch.problem) == (False, None)
    examiner.problem = DAMAGED
    (settings.models_dir / "base.pt").write_bytes(b"other bytes")
    assert (watch.look(), watch.problem) == (True, DAMAGED)
