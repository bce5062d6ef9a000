"""Turns a checkpoint into a CTranslate2 model directory, once per checkpoint."""

from transcriber.engine.conversion.cache import ensure_converted
from transcriber.engine.conversion.model_directory import write_model_directory

__all__ = ["ensure_converted", "write_model_directory"]
