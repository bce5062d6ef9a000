"""Reads OpenAI's `.pt` checkpoints without PyTorch and without executing pickle."""

from transcriber.engine.checkpoint.dimensions import Dimensions
from transcriber.engine.checkpoint.reader import Checkpoint, read_checkpoint

__all__ = ["Checkpoint", "Dimensions", "read_checkpoint"]
