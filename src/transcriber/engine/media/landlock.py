"""Landlock: the kernel's own refusal of every path and TCP port, whatever the process asks for.

The recording is an open descriptor, so the ruleset handles every right and grants none.
Numbers are from `linux/landlock.h`; the three system calls have one number on every machine.
"""

import ctypes
import os
import struct

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1

# Highest access right known to each version of the interface, as a count of bits.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_SINCE_5 = 16
_NET_RIGHTS = 0b11
_NET_SINCE, _SCOPE_SINCE = 4, 6
_SCOPES = 0b11


def build_ruleset(version: int) -> bytes:
    """Return `struct landlock_ruleset_attr` handling all rights that `version` knows."""
    rights = (1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_SINCE_5)) - 1
    attributes = [rights]
    if version >= _NET_SINCE:
        attributes.append(_NET_RIGHTS)
    if version >= _SCOPE_SINCE:
        attributes.append(_SCOPES)
    return struct.pack(f"={len(attributes)}Q", *attributes)


def forbid_paths() -> str:
    """Deny the calling thread every path, TCP port, foreign signal and abstract socket.

    Returns:
        "active" with the interface version, or why the layer is missing.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return f"unavailable: {os.strerror(ctypes.get_errno())}"
    ruleset = build_ruleset(version)
    descriptor = libc.syscall(_CREATE_RULESET, ruleset, ctypes.c_size_t(len(ruleset)), 0)
    if descriptor < 0:
        return f"unavailable: {os.strerror(ctypes.get_errno())}"
    try:
        if libc.syscall(_RESTRICT_SELF, descriptor, 0) != 0:
            return f"unavailable: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(descriptor)
    return f"active (version {version})"
