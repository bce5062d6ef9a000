"""Find what an operator staged in the models directory."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

CHECKPOINT_SUFFIX = ".pt"
WEIGHTS_FILE = "model.bin"
# OpenAI gives two of its files a second name.
ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class StagedModel:
    """A model in the models directory, found but not yet examined.

    Attributes:
        name: What requests call it: the file's or folder's name without `.pt`.
        path: The checkpoint, or the CTranslate2 directory.
        kind: Which of the two it is.
        size_bytes: Of the checkpoint, or of the directory's `model.bin`.
    """

    name: str
    path: Path
    kind: Literal["checkpoint", "ctranslate2"]
    size_bytes: int

    @property
    def weights(self) -> Path:
        """The file whose checksum is the model's."""
        return self.path / WEIGHTS_FILE if self.kind == "ctranslate2" else self.path


def list_models(models_dir: Path) -> list[StagedModel]:
    """List the staged models by name; a checkpoint hides a directory of the same name.

    Args:
        models_dir: Where checkpoints `NAME.pt` and CTranslate2 directories `NAME/` are staged.

    Returns:
        The models, unexamined.

    Raises:
        ModelError: `models_dir_missing`, or `model_unreadable` for a directory without permission.
    """
    try:
        entries = sorted(models_dir.iterdir())
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ModelError(
            f"The models directory {models_dir} does not exist; create it and stage a checkpoint "
            "such as base.pt there.",
            code="models_dir_missing",
        ) from error
    except OSError as error:
        raise ModelError(
            f"The models directory {models_dir} cannot be read: {error.strerror}.",
            code="model_unreadable",
        ) from error
    found = [model for entry in entries if (model := _recognise(entry)) is not None]
    # Checkpoints come last so that they win.
    by_name = {model.name: model for model in sorted(found, key=lambda m: m.kind != "ctranslate2")}
    return [by_name[name] for name in sorted(by_name)]


def find_model(name: str, models_dir: Path) -> StagedModel:
    """Find one staged model; `large` and `turbo` also find the files OpenAI names so.

    Args:
        name: The model's name; never a path.
        models_dir: Where models are staged.

    Returns:
        The model, unexamined.

    Raises:
        ModelError: `models_dir_missing`, or `model_missing` naming what is staged.
    """
    staged = {model.name: model for model in list_models(models_dir)}
    model = staged.get(name) or staged.get(ALIASES.get(name, ""))
    if model is None:
        there = ", ".join(staged) or "nothing"
        raise ModelError(
            f"The model {quote(name)} is not staged in {models_dir}, which holds {there}.",
            code="model_missing",
        )
    return model


def _recognise(entry: Path) -> StagedModel | None:
    try:
        return _identify(entry)
    except OSError:
        # It vanished meanwhile, or lies in a folder that is not ours to open: the others count.
        return None


def _identify(entry: Path) -> StagedModel | None:
    if entry.is_dir():
        weights = entry / WEIGHTS_FILE
        if _NAME.fullmatch(entry.name) and weights.is_file():
            return StagedModel(entry.name, entry, "ctranslate2", weights.stat().st_size)
        return None
    name = entry.name.removesuffix(CHECKPOINT_SUFFIX)
    if entry.suffix == CHECKPOINT_SUFFIX and _NAME.fullmatch(name) and entry.exists():
        return StagedModel(name, entry, "checkpoint", entry.stat().st_size)
    return None
