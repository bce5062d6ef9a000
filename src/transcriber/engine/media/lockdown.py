"""Applies every layer of the child's confinement, outermost first, and says which ones hold."""

import os
import resource
from pathlib import Path

from transcriber.engine.media.landlock import forbid_paths
from transcriber.engine.media.seccomp import forbid_new_privileges, forbid_system_calls

NOBODY = 65_534
OPEN_DESCRIPTORS = 3
LAYERS = ("threads", "limits", "user", "privileges", "landlock", "descriptors", "seccomp")
ACTIVE = "active"


def lock_down(*, cpu_seconds: int, address_space_bytes: int) -> dict[str, str]:
    """Confine the calling process for good; call it when everything needed is loaded.

    Returns:
        For each of `LAYERS`, a text that begins with "active", or why it is missing.
    """
    return {
        "threads": _count_threads(),
        "limits": _limit_resources(cpu_seconds, address_space_bytes),
        "user": _become_nobody(),
        "privileges": forbid_new_privileges(),
        "landlock": forbid_paths(),
        "descriptors": _forbid_descriptors(),
        "seccomp": forbid_system_calls(),
    }


def _count_threads() -> str:
    # Landlock and seccomp bind the calling thread, so a second one would stay free.
    count = sum(1 for _ in Path("/proc/self/task").iterdir())
    return ACTIVE if count == 1 else f"unavailable: {count} threads run in the decoder"


def _limit_resources(cpu_seconds: int, address_space_bytes: int) -> str:
    # At the soft limit comes SIGXCPU, which says why; at an equal hard limit comes SIGKILL.
    _lower_limit(resource.RLIMIT_CPU, cpu_seconds, hard_extra=1)
    limits = {
        resource.RLIMIT_AS: address_space_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for kind, value in limits.items():
        _lower_limit(kind, value)
    return ACTIVE


def _forbid_descriptors() -> str:
    # Landlock needs one for its ruleset, so this limit comes after it.
    _lower_limit(resource.RLIMIT_NOFILE, OPEN_DESCRIPTORS)
    return ACTIVE


def _lower_limit(kind: int, value: int, *, hard_extra: int = 0) -> None:
    ceiling = value + hard_extra
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        ceiling = min(ceiling, hard)
    resource.setrlimit(kind, (min(value, ceiling), ceiling))


def _become_nobody() -> str:
    if os.geteuid() != 0:
        return f"{ACTIVE} (already unprivileged)"
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError as error:
        return f"unavailable: {error.strerror}"
    return ACTIVE
