"""`transcriber models`: what is staged, and whether it can be used."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transcriber.commandline.display import show_bytes, show_text
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.model_locations import (
    DEFAULT_MODELS_DIR,
    CacheDir,
    ModelsDir,
    find_cache_dir,
)
from transcriber.commandline.table import align_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transcriber.engine.models import ModelReport


def models(
    *,
    models_dir: ModelsDir = DEFAULT_MODELS_DIR,
    model_cache_dir: CacheDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the staged models and examine each completely.

    The exit code is 3 when none is staged or one cannot be used.
    """
    reports = examine_models(models_dir, find_cache_dir(model_cache_dir))
    if as_json:
        typer.echo(json.dumps([{**asdict(each), "path": str(each.path)} for each in reports]))
    else:
        for line in _describe(reports):
            typer.echo(line)
    for report in reports:
        for sentence in (report.problem, report.warning):
            if sentence:
                typer.echo(show_text(sentence), err=True)
    if not reports:
        typer.echo(f"No model is staged in {models_dir}; put base.pt there.", err=True)
    if not reports or any(report.problem for report in reports):
        raise typer.Exit(ExitCode.MODEL)


def examine_models(models_dir: Path, cache_dir: Path) -> "list[ModelReport]":
    """Examine every staged model: its checksum, its tensors, its languages.

    Raises:
        ModelError: there is no such directory, or it cannot be read.
    """
    from transcriber.engine.models import list_models, validate_model  # noqa: PLC0415 - slow.

    return [validate_model(staged, cache_dir) for staged in list_models(models_dir)]


def _describe(reports: "Sequence[ModelReport]") -> list[str]:
    origins = {True: "OpenAI's file", False: "not OpenAI's file", None: "own"}
    rows = [
        (
            report.name,
            show_bytes(report.size_bytes),
            str(report.languages),
            origins[report.official],
            "yes" if report.converted else "no",
            f"unusable ({report.code})" if report.problem else "usable",
        )
        for report in reports
    ]
    return align_columns(("MODEL", "SIZE", "LANGUAGES", "ORIGIN", "CONVERTED", "STATE"), rows)
