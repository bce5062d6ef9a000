"""Everything the engine refuses, each with a stable code that callers may store and translate."""


class EngineError(Exception):
    """A refusal with a stable `code` (snake_case) and one readable sentence.

    Attributes:
        code: Names the reason; never changes once released.
    """

    default_code = "engine_error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.default_code


class OptionsError(EngineError):
    """An option has a value the engine cannot honour; the message names option and value."""

    default_code = "invalid_option"


class ModelError(EngineError):
    """A staged model is missing or unusable.

    The message names the file, what was expected and what was found.  Codes: `models_dir_missing`,
    `model_missing`, `model_unreadable`, `model_truncated`, `model_foreign`, `model_unsafe`,
    `model_malformed`, `model_checksum`, `model_cache_unusable`,
    `device_unusable` where the machine cannot compute it as it was told to, and `memory_short`
    where the machine has too little memory at present.
    """

    default_code = "model_malformed"


class OutOfMemoryError(EngineError):
    """Memory ran out while a model was loaded or decoded with; with less of it, it may work."""

    default_code = "out_of_memory"


class MediaError(EngineError):
    """A recording cannot be decoded to speech.

    Codes: `unsupported` (not a media container or codec we accept), `playlist` (text that names
    other media), `encrypted`, `empty`, `no_audio` (video without an audio track), `truncated`,
    `too_long`, `unreadable`, `decoder_crashed`.
    """

    default_code = "unsupported"


class SpeakersError(EngineError):
    """Speakers cannot be told apart; the transcript stands without them."""

    default_code = "speakers_unavailable"
