"""A system call filter: reading, writing, memory and time pass, everything else is refused.

Opening, connecting, executing, forking and tracing are absent from the list, so they fail with
EPERM rather than end the process: FFmpeg reports an error and the child says what happened.
"""

import ctypes
import errno
import os
import platform
import struct

from transcriber.engine.media.syscalls import TABLES, SyscallTable

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RETURN_ALLOW = 0x7FFF0000
_RETURN_ERRNO = 0x00050000

# Classic BPF (linux/bpf_common.h): load a word, compare, mask, return.
_LOAD, _EQUAL, _ANY_BITS, _RETURN = 0x20, 0x15, 0x45, 0x06
# Offsets in struct seccomp_data (linux/seccomp.h), low half of the third argument.
_NUMBER, _ARCH, _THIRD_ARGUMENT = 0, 4, 32
_PROT_EXEC = 4


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def build_filter(table: SyscallTable) -> bytes:
    """Assemble the filter as an array of `struct sock_filter`.

    An x32 call on x86_64 carries a number of its own that is in no list, so it is refused too.
    """
    refuse = _step(_RETURN, _RETURN_ERRNO | errno.EPERM)
    allow = _step(_RETURN, _RETURN_ALLOW)
    steps = [_step(_LOAD, _ARCH), _step(_EQUAL, table.audit_arch, 1, 0), refuse]
    steps.append(_step(_LOAD, _NUMBER))
    for number in table.allowed:
        steps += [_step(_EQUAL, number, 0, 1), allow]
    for number in table.no_exec:
        checks = [_step(_LOAD, _THIRD_ARGUMENT), _step(_ANY_BITS, _PROT_EXEC, 1, 0), allow, refuse]
        steps += [_step(_EQUAL, number, 0, len(checks)), *checks]
    return b"".join([*steps, refuse])


def forbid_system_calls() -> str:
    """Filter the calling thread (and what it starts) for good.

    Returns:
        "active", or why the layer is missing.
    """
    table = TABLES.get(platform.machine())
    if table is None:
        return f"unavailable: no table for {platform.machine()}"
    libc = ctypes.CDLL(None, use_errno=True)
    code = build_filter(table)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        return f"unavailable: {os.strerror(ctypes.get_errno())}"
    return "active"


def forbid_new_privileges() -> str:
    """Give up every way to gain privileges; the two other layers require it.

    Returns:
        "active", or why the layer is missing.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return f"unavailable: {os.strerror(ctypes.get_errno())}"
    return "active"


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
