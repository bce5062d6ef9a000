"""Recognises recordings whose audio is encrypted, which would decode to noise."""

from typing import TYPE_CHECKING

from av.audio.stream import AudioStream as EncodedStream

from transcriber.engine.errors import MediaError

if TYPE_CHECKING:
    from av.packet import Packet

# Sample entries for protected audio: Common Encryption, FairPlay, Audible (ISO/IEC 14496-12, 8.12).
_PROTECTED_TAGS = frozenset({"enca", "drms", "aavd"})

# Content Encryption Object and Extended Content Encryption Object of the ASF specification.
_ASF_ENCRYPTION = (
    bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a292226174cb935dae07ee9289c"),
)
_ASF_MAGIC = bytes.fromhex("3026b2758e66cf11")


def refuse_encrypted_header(head: bytes) -> None:
    """Refuse Windows Media whose header holds a protection object, which FFmpeg calls damaged.

    Raises:
        MediaError: `encrypted`.
    """
    if head.startswith(_ASF_MAGIC) and any(mark in head for mark in _ASF_ENCRYPTION):
        raise _refusal()


def refuse_encrypted_stream(stream: EncodedStream) -> None:
    """Refuse a stream that is declared as protected.

    Raises:
        MediaError: `encrypted`.
    """
    # Matroska's demuxer leaves the key's name among the tags.
    is_locked_matroska = "enc_key_id" in stream.metadata
    if is_locked_matroska or stream.codec_context.codec_tag in _PROTECTED_TAGS:
        raise _refusal()


def refuse_encrypted_packet(packet: "Packet[EncodedStream]") -> None:
    """Refuse a packet that carries decryption information.

    Raises:
        MediaError: `encrypted`.
    """
    if packet.has_sidedata("encryption_info"):
        raise _refusal()


def _refusal() -> MediaError:
    return MediaError("is encrypted (protected against copying).", code="encrypted")
