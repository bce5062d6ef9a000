"""What a request may narrow a list of transcripts, or a search in them, down to."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from transcriber.infra.paging import MAX_LIMIT
from transcriber.infra.places import PlaceText
from transcriber.infra.schemas import RequestModel
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.search.folding import fold_name
from transcriber.transcripts.sorting import NEWEST_FIRST, TranscriptSort
from transcriber.transcripts.tags.spelling import Tag

MAX_NAME_TEXT = 100
_VISIBLE = r"^[^\x00-\x1f\x7f]+$"


def _check_calendar(value: date) -> date:
    """Refuse what another zone's clock moves out of the calendar."""
    try:
        _to_utc(value, time.min)
    except OverflowError as error:
        raise ValueError("The time is outside of the calendar.") from error
    return value


def _check_name(value: str) -> str:
    """Refuse what would find every name, because nothing of it is compared."""
    if not fold_name(value):
        raise ValueError("The name needs a character that can be seen.")
    return value


def _to_utc(value: date, of_day: time) -> datetime:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, of_day, UTC)


Moment = Annotated[AwareDatetime | date, AfterValidator(_check_calendar)]


class TranscriptFilters(RequestModel):
    """Only transcripts that have all of this."""

    language: str | None = Field(
        default=None, max_length=8, pattern=_VISIBLE, description="As in `en`."
    )
    model: str | None = Field(default=None, max_length=64, pattern=_VISIBLE)
    task: Literal["transcribe", "translate"] | None = None
    name: Annotated[str, AfterValidator(_check_name)] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_NAME_TEXT,
        description="A part of the name, whatever the case and the accents.",
    )
    tag: Tag | None = Field(default=None, description="One of its tags, whatever the case.")
    created_from: Moment | None = Field(
        default=None, description="A day (UTC), or a time with its zone."
    )
    created_to: Moment | None = Field(
        default=None, description="As `created_from`; a day counts to its end."
    )

    def build_filter(self) -> TranscriptFilter:
        """The rows' side of it."""
        return TranscriptFilter(
            **self.model_dump(include={"language", "model", "task", "name", "tag"}),
            created_from=None
            if self.created_from is None
            else _to_utc(self.created_from, time.min),
            created_to=None if self.created_to is None else _to_utc(self.created_to, time.max),
        )


class TranscriptListQuery(TranscriptFilters):
    """A page of a list."""

    sort: TranscriptSort = Field(
        default=NEWEST_FIRST, description="A leading minus turns the order round."
    )
    limit: int = Field(default=50, ge=1, le=MAX_LIMIT, description="Rows on the page.")
    cursor: PlaceText = None
