"""Whether the default model can be used, found out beside the heartbeats."""

from transcriber.engine.errors import ModelError
from transcriber.engine.models import validate_model
from transcriber.engine.staged_models import find_model
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import Validate, examine_model

EXAMINING = "The default model is being examined."


class ModelWatch:
    """Examines the default model again and again, which is cheap while its files are the same.

    A large one is read for longer than a worker may be silent, so heartbeats never wait for it.

    Args:
        settings: Which model, and where it is.
        validate: How it is examined.

    Attributes:
        problem: Why it cannot be used, in one sentence, as the last look found it; None where it
            can.
    """

    def __init__(self, settings: Settings, validate: Validate = validate_model) -> None:
        self.problem: str | None = EXAMINING
        self._settings = settings
        self._validate = validate

    def look(self) -> bool:
        """Examine it; tells whether the outcome is another than before."""
        before, self.problem = self.problem, self._find_problem()
        return self.problem != before

    def _find_problem(self) -> str | None:
        settings = self._settings
        try:
            staged = find_model(settings.default_model, settings.models_dir)
            cache_dir = settings.resolved_model_cache_dir
            return examine_model(staged, cache_dir, self._validate).problem
        except ModelError as error:
            return str(error)
