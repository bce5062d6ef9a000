"""Which models a request may name."""

from transcriber.engine.errors import ModelError
from transcriber.engine.languages import LANGUAGE_CODES
from transcriber.engine.staged_models import find_model, list_models
from transcriber.infra.errors import InvalidError
from transcriber.infra.settings import Settings


def choose_model(settings: Settings, requested: str | None) -> str:
    """The name of the model a job will use.

    The default is taken as it is: a service whose default model is not staged yet queues jobs
    and says what they wait for.

    Raises:
        InvalidError: `unknown_model`, naming what is staged.
    """
    if requested is None or requested == settings.default_model:
        return settings.default_model
    try:
        return find_model(requested, settings.models_dir).name
    except ModelError as error:
        staged = list_staged_names(settings)
        raise InvalidError(
            f"The model {requested!r} is not staged; staged are: {', '.join(staged) or 'none'}.",
            code="unknown_model",
            extra={"models": staged},
        ) from error


def list_staged_names(settings: Settings) -> list[str]:
    """Names of what is staged; empty when the directory is missing."""
    try:
        return [model.name for model in list_models(settings.models_dir)]
    except ModelError:
        # A missing directory stages nothing; readiness and `doctor` say so in full.
        return []


def check_language(language: str | None) -> str | None:
    """A Whisper code, or None for detection, which `auto` also asks for.

    Raises:
        InvalidError: `unknown_language`.
    """
    if language is None or language == "auto":
        return None
    if language not in LANGUAGE_CODES:
        raise InvalidError(
            f"The language {language!r} is not a Whisper language code such as en.",
            code="unknown_language",
        )
    return language
