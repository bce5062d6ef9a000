"""Recognise what people stage by mistake, so that the message can say what the file is."""

import struct

# Leading bytes by format; the pickled magic number is the one of PyTorch before 1.6.
SIGNATURES = (
    (b"GGUF", "a GGUF file"),
    (b"lmgg", "a ggml file of whisper.cpp"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.", "a PyTorch file of the layout before 1.6"),
    (b"\x80\x02", "a bare pickle"),
    (b"\x80\x03", "a bare pickle"),
    (b"\x80\x04", "a bare pickle"),
    (b"\x80\x05", "a bare pickle"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"version https://git-lfs", "a Git LFS pointer, not the file it points to"),
    (b"RIFF", "a RIFF file such as WAV"),
    (b"ID3", "an MP3 recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x7fELF", "a program"),
)
TAR_MAGIC_OFFSET = 257


def describe_foreign(head: bytes) -> str:
    """Name the format of a file that is not a zip.

    Args:
        head: Its first bytes; 512 are enough.

    Returns:
        A noun phrase such as `a GGUF file`.
    """
    for signature, description in SIGNATURES:
        if head.startswith(signature):
            return description
    return _describe_structure(head) or f"a file that begins with {head[:8].hex(' ')}"


def _describe_structure(head: bytes) -> str | None:
    if head[TAR_MAGIC_OFFSET : TAR_MAGIC_OFFSET + 5] == b"ustar":
        return "a tar archive (perhaps a PyTorch file older than 0.4)"
    if b"WhisperSpec\0" in head[:32]:
        return "a CTranslate2 model.bin, which belongs in a directory of its own"
    if _is_safetensors(head):
        return "a safetensors file"
    text = head.lstrip().lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a web page"
    return "JSON" if text.startswith((b"{", b"[")) else None


def _is_safetensors(head: bytes) -> bool:
    # Eight bytes of header length, then a JSON object.
    return head[8:9] == b"{" and struct.unpack("<Q", head[:8])[0] < 1 << 27
