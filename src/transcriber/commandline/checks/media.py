"""Whether recordings can be decoded here, and how well the decoder is locked up."""

import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

from transcriber.commandline.checks.finding import Finding

# One decoder for each kind of file that people send most.
_CODECS = ("aac", "ac3", "alac", "amrnb", "flac", "mp3", "opus", "pcm_s16le", "vorbis", "wmav2")


def check_codecs() -> Iterator[Finding]:
    """Ask the bundled FFmpeg for its decoders, and have the sandboxed child open a recording."""
    from av.codec import Codec  # noqa: PLC0415 - slow to import.
    from av.codec.codec import UnknownCodecError  # noqa: PLC0415

    missing: list[str] = []
    for name in _CODECS:
        try:
            Codec(name, "r")
        except UnknownCodecError:
            missing.append(name)
    mend = "Install the av package again, from its own wheel."
    if missing:
        yield Finding("codecs", "fail", f"FFmpeg lacks {', '.join(missing)}", mend)
    else:
        yield Finding("codecs", "ok", f"{', '.join(_CODECS)} and more")
    yield _try_decoding(mend)


def check_sandbox() -> Iterator[Finding]:
    """Start a real child and read which layers of its confinement hold."""
    from transcriber.engine.media import sandbox_report  # noqa: PLC0415 - slow to import.

    report = sandbox_report()
    if report.is_complete:
        yield Finding("sandbox", "ok", f"active: {', '.join(report.layers)}")
        return
    for name in report.missing:
        yield Finding(
            "sandbox",
            "warn",
            f"{name}: {report.layers[name]}",
            "Media are decoded with the other layers; a newer kernel (5.13 or later, with Landlock "
            "and seccomp) or a less strict container profile gives this one.",
        )


def _try_decoding(mend: str) -> Finding:
    from transcriber.engine.errors import EngineError  # noqa: PLC0415 - slow to import.
    from transcriber.engine.media import probe_media  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "silence.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, 16_000, 0, "NONE", ""))
            file.writeframes(bytes(32_000))
        try:
            info = probe_media(path)
        except EngineError as error:
            return Finding("decoding", "fail", str(error), mend)
    return Finding("decoding", "ok", f"a test recording was read ({info.codec})")
