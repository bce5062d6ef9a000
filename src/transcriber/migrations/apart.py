"""`python -m transcriber.migrations.apart`: the upgrade in a process of its own.

What it needs would otherwise stay in the memory of an API that runs for months.
"""

import os
import subprocess
import sys
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings


class UpgradeError(Exception):
    """The database could not be upgraded; the message is one sentence on why."""


def upgrade_apart(settings: Settings) -> Sequence[str]:
    """Apply every revision the database lacks; returns what these report.

    Raises:
        UpgradeError: with the reason.
    """
    done = subprocess.run(
        [sys.executable, "-m", "transcriber.migrations.apart"],
        env={**os.environ, **settings.to_environment()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"the upgrade ended with {done.returncode}"]
        raise UpgradeError(lines[-1])
    return done.stdout.splitlines()


def _main() -> int:
    from transcriber.migrations.upgrade import upgrade_database  # noqa: PLC0415 -- see above

    try:
        notes = upgrade_database(Settings())
    except StartupError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        sys.stderr.write(cause + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
    sys.stdout.writelines(f"{note}\n" for note in notes)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
