"""Whether the staged models can be used."""

from collections.abc import Iterator
from pathlib import Path

from transcriber.commandline.checks.finding import Finding
from transcriber.commandline.models import examine_models

_STAGE = "Put an OpenAI checkpoint such as base.pt there, or set MODELS_DIR."


def check_models(models_dir: Path, cache_dir: Path) -> Iterator[Finding]:
    """Examine every staged model completely."""
    from transcriber.engine.errors import ModelError  # noqa: PLC0415 - with the engine, on use.

    try:
        reports = examine_models(models_dir, cache_dir)
    except ModelError as error:
        yield Finding("models", "fail", str(error), _STAGE)
        return
    if not reports:
        yield Finding("models", "fail", f"none is staged in {models_dir}", _STAGE)
    for report in reports:
        name = f"model {report.name}"
        if report.problem:
            yield Finding(name, "fail", report.problem, "Stage this file again.")
        elif report.warning:
            yield Finding(
                name,
                "warn",
                report.warning,
                "Stage OpenAI's file if you did not mean another one.",
            )
        else:
            yield Finding(name, "ok", f"{report.languages} languages, SHA-256 {report.sha256}")
