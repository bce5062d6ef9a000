"""Shapes of the preferences, which are read as they are set."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from transcriber.accounts.preferences.models import MAX_MODEL_LENGTH, AccountPreferences
from transcriber.engine.languages import LANGUAGE_CODES
from transcriber.infra.schemas import RequestModel


def _check_code(code: str) -> str:
    if code not in LANGUAGE_CODES:
        raise ValueError("is not a Whisper language code such as en")
    return code


class JobDefaults(RequestModel):
    """What a page offers first for a new job; requests that leave options out are not concerned."""

    model: str | None = Field(
        min_length=1,
        max_length=MAX_MODEL_LENGTH,
        # A name that is stored and shown: nothing that a database or a terminal trips over.
        pattern=r"^[^\x00-\x1f\x7f]+$",
        description="Null: the service's default. It may have gone since it was chosen.",
    )
    language: Annotated[str, AfterValidator(_check_code)] | None = Field(
        description="Whisper code such as `en`; null: to be detected."
    )
    task: Literal["transcribe", "translate"]
    word_timestamps: bool


UNDECIDED = JobDefaults(model=None, language=None, task="transcribe", word_timestamps=False)


class Preferences(RequestModel):
    """All that an account chose; null leaves a part to the browser."""

    theme: Literal["light", "dark", "auto"] | None
    language: Literal["en", "de"] | None = Field(description="Of the pages.")
    job_defaults: JobDefaults

    @classmethod
    def show(cls, row: AccountPreferences | None) -> Self:
        """The row as it is sent; without one nothing was chosen."""
        if row is None:
            return cls(theme=None, language=None, job_defaults=UNDECIDED)
        return cls.model_validate(
            {
                "theme": row.theme,
                "language": row.language,
                "job_defaults": {
                    "model": row.job_model,
                    "language": row.job_language,
                    "task": row.job_task,
                    "word_timestamps": row.job_word_timestamps,
                },
            }
        )
