"""Python and the packages of each part of the install."""

import platform
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version

from transcriber.commandline.checks.finding import Finding

DISTRIBUTION = "whisper-transcriber"
MINIMUM_PYTHON = (3, 11)

_MEND_NETWORKS = "Install the package from a wheel; from a checkout, run make setup."

_REQUIREMENT = re.compile(r"""^([A-Za-z0-9._-]+).*;\s*extra\s*==\s*["'](\w+)["']""")


def check_python(found: tuple[int, ...] = sys.version_info[:3]) -> Iterator[Finding]:
    """Compare the interpreter's version with the oldest that is supported."""
    words = f"{platform.python_implementation()} {'.'.join(map(str, found))}"
    if found >= MINIMUM_PYTHON:
        yield Finding("python", "ok", words)
    else:
        oldest = ".".join(map(str, MINIMUM_PYTHON))
        yield Finding("python", "fail", words, f"Install Python {oldest} or newer.")


def check_packages() -> Iterator[Finding]:
    """Look for every package that each part of the install asks for."""
    for extra in ("engine", "cli", "server"):
        missing = find_missing(extra)
        name = f"packages: {extra}"
        mend = f"pip install '{DISTRIBUTION}[{extra}]'"
        if not missing:
            yield Finding(name, "ok", "all are installed")
        elif extra == "server":
            yield Finding(name, "skip", "not installed, so serve and worker are not here", mend)
        else:
            yield Finding(name, "fail", f"missing: {', '.join(missing)}", mend)


def check_speech() -> Iterator[Finding]:
    """Look for the network that finds speech, without which nothing is transcribed."""
    from transcriber.engine.speech.detector import NETWORK  # noqa: PLC0415 - only where the engine is installed

    if NETWORK.is_file():
        yield Finding("speech", "ok", "can be found in a recording")
        return
    yield Finding("speech", "fail", f"cannot be found, missing: {NETWORK.name}", _MEND_NETWORKS)


def check_speakers() -> Iterator[Finding]:
    """Look for the networks that tell speakers apart."""
    from transcriber.engine.speakers.weights import find_missing as find_missing_networks  # noqa: PLC0415 - only where the engine is installed

    missing = find_missing_networks()
    if not missing:
        yield Finding("speakers", "ok", "can be told apart")
        return
    yield Finding(
        "speakers",
        "warn",
        f"cannot be told apart, missing: {', '.join(missing)}",
        _MEND_NETWORKS,
    )


def find_missing(extra: str) -> list[str]:
    """Return the packages of an extra that are not installed, by name."""
    matches = (_REQUIREMENT.match(line) for line in requires(DISTRIBUTION) or ())
    names = [match[1] for match in matches if match and match[2] == extra]
    return [name for name in names if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
