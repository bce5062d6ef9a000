from collections.abc import Sequence
from typing import Any

_LANGUAGE_CODES: tuple[str, ...]

class Tokenizer:
    timestamp_begin: int
    eot: int
    non_speech_tokens: tuple[int, ...]
    def __init__(
        self, tokenizer: Any, multilingual: bool, task: str | None, language: str | None
    ) -> None: ...
    def encode(self, text: str) -> list[int]: ...
    def decode(self, tokens: Sequence[int]) -> str: ...
