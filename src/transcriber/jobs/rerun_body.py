"""The body of a re-run: the options of the form, each of which may stay as it was."""

from typing import Any, Literal

from pydantic import Field

from transcriber.engine.errors import OptionsError
from transcriber.infra.errors import InvalidError
from transcriber.infra.schemas import RequestModel
from transcriber.infra.settings import Settings
from transcriber.jobs.creation import Rerun
from transcriber.jobs.form import Prompt, SpeakersChoice, Text
from transcriber.jobs.models import Job
from transcriber.jobs.options import read_options, write_options
from transcriber.jobs.staged import check_language, choose_model


class RerunRequest(RequestModel):
    """What shall differ from the job that is run again; what is not sent stays as it was there."""

    name: Text | None = Field(default=None, min_length=1, max_length=5_000)
    model: Text | None = Field(default=None, min_length=1, max_length=100)
    language: Text | None = Field(
        default=None,
        max_length=20,
        description="Whisper code such as `en`; `auto` or null: to be detected.",
    )
    task: Literal["transcribe", "translate"] | None = None
    beam_size: int | None = Field(default=None, ge=1, le=10)
    best_of: int | None = Field(default=None, ge=1, le=10)
    patience: float | None = Field(default=None, ge=0.1, le=10)
    initial_prompt: Prompt | None = Field(default=None, description="Null: none.")
    hotwords: Prompt | None = Field(default=None, description="Null: none.")
    condition_on_previous_text: bool | None = None
    word_timestamps: bool | None = None
    vad_filter: bool | None = None
    speakers: SpeakersChoice | None = Field(default=None, description="Null: not told apart.")

    def build_rerun(self, job: Job, settings: Settings) -> Rerun:
        """The job as it shall run this time.

        Raises:
            InvalidError: `unknown_model`, `unknown_language`, or what the engine cannot honour.
        """
        options = {**job.options, **self._list_changes()}
        options["language"] = check_language(options["language"])
        try:
            frozen = write_options(read_options(options))
        except OptionsError as error:
            raise InvalidError(str(error), code=error.code) from error
        return Rerun(
            job_id=job.id,
            name=self.name or job.name,
            model=choose_model(settings, self.model or job.model),
            options=frozen,
        )

    def _list_changes(self) -> dict[str, Any]:
        given = self.model_dump(exclude={"name", "model"}, exclude_unset=True)
        # Null says something of these only; a null elsewhere is a field left alone.
        removable = {"language", "initial_prompt", "hotwords", "speakers"}
        return {
            name: (value or None) if name in removable else value
            for name, value in given.items()
            if value is not None or name in removable
        }
