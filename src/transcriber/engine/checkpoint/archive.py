"""The zip container of a checkpoint, as bounds-checked views of one memory map.

PyTorch stores members uncompressed so that they can be mapped; a compressed member is therefore
foreign, and refusing it also removes every decompression bomb.  Layout: APPNOTE.TXT 6.3 (PKWARE).
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

# Whisper large has 1,259 tensors; a directory beyond these bounds is an attack or another program.
MAX_MEMBERS = 20_000
MAX_DIRECTORY_BYTES = 4 << 20

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
DIRECTORY_ENTRY = struct.Struct("<4s6H3I5H2I")
END_RECORD = struct.Struct("<4s4H2IH")
END_RECORD_64 = struct.Struct("<4sQ2H2I4Q")
END_LOCATOR_64 = struct.Struct("<4sIQI")
ENCRYPTED = 1
IN_ZIP64 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One stored member: its content lies at `start` to `start + size` of the file."""

    name: str
    start: int
    size: int
    checksum: int


@dataclass(frozen=True, slots=True)
class _Directory:
    start: int
    size: int
    count: int


class Archive:
    """The members of a zip by name, each verified to lie inside the file and apart from the others.

    Args:
        data: The whole file, read-only; a memory map or bytes.

    Raises:
        ModelError: `model_truncated` or `model_malformed`, without the file's name.
    """

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self.members: dict[str, Member] = {}
        # Many tensors may share one storage; each is checked once.
        self._verified: set[str] = set()
        directory = self._find_directory()
        for member in self._read_directory(directory):
            if member.name in self.members:
                raise ModelError(f"member {quote(member.name)} occurs twice")
            self.members[member.name] = member
        _refuse_overlap(list(self.members.values()), directory.start)

    def view(self, name: str) -> memoryview:
        """Return a member's content without copying it."""
        member = self.members[name]
        return self._data[member.start : member.start + member.size]

    def verify_checksum(self, name: str) -> None:
        """Compare a member's CRC-32 with the one recorded in the directory.

        Raises:
            ModelError: `model_malformed` when the content was altered.
        """
        if name in self._verified:
            return
        found, expected = zlib.crc32(self.view(name)), self.members[name].checksum
        if found != expected:
            raise ModelError(
                f"member {quote(name)} was altered: its CRC-32 should be {expected:08x} "
                f"and is {found:08x}"
            )
        self._verified.add(name)

    def _signature(self, at: int) -> bytes:
        return bytes(self._data[at : at + 4])

    def _find_directory(self) -> _Directory:
        # PyTorch writes no comment, so the end record is the last thing in the file.
        at = len(self._data) - END_RECORD.size
        if at < 0 or self._signature(at) != b"PK\x05\x06":
            raise ModelError(
                f"the zip directory at its end is missing after {len(self._data):,} bytes, "
                "so the file is incomplete",
                code="model_truncated",
            )
        _, disk, _, count_here, count, size, start, comment = END_RECORD.unpack_from(self._data, at)
        if disk or comment or count_here != count:
            raise ModelError("its zip end record spans disks or carries a comment")
        if self._signature(max(0, at - END_LOCATOR_64.size)) == b"PK\x06\x07":
            return self._read_end_64(at - END_LOCATOR_64.size)
        return self._check_directory(_Directory(start, size, count), at)

    def _read_end_64(self, locator: int) -> _Directory:
        _, _, at, _ = END_LOCATOR_64.unpack_from(self._data, locator)
        if at + END_RECORD_64.size > locator or self._signature(at) != b"PK\x06\x06":
            raise ModelError("its zip64 end record is not where its locator says")
        fields = END_RECORD_64.unpack_from(self._data, at)
        return self._check_directory(_Directory(fields[9], fields[8], fields[7]), at)

    def _check_directory(self, directory: _Directory, end: int) -> _Directory:
        if directory.count > MAX_MEMBERS or directory.size > MAX_DIRECTORY_BYTES:
            raise ModelError(
                f"its zip directory claims {directory.count:,} members in {directory.size:,} "
                f"bytes; the limits are {MAX_MEMBERS:,} and {MAX_DIRECTORY_BYTES:,}"
            )
        if directory.start + directory.size > end:
            raise ModelError("its zip directory lies outside the file", code="model_truncated")
        return directory

    def _read_directory(self, directory: _Directory) -> Iterator[Member]:
        at, end = directory.start, directory.start + directory.size
        for _ in range(directory.count):
            if at + DIRECTORY_ENTRY.size > end or self._signature(at) != b"PK\x01\x02":
                raise ModelError("its zip directory is damaged")
            entry = DIRECTORY_ENTRY.unpack_from(self._data, at)
            name_end = at + DIRECTORY_ENTRY.size + entry[10]
            extra_end = name_end + entry[11]
            if extra_end + entry[12] > end:
                raise ModelError("its zip directory is damaged")
            name = bytes(self._data[at + DIRECTORY_ENTRY.size : name_end])
            extra = bytes(self._data[name_end:extra_end])
            yield self._read_entry(entry, name, extra, directory.start)
            at = extra_end + entry[12]

    def _read_entry(
        self, entry: tuple[int, ...], raw_name: bytes, extra: bytes, limit: int
    ) -> Member:
        flags, method, checksum = entry[3], entry[4], entry[7]
        name = raw_name.decode(errors="backslashreplace")
        if method or flags & ENCRYPTED:
            raise ModelError(f"member {quote(name)} is compressed or encrypted, expected stored")
        stored, size, header = _apply_zip64(extra, entry[8], entry[9], entry[16])
        if stored != size:
            raise ModelError(f"member {quote(name)} is {stored:,} bytes stored as {size:,}")
        if header + LOCAL_HEADER.size > limit or self._signature(header) != b"PK\x03\x04":
            raise ModelError(f"member {quote(name)} is not where the zip directory says")
        local = LOCAL_HEADER.unpack_from(self._data, header)
        start = header + LOCAL_HEADER.size + local[9] + local[10]
        if start + size > limit:
            raise ModelError(
                f"member {quote(name)} ends at byte {start + size:,}, past the zip directory "
                f"at {limit:,}",
                code="model_truncated",
            )
        return Member(name, start, size, checksum)


def _apply_zip64(extra: bytes, stored: int, size: int, header: int) -> tuple[int, int, int]:
    # The zip64 field (tag 1) holds only the values that did not fit, in this order: size, stored
    # size, header offset.
    values, at = [size, stored, header], 0
    while at + 4 <= len(extra):
        tag, length = struct.unpack_from("<2H", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if tag == 1:
            wide = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
            values = [next(wide, value) if value == IN_ZIP64 else value for value in values]
        at += 4 + length
    return values[1], values[0], values[2]


def _refuse_overlap(members: list[Member], limit: int) -> None:
    end = 0
    for member in sorted(members, key=lambda member: (member.start, member.size)):
        if member.start < end or member.start + member.size > limit:
            raise ModelError(f"member {quote(member.name)} overlaps its neighbour")
        end = member.start + member.size
