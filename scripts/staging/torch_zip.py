"""Write the zip container of a checkpoint byte for byte as PyTorch's file writer does.

PyTorch stores every member uncompressed, with a data descriptor, its content aligned to 64 bytes by
an extra field called `FB`, and always ends with the zip64 records (`caffe2/serialize/
inline_container.cc` over miniz).  Files of 4 GiB or more would need more and are refused.
"""

import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO

ALIGNMENT = 64
# Bit 3: sizes follow in a data descriptor.  Bit 11: the name is UTF-8.
FLAGS = 0x0808


class TorchZipWriter:
    """Appends stored members to a binary stream; `close` writes the central directory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._directory: list[bytes] = []
        self._offset = 0

    def add(self, name: str, chunks: Iterable[bytes | memoryview]) -> None:
        """Append one member.

        Args:
            name: Its full name, such as `archive/data/0`.
            chunks: Its content, in pieces.
        """
        encoded, start = name.encode(), self._offset
        padding = self._build_padding(len(encoded))
        header = struct.pack(
            "<IHHHHHIIIHH", 0x04034B50, 0, FLAGS, 0, 0, 0, 0, 0, 0, len(encoded), len(padding)
        )
        self._write(header + encoded + padding)
        checksum, size = 0, 0
        for chunk in chunks:
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
            self._write(chunk)
        self._write(struct.pack("<IIII", 0x08074B50, checksum, size, size))
        self._directory.append(
            struct.pack("<IHHHHHHIII", 0x02014B50, 0, 0, FLAGS, 0, 0, 0, checksum, size, size)
            + struct.pack("<HHHHHII", len(encoded), 0, 0, 0, 0, 0, start)
            + encoded
        )

    def close(self) -> None:
        """Write the central directory; the stream stays open."""
        count, start = len(self._directory), self._offset
        self._write(b"".join(self._directory))
        size, end = self._offset - start, self._offset
        self._write(
            struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 0x031E, 45, 0, 0, count, count, size, start)
        )
        self._write(struct.pack("<IIQI", 0x07064B50, 0, end, 1))
        self._write(struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, size, start, 0))

    def _build_padding(self, name_size: int) -> bytes:
        # The extra field starts with its own four bytes: the identifier and the length.
        fill = -(self._offset + 30 + name_size + 4) % ALIGNMENT
        return b"FB" + struct.pack("<H", fill) + b"Z" * fill

    def _write(self, data: bytes | memoryview) -> None:
        self._stream.write(data)
        self._offset += len(data)
