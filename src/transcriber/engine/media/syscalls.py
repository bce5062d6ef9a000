"""System call numbers, by machine, for the calls a locked-down child may make.

Source: Linux `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SyscallTable:
    """One machine's numbers.

    Attributes:
        audit_arch: `AUDIT_ARCH_*` constant (`linux/audit.h`) that seccomp reports.
        allowed: Calls that pass.
        no_exec: Calls whose third argument is memory protection and may not make code.
    """

    audit_arch: int
    allowed: tuple[int, ...]
    no_exec: tuple[int, ...]


_X86_64_ALLOWED = {
    "read": 0,
    "write": 1,
    "close": 3,
    "fstat": 5,
    "lseek": 8,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "pread64": 17,
    "writev": 20,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "nanosleep": 35,
    "setitimer": 38,
    "getpid": 39,
    "exit": 60,
    "gettimeofday": 96,
    "sigaltstack": 131,
    "gettid": 186,
    "futex": 202,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "clock_getres": 229,
    "clock_nanosleep": 230,
    "exit_group": 231,
    "getrandom": 318,
    "rseq": 334,
}

_AARCH64_ALLOWED = {
    "close": 57,
    "lseek": 62,
    "read": 63,
    "write": 64,
    "writev": 66,
    "pread64": 67,
    "fstat": 80,
    "exit": 93,
    "exit_group": 94,
    "futex": 98,
    "nanosleep": 101,
    "setitimer": 103,
    "clock_gettime": 113,
    "clock_getres": 114,
    "clock_nanosleep": 115,
    "sched_yield": 124,
    "restart_syscall": 128,
    "sigaltstack": 132,
    "rt_sigaction": 134,
    "rt_sigprocmask": 135,
    "rt_sigreturn": 139,
    "gettimeofday": 169,
    "getpid": 172,
    "gettid": 178,
    "brk": 214,
    "munmap": 215,
    "mremap": 216,
    "madvise": 233,
    "getrandom": 278,
    "rseq": 293,
}

TABLES = {
    "x86_64": SyscallTable(
        audit_arch=0xC000003E, allowed=tuple(_X86_64_ALLOWED.values()), no_exec=(9, 10)
    ),
    "aarch64": SyscallTable(
        audit_arch=0xC00000B7, allowed=tuple(_AARCH64_ALLOWED.values()), no_exec=(222, 226)
    ),
}
"""`no_exec` holds mmap and mprotect."""
