"""What an administrator asks of workers: a row each, which they look at by themselves."""

from transcriber.admin.system.workers import is_live
from transcriber.infra.audit import SERVICE, record_act
from transcriber.infra.clock import read_database_time
from transcriber.infra.database import UnitOfWork
from transcriber.infra.errors import ConflictError, NotFoundError
from transcriber.infra.heartbeats import WorkerHeartbeat
from transcriber.infra.idempotency import KeyedRequest, create_once, hash_content
from transcriber.infra.worker_drains import WorkerDrain, add_drain, find_drain
from transcriber.jobs.model_validations import ModelValidation, add_validation

DRAINS_LOCK = "transcriber.worker_drains"
VALIDATE_ROUTE = "POST /api/admin/models/validation"


class WorkerGoneError(ConflictError):
    """The worker does not live any more, and nobody has its place."""

    code = "worker_gone"
    title = "This worker is gone."


def drain_worker(uow: UnitOfWork, admin_id: str, worker_id: str) -> WorkerDrain:
    """Keep a worker's place from work; a second time changes nothing.

    Raises:
        NotFoundError: no such worker.
        WorkerGoneError: it has been silent for too long.
        ConflictError: `worker_too_old`.
    """
    uow.acquire_lock(DRAINS_LOCK)
    session = uow.session
    drain = find_drain(session, worker_id)
    if drain is not None:
        return drain
    worker = session.get(WorkerHeartbeat, worker_id)
    if worker is None:
        raise NotFoundError("There is no such worker.", code="worker_not_found")
    if not is_live(worker, read_database_time(session)):
        raise WorkerGoneError("This worker was not heard of for too long; it works on nothing.")
    if worker.slot is None:
        raise ConflictError(
            "This worker is of a version that cannot be drained; stop it on its machine.",
            code="worker_too_old",
        )
    _record(uow, admin_id, "worker.drain", worker_id, f"{worker.host} ({worker.pid})")
    return add_drain(session, worker.slot, worker_id, admin_id)


def resume_worker(uow: UnitOfWork, admin_id: str, worker_id: str) -> None:
    """Let a drained place work again; one that is not drained stays as it is.

    Raises:
        NotFoundError: no such worker, and none of that id was drained.
    """
    uow.acquire_lock(DRAINS_LOCK)
    session = uow.session
    drain = find_drain(session, worker_id)
    if drain is not None:
        session.delete(drain)
        _record(uow, admin_id, "worker.resume", worker_id)
    elif session.get(WorkerHeartbeat, worker_id) is None:
        raise NotFoundError("There is no such worker.", code="worker_not_found")


def validate_models(uow: UnitOfWork, admin_id: str, key: str | None) -> ModelValidation:
    """Have every process look at the staged models again.

    Raises:
        ConflictError: `idempotency_conflict`.
    """
    session = uow.session
    creation = create_once(
        session,
        KeyedRequest(user_id=admin_id, route=VALIDATE_ROUTE, key=key, request_hash=hash_content()),
        lambda validation_id: add_validation(session, validation_id, admin_id),
    )
    if creation.is_new:
        _record(uow, admin_id, "model.validate", creation.resource_id)
    return session.get_one(ModelValidation, creation.resource_id)


def _record(
    uow: UnitOfWork, admin_id: str, action: str, object_id: str, detail: str | None = None
) -> None:
    record_act(
        uow.session,
        actor=f"admin:{admin_id}",
        action=action,
        object_id=object_id,
        user_id=SERVICE,
        detail=detail,
    )
