"""Owners who send chunks in every order, cut them, repeat them, and processes that come and go.

The model knows which chunks were acknowledged; the service must know exactly these.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from invariant_profile import PROFILE
from job_builders import empty_service
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.errors import ServiceError
from transcriber.infra.storage import build_storage
from transcriber.infra.storage.parts import PartBusyError
from transcriber.jobs.models import Job
from transcriber.recordings.models import Recording
from transcriber.recordings.quota import QuotaExceededError, TooManyUploadsError
from transcriber.uploads.chunks import ChunkReception, open_chunk
from transcriber.uploads.digests import Digests
from transcriber.uploads.finalizing import begin_finalizing, run_claim, take_over_verifications
from transcriber.uploads.models import Upload
from transcriber.uploads.service import NewUpload, UploadService
from transcriber.uploads.upkeep import expire_uploads
from transcriber.uploads.verification import Claim
from upload_checks import check_all
from upload_client import make_bytes

CHUNK_BYTES = 1_024
QUOTA_BYTES = 20_000
MAX_OPEN = 4
OWNERS = ("alice", "bob")
picks = st.integers(0, 99)


@dataclass(slots=True)
class Expected:
    """What the model knows of one upload."""

    owner: str
    data: bytes
    is_announced_wrongly: bool
    state: str = "receiving"
    committed: dict[int, bytes] = field(default_factory=dict[int, bytes])
    claim: Claim | None = None

    @property
    def count(self) -> int:
        return -(-len(self.data) // CHUNK_BYTES)

    def cut(self, number: int) -> bytes:
        return self.data[number * CHUNK_BYTES :][:CHUNK_BYTES]


class UploadMachine(RuleBasedStateMachine):
    """Chunks, cuts, restarts, ends."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        empty_service(context)
        settings = context.settings.model_copy(
            update={
                "upload_chunk_bytes": CHUNK_BYTES,
                "account_quota_bytes": QUOTA_BYTES,
                "max_open_uploads_per_account": MAX_OPEN,
            }
        )
        self.context = replace(context, settings=settings)
        self.restarted: list[Database] = []
        self.uploads: dict[str, Expected] = {}
        self.open: dict[tuple[str, int], ChunkReception] = {}
        self.stored: dict[str, int] = dict.fromkeys(OWNERS, 0)

    def teardown(self) -> None:
        for reception in self.open.values():
            reception.close()
        for database in self.restarted:
            database.dispose()

    @rule(owner=st.sampled_from(OWNERS), size=st.integers(1, 5_000), is_wrong=st.booleans())
    def announce(self, owner: str, size: int, *, is_wrong: bool) -> None:
        data = make_bytes(size, len(self.uploads))
        digest = hashlib.sha256(data + b"!" * is_wrong).hexdigest()
        mine = [each for each in self.uploads.values() if each.owner == owner]
        open_ones = [each for each in mine if each.state in {"receiving", "verifying"}]
        used = self.stored[owner] + sum(len(each.data) for each in open_ones)
        new = NewUpload(
            user_id=owner,
            name="a.mp3",
            size_bytes=size,
            sha256=digest,
            model="base",
            options={"task": "transcribe"},
        )
        try:
            with self.context.database.unit_of_work() as uow:
                view = UploadService(uow, self.context).initialize(new)
        except QuotaExceededError:
            assert used + size > QUOTA_BYTES
        except TooManyUploadsError:
            assert len(open_ones) == MAX_OPEN
        else:
            assert used + size <= QUOTA_BYTES
            assert len(open_ones) < MAX_OPEN
            self.uploads[view.upload.id] = Expected(owner, data, is_wrong)

    @precondition(lambda self: self.uploads)
    @rule(pick=picks, number=st.integers(0, 4), fate=st.sampled_from(["whole", "short", "other"]))
    def send(self, pick: int, number: int, fate: str) -> None:
        upload_id, expected = self._pick(pick)
        body = expected.cut(number)
        if fate == "short":
            body = body[:-1]
        elif fate == "other":
            body = bytes(255 - each for each in body)
        is_acknowledged = self._try_send(upload_id, number, body)
        if expected.state != "receiving" or number >= expected.count:
            assert not is_acknowledged
        elif number in expected.committed:
            assert is_acknowledged == (body == expected.committed[number])
        elif (upload_id, number) in self.open:
            assert not is_acknowledged
        else:
            # Nobody announced the chunk's digest, so whatever has its length is what was sent.
            assert is_acknowledged == (fate != "short")
        if is_acknowledged:
            expected.committed[number] = body

    def _try_send(self, upload_id: str, number: int, body: bytes) -> bool:
        owner = self.uploads[upload_id].owner
        try:
            reception = open_chunk(self.context, owner, upload_id, number, Digests())
        except ServiceError:
            return False
        try:
            reception.feed(body)
            reception.finish()
        except ServiceError:
            return False
        finally:
            reception.close()
        return True

    @precondition(lambda self: self.uploads)
    @rule(pick=picks, number=st.integers(0, 4), share=st.integers(0, CHUNK_BYTES))
    def begin_chunk(self, pick: int, number: int, share: int) -> None:
        upload_id, expected = self._pick(pick)
        if number >= expected.count or number in expected.committed:
            return
        if expected.state != "receiving":
            return
        if (upload_id, number) in self.open:
            with pytest.raises(PartBusyError):
                open_chunk(self.context, expected.owner, upload_id, number, Digests())
            return
        reception = open_chunk(self.context, expected.owner, upload_id, number, Digests())
        reception.feed(b"?" * min(share, len(expected.cut(number))))
        self.open[upload_id, number] = reception

    @precondition(lambda self: self.open)
    @rule(pick=picks)
    def cut_chunk(self, pick: int) -> None:
        place = list(self.open)[pick % len(self.open)]
        self.open.pop(place).close()

    @rule()
    def restart(self) -> None:
        """The process dies: its descriptors close, and another one begins."""
        for reception in self.open.values():
            reception.close()
        self.open.clear()
        database = Database(self.context.settings.resolved_database_url)
        self.restarted.append(database)
        storage = build_storage(self.context.settings)
        self.context = replace(self.context, database=database, storage=storage)

    @precondition(lambda self: self.uploads)
    @rule(pick=picks, is_lost=st.booleans())
    def finish(self, pick: int, *, is_lost: bool) -> None:
        upload_id, expected = self._pick(pick)
        try:
            with self.context.database.unit_of_work() as uow:
                claim = begin_finalizing(uow, self.context, expected.owner, upload_id, "machine")
        except ServiceError:
            is_complete = len(expected.committed) == expected.count
            assert not (expected.state == "receiving" and is_complete)
            return
        if claim is None:
            assert expected.state in {"verifying", "completed"}
            return
        assert len(expected.committed) == expected.count
        expected.state, expected.claim = "verifying", claim
        if not is_lost:
            self._verify(upload_id, lambda: run_claim(self.context, claim))

    @rule()
    def take_over(self) -> None:
        with self.context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            for row in uow.session.scalars(select(Upload).where(Upload.state == "verifying")):
                row.lease_until, row.tries = now - timedelta(seconds=1), 0
        lost = [each for each, expected in self.uploads.items() if expected.state == "verifying"]
        assert take_over_verifications(self.context, "another") == len(lost)
        for upload_id in lost:
            self._verify(upload_id, lambda: None)

    @precondition(lambda self: any(each.claim for each in self.uploads.values()))
    @rule(pick=picks)
    def wake_late(self, pick: int) -> None:
        """A verification that somebody took over goes on as if nothing had happened."""
        late = [each for each in self.uploads.values() if each.claim and each.state != "verifying"]
        if late:
            claim = late[pick % len(late)].claim
            assert claim is not None
            run_claim(self.context, claim)

    def _verify(self, upload_id: str, verify: Callable[[], None]) -> None:
        verify()
        expected = self.uploads[upload_id]
        received = b"".join(expected.committed[number] for number in range(expected.count))
        if expected.is_announced_wrongly or received != expected.data:
            expected.state, expected.committed = "receiving", {}
        else:
            expected.state = "completed"
            self.stored[expected.owner] += len(expected.data)

    @precondition(lambda self: self.uploads)
    @rule(pick=picks)
    def cancel(self, pick: int) -> None:
        upload_id, expected = self._pick(pick)
        try:
            with self.context.database.unit_of_work() as uow:
                UploadService(uow, self.context).cancel(expected.owner, upload_id)
        except ServiceError:
            assert expected.state in {"verifying", "completed"}
        else:
            assert expected.state in {"receiving", "cancelled", "expired"}
            expected.state = "expired" if expected.state == "expired" else "cancelled"

    @precondition(lambda self: self.uploads)
    @rule(pick=picks)
    def expire(self, pick: int) -> None:
        upload_id, expected = self._pick(pick)
        with self.context.database.unit_of_work() as uow:
            row = uow.session.get_one(Upload, upload_id)
            row.expires_at = read_database_time(uow.session) - timedelta(seconds=1)
        count = expire_uploads(self.context)
        assert count == (expected.state == "receiving")
        if expected.state == "receiving":
            expected.state = "expired"

    @invariant()
    def the_service_knows_what_was_acknowledged(self) -> None:
        with self.context.database.snapshot() as session:
            for upload_id, expected in self.uploads.items():
                row = session.get_one(Upload, upload_id)
                assert row.state == expected.state
                if row.state in {"receiving", "verifying"}:
                    sizes = (len(expected.cut(number)) for number in expected.committed)
                    assert row.received_bytes == sum(sizes)
            jobs = session.scalars(select(Job)).all()
            recordings = session.scalars(select(Recording)).all()
        completed = [each for each in self.uploads.values() if each.state == "completed"]
        digests = sorted(hashlib.sha256(each.data).hexdigest() for each in completed)
        assert sorted(each.sha256 for each in recordings) == digests
        assert len(jobs) == len(completed)
        check_all(self.context)

    def _pick(self, pick: int) -> tuple[str, Expected]:
        upload_id = list(self.uploads)[pick % len(self.uploads)]
        return upload_id, self.uploads[upload_id]


def test_uploads_keep_their_promises_whatever_happens(context: Context) -> None:
    run_state_machine_as_test(lambda: UploadMachine(context), settings=PROFILE)
