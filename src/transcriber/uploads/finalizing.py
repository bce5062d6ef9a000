"""Asking for an upload's end, and how that end is worked for: in the API, or taken over later."""

from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ServiceError
from transcriber.infra.identifiers import create_id
from transcriber.infra.metric_families import FENCES, LEASE_EXPIRIES, UPLOAD
from transcriber.infra.ownership import for_everybody
from transcriber.uploads import repository
from transcriber.uploads.errors import (
    StaleClaimError,
    UploadIncompleteError,
    UploadStateError,
    VerificationError,
)
from transcriber.uploads.layout import MAX_SHOWN_RANGES
from transcriber.uploads.lease import DrainingError, Lease
from transcriber.uploads.models import Upload
from transcriber.uploads.service import UploadService, audit_upload, require_present
from transcriber.uploads.states import UploadState
from transcriber.uploads.verification import (
    Claim,
    send_back,
    take_claim,
    verify_upload,
)

VERIFIERS = 2
"""Verifications at a time in one API process: they read disks and keep cores busy with hashing."""
MAX_TRIES = 5
"""Processes lost or storage failing so often in a row ends a verification."""
BATCH = 20

_log = structlog.stdlib.get_logger(__name__)


def begin_finalizing(
    uow: UnitOfWork, context: Context, user_id: str, upload_id: str, owner: str
) -> Claim | None:
    """Let the verification of a complete upload begin; None where it began or ended before.

    Raises:
        NotFoundError: no such upload of the account.
        UploadGoneError: it expired or was cancelled.
        UploadIncompleteError: chunks are missing; the problem says which.
    """
    service = UploadService(uow, context)
    upload = service.find(user_id, upload_id, lock=True)
    require_present(upload, read_database_time(uow.session))
    if _is_expired(uow, upload):
        return take_claim(uow.session, upload, owner, context.settings.lease_seconds)
    if upload.state != UploadState.RECEIVING:
        return None
    if upload.is_piece:
        raise UploadStateError("The upload is a piece: join it with the others.", code="piece")
    missing = [] if upload.is_joined else service.describe(upload).missing
    if missing:
        count = sum(last - first + 1 for first, last in missing)
        raise UploadIncompleteError(
            f"{count} chunks have not been received yet.",
            extra={
                "missing": [list(each) for each in missing[:MAX_SHOWN_RANGES]],
                "received_bytes": upload.received_bytes,
                "size_bytes": upload.size_bytes,
            },
        )
    upload.tries = 0
    audit_upload(uow.session, "upload.finalize", upload)
    return take_claim(uow.session, upload, owner, context.settings.lease_seconds)


class Verifier:
    """Verifies beside the requests of one API process.

    Args:
        context: The process's parts.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self.owner = f"api:{create_id()}"
        self._threads = ThreadPoolExecutor(VERIFIERS, thread_name_prefix="verifier")
        self._lock = Lock()
        self._running: dict[str, Future[None]] = {}

    def start(self, claim: Claim) -> None:
        """Begin as soon as a thread is free."""
        # What comes of it is the act of whoever asked, from where they asked.
        origin = copy_context()
        with self._lock:
            future = self._threads.submit(origin.run, run_claim, self._context, claim)
            self._running[claim.upload_id] = future
        future.add_done_callback(lambda _: self._forget(claim.upload_id, future))

    def find(self, upload_id: str) -> "Future[None] | None":
        """The verification of an upload, if it runs or waits here."""
        with self._lock:
            return self._running.get(upload_id)

    def _forget(self, upload_id: str, future: Future[None]) -> None:
        with self._lock:
            if self._running.get(upload_id) is future:
                del self._running[upload_id]


def run_claim(context: Context, claim: Claim) -> None:
    """Verify; whatever goes wrong is written down, and somebody tries again where that may help."""
    with structlog.contextvars.bound_contextvars(upload_id=claim.upload_id):
        try:
            verify_upload(context, claim)
        except StaleClaimError:
            _log.info("verification_taken_over")
            context.meter.count(FENCES, UPLOAD)
        except DrainingError:
            _release(context, claim)
        except (ServiceError, OperationalError) as error:
            _log.warning("verification_interrupted", reason=str(error))
        except Exception:  # noqa: BLE001 -- the lease runs out, and after a few tries the owner is told
            _log.exception("verification_failed")


def take_over_verifications(context: Context, owner: str) -> int:
    """Verify what a lost process has left, one upload after the other; returns how many."""
    count = 0
    for upload_id in _list_expired(context):
        with context.database.unit_of_work() as uow:
            upload = repository.lock_upload(uow.session, upload_id, skip_locked=True)
            if upload is None or not _is_expired(uow, upload):
                continue
            if upload.tries >= MAX_TRIES:
                failure = VerificationError(
                    "verification_failed",
                    "The verification did not come to an end; finalize again, or cancel.",
                    (),
                )
                send_back(uow, context, upload, failure)
                continue
            claim = take_claim(uow.session, upload, owner, context.settings.lease_seconds)
        context.meter.count(LEASE_EXPIRIES, UPLOAD)
        run_claim(context, claim)
        count += 1
    return count


@for_everybody
def _list_expired(context: Context) -> list[str]:
    with context.database.snapshot() as session:
        now = read_database_time(session)
        query = (
            select(Upload.id)
            .where(Upload.state == UploadState.VERIFYING, Upload.lease_until < now)
            .order_by(Upload.lease_until)
            .limit(BATCH)
        )
        return list(session.scalars(query))


def _is_expired(uow: UnitOfWork, upload: Upload) -> bool:
    return (
        upload.state == UploadState.VERIFYING
        and upload.lease_until is not None
        and upload.lease_until < read_database_time(uow.session)
    )


def _release(context: Context, claim: Claim) -> None:
    try:
        Lease(context, claim.upload_id, claim.attempt).release()
    except (StaleClaimError, OperationalError) as error:
        _log.info("verification_not_released", reason=str(error))
