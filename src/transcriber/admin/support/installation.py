"""The version, the machine and the packages that a service runs on."""

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import psutil

DISTRIBUTION = "whisper-transcriber"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def describe_installation() -> dict[str, Any]:
    """Only what our own package asks for is listed of the packages."""
    return {
        "version": version(DISTRIBUTION),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "kernel": platform.release(),
        "architecture": platform.machine(),
        "c_library": " ".join(platform.libc_ver()),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "packages": dict(sorted(_list_packages())),
    }


def _list_packages() -> Iterator[tuple[str, str | None]]:
    for requirement in requires(DISTRIBUTION) or ():
        found = _NAME.match(requirement)
        if found is not None and found[0] != DISTRIBUTION:
            try:
                yield found[0], version(found[0])
            except PackageNotFoundError:
                yield found[0], None
