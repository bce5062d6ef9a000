"""Tells apart containers that FFmpeg opens by one demuxer and players know by different names."""

_MATROSKA = "matroska,webm"
# EBML (RFC 8794): the element DocType, its length, its value; it stands in the file's header.
_WEBM_MARK = b"\x42\x82\x84webm"
_EBML_HEADER_BYTES = 64


def name_container(demuxer: str, head: bytes) -> str:
    """The container's name: the demuxer's, but `webm` for a Matroska file that says it is one.

    Args:
        demuxer: FFmpeg's name.
        head: The file's first bytes.
    """
    is_webm = demuxer == _MATROSKA and _WEBM_MARK in head[:_EBML_HEADER_BYTES]
    return "webm" if is_webm else demuxer
