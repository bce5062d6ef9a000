"""`transcriber accounts` beside a service, on both databases."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from service_context import require_first_admin, sign_in
from transcriber.accounts.passwords import IssuedPassword
from transcriber.cli import build_cli
from transcriber.infra.context import Context

Run = Callable[..., Result]


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(build_cli(), ["accounts", *arguments])


@pytest.fixture
def run(context: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, value in context.settings.to_environment().items():
        monkeypatch.setenv(name, value)
    return _run


def _read(result: Result) -> IssuedPassword:
    assert result.exit_code == 0, result.output
    found = re.fullmatch(r"Account: (\S+)\nPassword: (\S+)\n", result.stdout)
    assert found is not None
    assert "shown this once" in result.stderr
    return IssuedPassword(found[1], found[2])


def _read_role(client: TestClient, issued: IssuedPassword) -> str:
    role: str = client.get("/auth/me", headers=sign_in(client, issued)).json()["role"]
    return role


def test_a_lost_password_is_replaced_and_old_sign_ins_end(
    context: Context, client: TestClient, run: Run
) -> None:
    lost = require_first_admin(context)
    headers = sign_in(client, lost)
    issued = _read(run("reset-password", "ADMIN"))
    assert issued.name == "admin"
    assert issued.password != lost.password
    assert client.get("/auth/me", headers=headers).status_code == 401
    old = {"name": "admin", "password": lost.password}
    assert client.post("/auth/login", json=old).status_code == 401
    assert _read_role(client, issued) == "admin"


def test_accounts_are_made_in_either_role(client: TestClient, run: Run) -> None:
    assert _read_role(client, _read(run("create", "bob"))) == "user"
    assert _read_role(client, _read(run("create", "eve", "--admin"))) == "admin"
    again = run("create", "Bob")
    assert (again.exit_code, again.stdout) == (2, "")
    assert again.stderr == "An account named 'Bob' exists.\n"


def test_accounts_are_listed_disabled_and_let_in_again(
    context: Context, client: TestClient, run: Run
) -> None:
    require_first_admin(context)
    bob = _read(run("create", "bob"))
    headers = sign_in(client, bob)
    assert run("disable", "BOB").stdout == "Account: bob, user, disabled\n"
    assert client.get("/auth/me", headers=headers).status_code == 401
    first, second, third = run("list").stdout.splitlines()
    assert first.split()[:3] == ["NAME", "ROLE", "STATE"]
    assert second.split()[:3] == ["bob", "user", "disabled"]
    assert third.split()[:3] == ["admin", "admin", "active"]
    assert "never" in third
    assert run("enable", "bob").exit_code == 0
    assert client.get("/auth/me", headers=headers).status_code == 401
    assert run("set-role", "bob", "admin").stdout == "Account: bob, admin, active\n"
    assert _read_role(client, bob) == "admin"
    assert run("set-role", "admin", "user").exit_code == 0
    last = run("disable", "bob")
    assert (last.exit_code, last.stdout) == (2, "")
    assert last.stderr == "Make another account an administrator first.\n"


def test_a_reset_lets_the_owner_choose(context: Context, client: TestClient, run: Run) -> None:
    require_first_admin(context)
    issued = run("issue-reset", "admin")
    assert issued.exit_code == 0
    token = issued.stdout.removeprefix("Token: ").strip()
    body = {"token": token, "new_password": "chosen by the owner"}
    assert client.post("/auth/reset", json=body).status_code == 204
    assert client.post("/auth/reset", json=body).status_code == 410
    sign_in(client, IssuedPassword("admin", "chosen by the owner"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("reset-password", "nobody"), "There is no account named 'nobody'.\n"),
        (("disable", "nobody"), "There is no account named 'nobody'.\n"),
        (("issue-reset", "nobody"), "There is no account named 'nobody'.\n"),
        (("create", "a\nb"), "A name has visible characters only.\n"),
    ],
)
def test_a_name_that_cannot_be_is_one_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", sentence)


def test_no_database_is_made_by_looking_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "elsewhere"))
    result = _run("reset-password", "admin")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "There is no database at" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_lacks_tables_or_is_away_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.sqlite3").touch()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    lacking = _run("create", "bob")
    assert (lacking.exit_code, lacking.stderr) == (
        4,
        "The database lacks newer tables; run: transcriber db upgrade.\n",
    )
    monkeypatch.setenv("DATABASE_URL", "postgresql://someone:CANARY@127.0.0.1:1/none")
    away = _run("create", "bob")
    assert away.exit_code == 4
    assert away.stderr.startswith("The database refused: ")
    assert away.stderr.count("\n") == 1
    assert "CANARY" not in away.stderr
