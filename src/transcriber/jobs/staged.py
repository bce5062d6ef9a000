"""Which models a request may name."""

from typing import Any

from transcriber.engine.errors import ModelError
from transcriber.engine.languages import LANGUAGE_CODES
from transcriber.engine.staged_models import StagedModel, find_model, list_models
from transcriber.infra.errors import InvalidError
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import examine_model


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
    return [model.name for model in _list_staged(settings)]


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


def describe_models(settings: Settings) -> list[dict[str, Any]]:
    """Each staged model as the API shows it, the damaged ones with their problem."""
    return [_describe(model, settings) for model in _list_staged(settings)]


def _describe(model: StagedModel, settings: Settings) -> dict[str, Any]:
    report = examine_model(model, settings.resolved_model_cache_dir)
    return {
        "name": model.name,
        "kind": model.kind,
        "size_bytes": model.size_bytes,
        "is_multilingual": report.languages > 1,
        "is_default": model.name == settings.default_model,
        "languages": list(LANGUAGE_CODES[: report.languages]),
        "problem": report.problem,
    }


def _list_staged(settings: Settings) -> list[StagedModel]:
    try:
        return list_models(settings.models_dir)
    except ModelError:
        # A missing directory stages nothing; readiness and `doctor` say so in full.
        return []
