# What the conversion uses of ctranslate2.specs, which ships no types.
from typing import Any

class WhisperConfig:
    alignment_heads: list[tuple[int, int]]
    lang_ids: list[int]
    suppress_ids: list[int]
    suppress_ids_begin: list[int]

class WhisperSpec:
    config: WhisperConfig
    # The layers' attributes are created at run time from the architecture.
    encoder: Any
    decoder: Any
    def __init__(
        self,
        num_encoder_layers: int,
        num_encoder_heads: int,
        num_decoder_layers: int,
        num_decoder_heads: int,
    ) -> None: ...
    def register_vocabulary(self, tokens: list[str]) -> None: ...
    def validate(self) -> None: ...
    def optimize(self, quantization: str | None = None) -> None: ...
    def save(self, output_dir: str) -> None: ...
