"""`transcriber doctor`: examines the machine and says how to mend what is wrong."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from transcriber.commandline.checks.finding import Check, Finding, examine_all
from transcriber.commandline.display import show_text
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.model_locations import (
    DEFAULT_MODELS_DIR,
    CacheDir,
    ModelsDir,
    find_cache_dir,
)
from transcriber.commandline.server_part import is_server_installed, read_settings


def doctor(
    *,
    models_dir: ModelsDir = DEFAULT_MODELS_DIR,
    model_cache_dir: CacheDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Examine this machine and say how to mend what is wrong.

    The exit code is 1 when something does not work; warnings alone leave it 0.
    """
    findings: list[Finding] = []
    for finding in examine_all(_list_checks(models_dir, find_cache_dir(model_cache_dir))):
        findings.append(finding)
        # Some examinations take seconds, so each line is shown at once.
        if not as_json:
            typer.echo(f"{finding.state:<5} {finding.name}: {show_text(finding.finding)}")
            if finding.mend:
                typer.echo(f"      → {finding.mend}")
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings]))
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(ExitCode.INPUT_FAILED)


def _list_checks(models_dir: Path, cache_dir: Path) -> Iterator[Check]:
    from transcriber.commandline.checks import (  # noqa: PLC0415 - not needed for other commands.
        folders,
        installation,
        media,
        models,
        processor,
        services,
    )

    written = [cache_dir]
    yield Check("python", installation.check_python)
    yield Check("packages", installation.check_packages)
    yield Check("codecs", media.check_codecs)
    yield Check("sandbox", media.check_sandbox)
    yield Check("speech", installation.check_speech)
    yield Check("speakers", installation.check_speakers)
    yield Check("models", partial(models.check_models, models_dir, cache_dir))
    yield Check("processor", processor.check_processor)
    if is_server_installed():
        settings = read_settings()
        written.append(settings.data_dir)
        yield Check("database", partial(services.check_database, settings))
        yield Check("broker", partial(services.check_broker, settings))
    yield Check("permissions", partial(folders.check_writable, written))
    yield Check("disk", partial(folders.check_space, written))
