"""Builds files that lie, byte by byte: what an encoder would refuse to write."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PCM, FLOAT = 1, 3


def build_wav(
    data: bytes,
    *,
    rate: int = 16_000,
    channels: int = 1,
    bits: int = 16,
    tag: int = PCM,
    claimed_bytes: int | None = None,
) -> bytes:
    """A RIFF WAVE file whose header says whatever it is told to."""
    align = channels * bits // 8 % 65_536
    per_second = rate * align % (1 << 32)
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, channels, rate, per_second, align, bits)
    claimed = len(data) if claimed_bytes is None else claimed_bytes
    body = b"WAVE" + fmt + struct.pack("<4sI", b"data", claimed) + data
    return struct.pack("<4sI", b"RIFF", min(len(body) + claimed - len(data), 0xFFFFFFFF)) + body


def build_noise(seconds: float, rate: int = 16_000) -> bytes:
    """Quiet 16-bit noise, always the same."""
    samples = np.random.default_rng(7).normal(0, 2_000, round(seconds * rate))
    return samples.astype("<i2").tobytes()


def write_silent_opus(
    path: Path, hours: float = 0, granules: NDArray[np.int64] | None = None
) -> Path:
    """Ogg Opus silence: two bytes for each 120 ms, pages of 255 packets (RFC 7845, RFC 6716).

    `granules` are the timestamps of the pages, if they are to lie.
    """
    samples_per_packet, packets_per_page = 5_760, 255
    # Configuration 19 (20 ms CELT), mono, code 3: six frames of equal length, which is zero.
    packet = bytes([19 << 3 | 3, 6])
    if granules is None:
        pages = round(hours * 3600 * 48_000 / samples_per_packet / packets_per_page)
        granules = np.arange(1, pages + 1) * samples_per_packet * packets_per_page
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"none" + struct.pack("<I", 0)
    prefix = [_ogg_page(head, [len(head)], 0, 0, 2), _ogg_page(tags, [len(tags)], 0, 1, 0)]
    page = np.frombuffer(_ogg_page(packet * 255, [len(packet)] * 255, 0, 0, 0), np.uint8)
    pages = len(granules)
    table = np.tile(page, (pages, 1))
    table[:, 6:14] = granules.astype("<i8").view(np.uint8).reshape(-1, 8)
    table[:, 18:22] = np.arange(2, pages + 2).astype("<u4").view(np.uint8).reshape(-1, 4)
    table[:, 22:26] = 0
    table[:, 22:26] = _ogg_checksums(table).astype("<u4").view(np.uint8).reshape(-1, 4)
    with path.open("wb") as file:
        file.writelines(prefix)
        file.write(table.tobytes())
    return path


def _ogg_page(payload: bytes, lacing: list[int], granule: int, number: int, flags: int) -> bytes:
    header = struct.pack("<4sBBQIII", b"OggS", 0, flags, granule, 1, number, 0)
    page = header + bytes([len(lacing), *lacing]) + payload
    checksum = int(_ogg_checksums(np.frombuffer(page, np.uint8)[np.newaxis])[0])
    return page[:22] + struct.pack("<I", checksum) + page[26:]


def _ogg_checksums(pages: NDArray[np.uint8]) -> NDArray[np.uint32]:
    # CRC-32 with polynomial 0x04c11db7, neither reflected nor inverted, for all pages at once.
    values = np.arange(256, dtype=np.uint32) << 24
    for _ in range(8):
        values = np.where(values & 0x80000000, (values << 1) ^ 0x04C11DB7, values << 1)
    checksums = np.zeros(len(pages), np.uint32)
    for column in range(pages.shape[1]):
        checksums = (checksums << 8) ^ values[(checksums >> 24) ^ pages[:, column]]
    return checksums


def build_avi_with_subtitle(playlist: bytes) -> bytes:
    """An AVI with one second of PCM and a GAB2 subtitle stream that holds a playlist."""
    pcm = build_noise(1.0)
    audio = _list(
        b"strl",
        _chunk(
            b"strh",
            struct.pack(
                "<4s4sIHHIIIIIIIIQ", b"auds", b"", 0, 0, 0, 0, 1, 16_000, 0, 16_000, 4_096, 0, 2, 0
            ),
        )
        + _chunk(b"strf", struct.pack("<HHIIHH", PCM, 1, 16_000, 32_000, 2, 16)),
    )
    subtitle = _list(
        b"strl",
        _chunk(
            b"strh",
            struct.pack("<4s4sIHHIIIIIIIIQ", b"txts", b"", 0, 0, 0, 0, 1, 1, 0, 1, 4_096, 0, 0, 0),
        )
        + _chunk(b"strf", b""),
    )
    avih = _chunk(b"avih", struct.pack("<14I", 0, 0, 0, 0x10, 1, 0, 2, 4_096, 0, 0, 0, 0, 0, 0))
    description = "playlist".encode("utf-16-le")
    gab2 = b"GAB2\x00" + struct.pack("<HI", 2, len(description)) + description
    gab2 += struct.pack("<HI", 4, len(playlist)) + playlist
    movi = _list(b"movi", _chunk(b"01tx", gab2) + _chunk(b"00wb", pcm))
    body = b"AVI " + _list(b"hdrl", avih + audio + subtitle) + movi
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)


def _list(name: bytes, data: bytes) -> bytes:
    return _chunk(b"LIST", name + data)
