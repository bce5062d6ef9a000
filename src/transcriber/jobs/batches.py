"""Many recordings in one request: a job for each, and an answer for each.

The files are made durable one after the other while the body arrives.  Jobs are submitted once the
body is complete and its options were read, each in a transaction of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from transcriber.infra.body_stream import BodyReader, Pace
from transcriber.infra.context import Context
from transcriber.infra.errors import BadRequestError, ServiceError, UnavailableError
from transcriber.infra.idempotency import hash_content
from transcriber.infra.multipart import read_boundary
from transcriber.jobs.creation import BATCH_ROUTE, Submission
from transcriber.jobs.form import JobChoices, read_choices
from transcriber.jobs.intake import Acceptance, count_refused, submit_stored
from transcriber.jobs.options import write_options
from transcriber.jobs.staged import choose_model
from transcriber.recordings.batch import BatchFile, BatchReception, compute_body_limit
from transcriber.recordings.names import UNNAMED, clean_name
from transcriber.recordings.quota import Allowance
from transcriber.recordings.reception import build_size_refusal

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What came of one file: a job, or the refusal; `name` is as it is shown."""

    name: str
    acceptance: Acceptance | None
    error: ServiceError | None


async def receive_batch(
    request: Request, context: Context, user_id: str, key: str | None
) -> list[BatchResult]:
    """Stream the body into storage and submit a job for each file, in the order they came in.

    A refusal of the whole request (the form, its options) leaves nothing stored.

    Raises:
        ServiceError: when the form itself cannot be read.
        RequestValidationError: for an option that is unknown or out of range.
    """
    boundary = read_boundary(
        request.headers.get("content-type"), request.headers.get("content-encoding")
    )
    body = BodyReader(request, Pace.of(context.settings))
    limit = context.settings.max_upload_bytes
    reception = BatchReception(context.storage, boundary, max_bytes=limit)
    try:
        await run_in_threadpool(_check_length, request.headers, context)
        async for batch in body.read_batches():
            await run_in_threadpool(reception.feed, bytes(batch))
        return await run_in_threadpool(_submit_all, context, reception, user_id, key)
    except ServiceError:
        await body.linger()
        raise
    finally:
        # Kept files are out of its reach; whatever is left has no job.
        await run_in_threadpool(reception.discard)


def _check_length(headers: Mapping[str, str], context: Context) -> None:
    length = headers.get("content-length")
    if length is None:
        return
    if not length.isdecimal():
        raise BadRequestError("Content-Length is not a number.")
    if int(length[:20]) > compute_body_limit(context.settings.max_upload_bytes):
        raise build_size_refusal(context.settings.max_upload_bytes)
    context.storage.check_space(int(length))


def _submit_all(
    context: Context, reception: BatchReception, user_id: str, key: str | None
) -> list[BatchResult]:
    files = reception.finish()
    asked = _Asked.read(context, reception.fields, user_id, key)
    results = [asked.submit(index, file) for index, file in enumerate(files)]
    for _ in filter(lambda result: result.error is not None, results):
        count_refused(context)
    return results


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    context: Context
    user_id: str
    key: str | None
    model: str
    choices: JobChoices

    @classmethod
    def read(
        cls, context: Context, fields: Mapping[str, str], user_id: str, key: str | None
    ) -> "_Asked":
        choices = read_choices(fields)
        choices.build_options()
        model = choose_model(context.settings, choices.model)
        return cls(context=context, user_id=user_id, key=key, model=model, choices=choices)

    def submit(self, index: int, file: BatchFile) -> BatchResult:
        name = UNNAMED
        try:
            name = clean_name(file.name)
            if file.error is not None:
                return BatchResult(name, None, file.error)
            return BatchResult(name, self._submit(index, name, file), None)
        except ServiceError as error:
            return BatchResult(name, None, error)
        except (OperationalError, InterfaceError, InternalError) as error:
            _log.error("database_away", error=str(error))
            away = UnavailableError(
                "The database does not answer for the moment; send this recording again.",
                code="database_unavailable",
            )
            return BatchResult(name, None, away)

    def _submit(self, index: int, name: str, file: BatchFile) -> Acceptance:
        if file.stored is None:
            raise RuntimeError("A file without bytes has an error.")
        submission = Submission(
            user_id=self.user_id,
            name=name,
            model=self.model,
            options=write_options(self.choices.build_options()),
            stored=file.stored,
            # Each place in the batch has a key of its own: a repeated batch gives the jobs that
            # exist, and makes those that could not be made the first time.
            idempotency_key=None if self.key is None else hash_content(self.key, index),
            allowance=Allowance.of(self.context.settings),
            reuse=self.choices.reuse,
            route=BATCH_ROUTE,
        )
        return submit_stored(self.context, submission, file.keep)
