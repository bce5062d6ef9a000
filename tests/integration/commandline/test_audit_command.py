"""`transcriber audit verify`, on both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from job_builders import add_job
from transcriber.cli import build_cli
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import seal_entries
from transcriber.infra.context import Context

Run = Callable[..., Result]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(build_cli(), ["audit", "verify", *arguments])


@pytest.fixture
def run(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, value in context.settings.to_environment().items():
        monkeypatch.setenv(name, value)
    return _run


def read_end(result: Result) -> str:
    return result.stdout.strip().splitlines()[-1].removeprefix("End: ")


def test_the_chain_is_checked_and_its_end_is_told(context: Context, run: Run) -> None:
    add_job(context)
    waiting = run()
    assert (waiting.exit_code, waiting.stdout.splitlines()[0]) == (0, "Checked: 0")
    assert "Not sealed yet: 1 since 20" in waiting.stdout
    seal_entries(context.database, SealKeys(None, {}))
    good = run()
    assert (good.exit_code, good.stdout.splitlines()[0]) == (0, "Checked: 1")
    assert read_end(good).startswith("1:")
    assert run("--known", read_end(good)).exit_code == 0
    lost = run("--known", f"9:{'0' * 64}")
    assert lost.exit_code == 1
    assert "Entry 9 does not fit. The entry that was sealed here is gone." in lost.stderr
    assert run("--known", "nonsense").exit_code == 2


def test_tampering_ends_with_one(context: Context, run: Run) -> None:
    add_job(context)
    seal_entries(context.database, SealKeys(None, {}))
    with context.database.unit_of_work() as uow:
        if context.database.is_sqlite:
            uow.session.execute(text("DROP TRIGGER audit_entries_update"))
        else:
            uow.session.execute(text("SET LOCAL session_replication_role = replica"))
        uow.session.execute(text("UPDATE audit_entries SET actor = 'account:bob'"))
    bad = run()
    assert bad.exit_code == 1
    assert "Entry 1 does not fit." in bad.stderr
