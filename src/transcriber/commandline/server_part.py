"""The server part of the install, which the other commands do without."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError

if TYPE_CHECKING:
    from transcriber.infra.settings import Settings

SERVER_MODULES = ("celery", "fastapi", "pydantic_settings", "sqlalchemy", "uvicorn")


def is_server_installed(modules: tuple[str, ...] = SERVER_MODULES) -> bool:
    """Whether the packages that serve, worker and db upgrade stand on are there."""
    return all(find_spec(module) is not None for module in modules)


def require_server(modules: tuple[str, ...] = SERVER_MODULES) -> None:
    """Refuse to go on without the server part.

    Raises:
        CommandError: naming what to install.
    """
    if not is_server_installed(modules):
        raise CommandError(
            "This command needs the server part: pip install 'whisper-transcriber[server]'.",
            ExitCode.ENVIRONMENT,
        )


def read_settings(**overrides: Any) -> "Settings":
    """Read the settings from the environment.

    Args:
        **overrides: Fields that the command line set; None leaves the environment's value.

    Raises:
        CommandError: naming the variable whose value cannot be used.
    """
    from pydantic import ValidationError  # noqa: PLC0415 - only in the server part.

    from transcriber.infra.settings import Settings  # noqa: PLC0415

    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        # What several settings decide together names them itself.
        text = f"The setting {name}: {reason}." if name else f"{reason}."
        raise CommandError(text, ExitCode.USAGE) from None
