"""From received to recording: read everything again, compare, publish, submit the job.

It may take as long as reading the recording takes, so it runs outside of any request, under a lease
that somebody else takes over when this process dies.  `Upload.attempt` is the fence.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.storage import StoredObject
from transcriber.infra.storage.parts import PartsLostError, SyncFailedError
from transcriber.jobs.creation import Submission
from transcriber.jobs.service import JobService
from transcriber.uploads import repository
from transcriber.uploads.cleaning import build_assembly, clean_after_commit
from transcriber.uploads.comparing import compare_chunks
from transcriber.uploads.counting import FAILED, count_end
from transcriber.uploads.errors import StaleClaimError, VerificationError
from transcriber.uploads.joining import join_pieces
from transcriber.uploads.layout import count_chunks, describe_part
from transcriber.uploads.lease import Lease
from transcriber.uploads.models import TUS, Upload, UploadChunk
from transcriber.uploads.restarting import discard_beginning, forget_beginning
from transcriber.uploads.service import end_upload
from transcriber.uploads.states import UploadState

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to verify an upload: whoever holds the newest attempt has it."""

    upload_id: str
    attempt: int


def take_claim(session: Session, upload: Upload, owner: str, lease_seconds: float) -> Claim:
    """Make a locked upload this owner's to verify, until the lease runs out."""
    upload.state = UploadState.VERIFYING
    upload.attempt += 1
    upload.tries += 1
    upload.error_code = upload.error_message = None
    now = read_database_time(session)
    upload.lease_owner = owner
    upload.lease_until = now + timedelta(seconds=lease_seconds)
    upload.updated_at = now
    return Claim(upload.id, upload.attempt)


def verify_upload(context: Context, claim: Claim) -> None:
    """Verify, and complete the upload or send it back to receiving.

    Raises:
        StaleClaimError: somebody else does it by now; nothing was written.
        DrainingError: this process is asked to stop; whoever comes next may begin at once.
        ServiceError: the storage fails for the moment; the lease runs out and another tries.
        sqlalchemy.exc.OperationalError: when the database is away; the same.
    """
    with context.database.snapshot() as session:
        upload = _require_claim(session.get(Upload, claim.upload_id), claim)
        chunks = repository.list_chunks(session, upload)
    lease = Lease(context, claim.upload_id, claim.attempt)
    try:
        if upload.is_joined:
            upload, chunks = _join(context, upload, claim, lease.check)
        stored = _verify(context, upload, chunks, lease.check)
    except VerificationError as failure:
        _refuse(context, claim, failure)
    except PartsLostError as lost:
        _refuse(context, claim, VerificationError(lost.code, lost.detail, lost.numbers))
    except SyncFailedError as failed:
        _refuse(context, claim, VerificationError(failed.code, failed.detail, ()))
    else:
        _complete(context, claim, stored)


def _join(
    context: Context, upload: Upload, claim: Claim, check: Callable[[], None]
) -> tuple[Upload, Sequence[UploadChunk]]:
    upload = join_pieces(
        context,
        upload,
        lambda session: _require_claim(repository.lock_upload(session, claim.upload_id), claim),
        check,
    )
    with context.database.snapshot() as session:
        return upload, repository.list_chunks(session, upload)


def _verify(
    context: Context, upload: Upload, chunks: Sequence[UploadChunk], check: Callable[[], None]
) -> StoredObject:
    parts, assembly = context.storage.parts, build_assembly(upload)
    parts.assemble(assembly, [describe_part(chunk) for chunk in chunks], check)
    check()
    with closing(parts.stream(assembly)) as blocks:
        sha256 = _compare(blocks, upload, chunks, check)
    parts.publish(assembly)
    return StoredObject(upload.storage_key, upload.size_bytes, sha256)


def _compare(
    blocks: Iterator[bytes],
    upload: Upload,
    chunks: Sequence[UploadChunk],
    check: Callable[[], None],
) -> str:
    """The SHA-256 of the whole, when it and every chunk is as it should be."""
    whole = hashlib.sha256()
    damaged: list[int] = []
    for piece in compare_chunks(blocks, chunks, damaged):
        whole.update(piece)
        check()
    if damaged:
        raise VerificationError(
            "chunk_damaged",
            f"The storage gave back other bytes than it took for {len(damaged)} chunks; "
            "send these again.",
            damaged,
            is_assembled=True,
        )
    if upload.sha256 is not None and whole.hexdigest() != upload.sha256:
        raise VerificationError(
            "checksum_mismatch",
            f"The whole has the SHA-256 {whole.hexdigest()}, not the announced {upload.sha256}; "
            "send all chunks again.",
        )
    return whole.hexdigest()


def _complete(context: Context, claim: Claim, stored: StoredObject) -> None:
    """T1, with the end of the upload and of its reservation in the same transaction."""
    with context.database.unit_of_work() as uow:
        upload = _lock_claimed(uow, claim)
        now = read_database_time(uow.session)
        end_upload(uow, context, upload, UploadState.COMPLETED, now)
        submission = Submission(
            user_id=upload.user_id,
            name=upload.name,
            model=upload.model,
            options=upload.options,
            stored=stored,
        )
        job = JobService(uow, context.queue, context.storage).submit(submission)
        upload.job_id = job.id
        clean_after_commit(uow, context, upload)


def _refuse(context: Context, claim: Claim, failure: VerificationError) -> None:
    with context.database.unit_of_work() as uow:
        send_back(uow, context, _lock_claimed(uow, claim), failure)


def send_back(
    uow: UnitOfWork, context: Context, upload: Upload, failure: VerificationError
) -> None:
    """Let a locked upload that is being verified take chunks again."""
    _log.warning("upload_sent_back", upload_id=upload.id, code=failure.code, reason=str(failure))
    count_end(uow, context, upload.protocol, FAILED)
    upload.state = UploadState.RECEIVING
    upload.error_code, upload.error_message = failure.code, str(failure)
    upload.lease_owner = upload.lease_until = None
    _renew(context, upload, read_database_time(uow.session))
    is_all_lost = failure.numbers is None
    # Where the store has made one object of the parts, none of them can be replaced any more.
    if failure.numbers and failure.is_assembled and not context.storage.parts.keeps_parts:
        is_all_lost = True
    if failure.numbers and upload.protocol == TUS:
        # Its bytes come one after the other, so all behind the first of them have to come again.
        failure.numbers = range(
            min(failure.numbers), count_chunks(upload.size_bytes, upload.chunk_bytes)
        )
    repository.delete_chunks(uow.session, upload, None if is_all_lost else failure.numbers)
    if is_all_lost:
        old = build_assembly(upload)
        uow.after_commit(lambda: discard_beginning(context, old))
        forget_beginning(upload)
    else:
        # A disk that lost bytes is not trusted with those that are to come.
        upload.file += 1
        upload.received_bytes = repository.sum_received(uow.session, upload)


def _renew(context: Context, upload: Upload, now: datetime) -> None:
    lifetime = timedelta(hours=context.settings.upload_expiry_hours)
    upload.expires_at = max(upload.expires_at, now + lifetime)
    upload.updated_at = now


def _lock_claimed(uow: UnitOfWork, claim: Claim) -> Upload:
    return _require_claim(repository.lock_upload(uow.session, claim.upload_id), claim)


def _require_claim(upload: Upload | None, claim: Claim) -> Upload:
    if upload is None or upload.state != UploadState.VERIFYING or upload.attempt != claim.attempt:
        raise StaleClaimError
    return upload
