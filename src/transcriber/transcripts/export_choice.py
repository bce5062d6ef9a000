"""What a request for files asks for, settled before anything is read or written."""

from dataclasses import dataclass

from transcriber.engine.errors import OptionsError
from transcriber.formats import (
    PARTS,
    ExportOptions,
    FileKind,
    Selection,
    SubtitleOptions,
    find_kind,
)
from transcriber.infra.errors import InvalidError
from transcriber.transcripts.schemas import ExportChoices

LIMITS = frozenset(SubtitleOptions.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """A format and what its files show."""

    kind: FileKind
    selection: Selection


def settle_choice(asked: ExportChoices) -> ExportChoice:
    """Find the format and settle what it shows.

    Raises:
        InvalidError: for limits that no subtitle could keep, or a part that the format has not.
    """
    kind = find_kind(asked.format)
    try:
        options = ExportOptions(
            subtitle=SubtitleOptions(**asked.model_dump(include=set(LIMITS))),
            **asked.model_dump(include=set(PARTS)),
        )
        return ExportChoice(kind, kind.settle(options))
    except OptionsError as error:
        raise InvalidError(str(error), code=error.code) from error
