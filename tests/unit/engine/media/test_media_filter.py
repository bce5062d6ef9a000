"""The seccomp program is interpreted here, so that both machines' tables are tested on one."""

import errno
import struct

import pytest

from transcriber.engine.media.landlock import build_ruleset
from transcriber.engine.media.seccomp import build_filter
from transcriber.engine.media.syscalls import TABLES

ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM


def run(program: bytes, arch: int, number: int, third: int = 0) -> int:
    data = struct.pack("=IIQQQQQQQ", number, arch, 0, 0, 0, third, 0, 0, 0)
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    accumulator, position = 0, 0
    while True:
        code, if_true, if_false, value = steps[position]
        position += 1
        if code == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif code == 0x06:
            return value
        else:
            holds = accumulator == value if code == 0x15 else bool(accumulator & value)
            position += if_true if holds else if_false


FORBIDDEN = {
    "x86_64": {"open": 2, "socket": 41, "connect": 42, "clone": 56, "fork": 57, "execve": 59,
               "kill": 62, "ptrace": 101, "prctl": 157, "openat": 257, "execveat": 322,
               "io_uring_setup": 425, "clone3": 435, "x32 read": 0x40000000},
    "aarch64": {"openat": 56, "ptrace": 117, "kill": 129, "prctl": 167, "socket": 198,
                "connect": 203, "clone": 220, "execve": 221, "execveat": 281,
                "io_uring_setup": 425, "clone3": 435},
}  # fmt: skip
READ = {"x86_64": 0, "aarch64": 63}


@pytest.mark.parametrize("machine", TABLES)
def test_what_decoding_needs_passes_and_the_rest_does_not(machine: str) -> None:
    table = TABLES[machine]
    program = build_filter(table)
    assert run(program, table.audit_arch, READ[machine]) == ALLOW
    passed = [
        name
        for name, number in FORBIDDEN[machine].items()
        if run(program, table.audit_arch, number) != REFUSE
    ]
    assert passed == []


@pytest.mark.parametrize("machine", TABLES)
def test_memory_may_be_mapped_but_never_as_code(machine: str) -> None:
    table = TABLES[machine]
    program = build_filter(table)
    for number in table.no_exec:
        assert run(program, table.audit_arch, number, third=3) == ALLOW
        assert run(program, table.audit_arch, number, third=4) == REFUSE


def test_calls_of_another_architecture_are_refused() -> None:
    program = build_filter(TABLES["x86_64"])
    assert run(program, TABLES["aarch64"].audit_arch, READ["x86_64"]) == REFUSE


@pytest.mark.parametrize(
    ("version", "size", "rights"),
    [
        (1, 8, 0x1FFF),
        (2, 8, 0x3FFF),
        (3, 8, 0x7FFF),
        (4, 16, 0x7FFF),
        (5, 16, 0xFFFF),
        (7, 24, 0xFFFF),
    ],
)
def test_landlock_handles_every_right_its_version_knows(
    version: int, size: int, rights: int
) -> None:
    ruleset = build_ruleset(version)
    assert len(ruleset) == size
    assert struct.unpack_from("=Q", ruleset)[0] == rights
