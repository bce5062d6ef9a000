"""What validation finds out about each staged model, on this machine."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transcriber.admin.system.bounded_checks import NO_ANSWER, Outcome
from transcriber.admin.system.schemas import (
    ChecksumState,
    ModelHealth,
    ModelRefusal,
    WorkerHealth,
)
from transcriber.engine.converted import is_converted
from transcriber.engine.errors import ModelError
from transcriber.engine.model_reports import ModelReport
from transcriber.engine.staged_models import StagedModel, list_models
from transcriber.infra.settings import Settings
from transcriber.jobs.examined_models import (
    examine_model,
    find_examined_at,
    forget_examinations,
)
from transcriber.jobs.model_validations import HeededValidations, ModelValidation

CHECKSUMS: Mapping[bool | None, ChecksumState] = {
    True: "official",
    False: "differs",
    None: "unknown",
}
UNREADABLE = "model_unreadable"
EXAMINING = "It is being examined; ask again."


def heed_validation(
    heeded: HeededValidations, newest: ModelValidation | None, settings: Settings
) -> None:
    """Have this process read the models anew with the next look, where that was asked for."""
    if not heeded.is_new(newest):
        return
    try:
        staged = list_models(settings.models_dir)
    except ModelError:
        # There is nothing that could have been examined.
        staged = []
    forget_examinations(staged, settings.resolved_model_cache_dir)
    heeded.heed(newest)


def list_examinations(
    staged: Sequence[StagedModel], settings: Settings
) -> dict[str, Callable[[], Any]]:
    """A check for each model: a large one is read for longer than an answer may take."""

    def examine(model: StagedModel) -> ModelReport:
        return examine_model(model, settings.resolved_model_cache_dir)

    return {model.name: lambda model=model: examine(model) for model in staged}


def show_models(
    staged: Sequence[StagedModel],
    outcomes: Mapping[str, Outcome],
    workers: Sequence[WorkerHealth],
    settings: Settings,
) -> list[ModelHealth]:
    """Every model, and the default one also where it is not staged."""
    live = [worker for worker in workers if worker.state != "stale"]
    shown = [_show(model, outcomes[model.name], live, settings) for model in staged]
    if settings.default_model not in {model.name for model in staged}:
        shown.append(_show_missing(settings.default_model, live))
    return shown


def _list_refusals(name: str, live: Sequence[WorkerHealth]) -> list[ModelRefusal]:
    return [
        ModelRefusal(worker_id=worker.id, problem=worker.refused_models[name])
        for worker in live
        if name in worker.refused_models
    ]


def _show(
    model: StagedModel, outcome: Outcome, live: Sequence[WorkerHealth], settings: Settings
) -> ModelHealth:
    facts = {
        "name": model.name,
        "kind": model.kind,
        "is_default": model.name == settings.default_model,
        "is_present": True,
        "size_bytes": model.size_bytes,
        "loaded_by": [worker.id for worker in live if worker.model == model.name],
        "examined_at": find_examined_at(model, settings.resolved_model_cache_dir),
        "refused_by": _list_refusals(model.name, live),
    }
    report: ModelReport | None = outcome.value
    if report is None:
        unknown = ("is_readable", "sha256", "checksum", "is_converted", "languages", "warning")
        unchecked = {**facts, **dict.fromkeys(unknown), "state": "unchecked"}
        problem = EXAMINING if outcome.problem == NO_ANSWER else outcome.problem
        return ModelHealth.model_validate({**unchecked, "problem": problem})
    return ModelHealth.model_validate(
        {
            **facts,
            "state": "valid" if report.problem is None else "damaged",
            "is_readable": report.code != UNREADABLE,
            "sha256": report.sha256,
            "checksum": CHECKSUMS[report.official] if report.sha256 else None,
            "is_converted": _is_converted(report, settings),
            "languages": report.languages,
            "warning": report.warning,
            "problem": report.problem,
        }
    )


def _is_converted(report: ModelReport, settings: Settings) -> bool:
    if report.converted or report.sha256 is None:
        return report.converted
    # A worker may have converted it since it was examined.
    return is_converted(report.sha256, settings.resolved_model_cache_dir)


def _show_missing(name: str, live: Sequence[WorkerHealth]) -> ModelHealth:
    return ModelHealth(
        name=name,
        kind=None,
        state="missing",
        is_default=True,
        is_present=False,
        is_readable=False,
        size_bytes=None,
        sha256=None,
        checksum=None,
        is_converted=None,
        languages=None,
        warning=None,
        problem=f"The default model {name!r} is not staged.",
        loaded_by=[],
        examined_at=None,
        refused_by=_list_refusals(name, live),
    )
