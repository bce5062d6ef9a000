import os
import subprocess
import sys

from sqlalchemy import func, select

from service_context import open_context
from transcriber.accounts.first_admin import create_first_admin
from transcriber.accounts.models import Account
from transcriber.accounts.passwords import PASSWORD_LENGTH
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings

RACE = """
import sys
from transcriber.accounts.first_admin import create_first_admin
from transcriber.infra.context import build_context
from transcriber.infra.settings import Settings
context = build_context(Settings(_env_file=None))
sys.stdin.read(1)
admin = create_first_admin(context)
print(admin.password if admin else "")
"""


def test_two_starters_make_exactly_one_administrator(context: Context, settings: Settings) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", RACE],
            env={**os.environ, **settings.to_environment()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write("x")
        starter.stdin.flush()
    shown = [starter.communicate(timeout=120)[0].strip() for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0]
    assert len([password for password in shown if password]) == 1
    assert len(max(shown)) == PASSWORD_LENGTH
    with context.database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_the_password_is_given_once(settings: Settings) -> None:
    with open_context(settings) as context:
        first = create_first_admin(context)
        assert first is not None
        assert create_first_admin(context) is None
        with context.database.snapshot() as session:
            account = session.scalars(select(Account)).one()
    assert (account.name, account.role) == ("admin", "admin")
    assert first.password not in account.password_hash
