"""Recognises recordings whose audio is encrypted, which would decode to noise."""

from typing import TYPE_CHECKING

from transcriber.engine.errors import MediaError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream as EncodedStream
    from av.packet import Packet


def refuse_encrypted(packet: "Packet[EncodedStream]") -> None:
    """Refuse a packet that carries decryption information.

    Raises:
        MediaError: `unsupported`.
    """
    if packet.has_sidedata("encryption_info"):
        raise MediaError("is encrypted (protected against copying).")
