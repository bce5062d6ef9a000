"""What an owner has: each function makes one object of his and gives its id.

They are what the rules name, so that a route is tried on an object it can really do something to.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from authorisation.people import Person
from job_builders import add_job, claim_one, store_plan, store_span
from live_api import add_account
from transcriber.accounts.invitations.service import InvitationWish, invite
from transcriber.accounts.models import AccountSession
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.resets.service import issue_reset
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import Doing, record_heartbeat
from transcriber.infra.identifiers import create_id
from transcriber.infra.security import hash_token
from transcriber.jobs.models import Job
from transcriber.recordings.models import Recording
from tus_client import BODY, VERSION

CHUNK_BYTES = 1024
PEAKS = bytes(100)
AUDIO = "bytes that are no audio, and that nobody decodes here; nobody but {} has the same"
SAID = "{} said this"
TAG = "matrix"
WEBHOOK_URL = "https://hooks.example.org/in"


@dataclass(frozen=True)
class Owner:
    """Whose object it is, and ways to make one.

    Attributes:
        context: The service's parts.
        person: The account.
        client: Signed in as the account.
    """

    context: Context
    person: Person
    client: httpx.Client

    def post(self, path: str, **request: Any) -> httpx.Response:
        answer = self.client.post(path, **request)
        assert answer.is_success, answer.text
        return answer


Kind = Callable[[Owner], str]


def account(owner: Owner) -> str:
    return owner.person.user_id


def queued_job(owner: Owner) -> str:
    data = AUDIO.format(owner.person.user_id).encode()
    return add_job(owner.context, owner.person.user_id, data=data)


def running_job(owner: Owner) -> str:
    job_id = queued_job(owner)
    _claim(owner.context, job_id)
    return job_id


def cancelled_job(owner: Owner) -> str:
    job_id = queued_job(owner)
    owner.post(f"/jobs/{job_id}/cancel")
    return job_id


def completed_job(owner: Owner) -> str:
    """With its transcript, in which the owner is named, and a message to each of his webhooks."""
    context, job_id = owner.context, queued_job(owner)
    store_plan(context, _claim(context, job_id), spans=1)
    said = SAID.format(owner.person.user_id)
    store_span(context, _claim(context, job_id), (said, "two"), dropped=[said])
    return job_id


def edited_job(owner: Owner) -> str:
    """With a revision beside the machine's."""
    job_id = completed_job(owner)
    edit = {"op": "set_speaker", "segment": 0, "speaker": owner.person.user_id}
    _send(owner, "PATCH", f"/transcripts/{job_id}", {"revision": 0, "operations": [edit]})
    return job_id


def tagged_job(owner: Owner) -> str:
    job_id = completed_job(owner)
    _send(owner, "PUT", f"/transcripts/{job_id}/tags", {"tags": [TAG, owner.person.user_id]})
    return job_id


def tag(owner: Owner) -> str:
    """Is named by its text."""
    tagged_job(owner)
    return owner.person.user_id


def job_without_text(owner: Owner) -> str:
    """Of which the owner deleted the transcript."""
    job_id = completed_job(owner)
    _send(owner, "DELETE", f"/transcripts/{job_id}")
    return job_id


def recording(owner: Owner) -> str:
    """Of a completed job, with its waveform."""
    with owner.context.database.snapshot() as session:
        recording_id = session.get_one(Job, completed_job(owner)).recording_id
    writer = owner.context.storage.create(f"peaks/{create_id()}")
    writer.write(PEAKS)
    key = writer.commit().key
    with owner.context.database.unit_of_work() as uow:
        uow.session.get_one(Recording, recording_id).peaks_key = key
    return recording_id


def open_upload(owner: Owner) -> str:
    """Of two chunks, the first of which is there."""
    upload_id = _begin_upload(owner)
    _send_chunk(owner, upload_id, 0)
    return upload_id


def whole_upload(owner: Owner) -> str:
    upload_id = open_upload(owner)
    _send_chunk(owner, upload_id, 1)
    return upload_id


def tus_upload(owner: Owner) -> str:
    """Of four bytes, the first two of which are there."""
    return _begin_tus(owner, {"Upload-Length": "4"}, b"ab")


def tus_piece(owner: Owner) -> str:
    """A whole one that waits to be joined with others."""
    return _begin_tus(owner, {"Upload-Length": "4", "Upload-Concat": "partial"}, b"abcd")


def webhook(owner: Owner) -> str:
    """With a message that waits to be sent."""
    webhook_id = str(owner.post("/webhooks/", json={"url": WEBHOOK_URL}).json()["id"])
    completed_job(owner)
    return webhook_id


def sign_in(owner: Owner) -> str:
    """One more of the owner's, by the id that he sees."""
    with owner.context.database.unit_of_work() as uow:
        rows = AccountRepository(uow.session)
        service = AccountService(rows, read_session_lifetime(owner.context.settings))
        token_hash = hash_token(service.open_session(owner.person.user_id, "bearer").token)
        return uow.session.get_one(AccountSession, token_hash).id


def api_key(owner: Owner) -> str:
    body = {"name": "a program", "scopes": ["read"]}
    return str(owner.post("/auth/keys", json=body).json()["id"])


def preferences(owner: Owner) -> str:
    """The model that the account chose for its new jobs, which nobody else chooses."""
    model = f"model-of-{owner.person.user_id}"
    defaults = {"model": model, "language": None, "task": "transcribe", "word_timestamps": True}
    body = {"theme": "dark", "language": None, "job_defaults": defaults}
    answer = owner.client.put("/account/preferences", json=body)
    assert answer.is_success, answer.text
    return model


def reset(owner: Owner) -> str:
    """An open one of the account; is named by the account."""
    with owner.context.database.unit_of_work() as uow:
        issue_reset(uow.session, owner.person.user_id, "test")
    return owner.person.user_id


def bystander(owner: Owner) -> str:
    """An account to which anything may be done."""
    return add_account(owner.context)[0]


def invitation(owner: Owner) -> str:
    """Nobody's: administrators have them together."""
    return _invite(owner)[0]


def invitation_token(owner: Owner) -> str:
    return _invite(owner)[1]


def encode_text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _invite(owner: Owner) -> tuple[str, str]:
    wish = InvitationWish(
        role="user",
        note=None,
        lifetime=timedelta(days=1),
        admin_id=owner.person.user_id,
        idempotency_key=None,
    )
    with owner.context.database.unit_of_work() as uow:
        made, token = invite(uow.session, wish)
        assert token is not None
        return made.id, token


def worker(owner: Owner) -> str:
    """Nobody's in particular, and alive."""
    worker_id = create_id()
    with owner.context.database.unit_of_work() as uow:
        record_heartbeat(uow, worker_id, None, doing=Doing(slot=worker_id))
    return worker_id


def _send(owner: Owner, method: str, path: str, body: Any = None) -> None:
    answer = owner.client.request(method, path, json=body)
    assert answer.is_success, answer.text


def _begin_upload(owner: Owner) -> str:
    body = {"name": "talk.mp3", "size_bytes": 2 * CHUNK_BYTES, "chunk_bytes": CHUNK_BYTES}
    return str(owner.post("/uploads/", json=body).json()["id"])


def _send_chunk(owner: Owner, upload_id: str, number: int) -> None:
    address = f"/uploads/{upload_id}/chunks/{number}"
    answer = owner.client.put(address, content=bytes(CHUNK_BYTES))
    assert answer.is_success, answer.text


def _begin_tus(owner: Owner, headers: dict[str, str], content: bytes) -> str:
    made = owner.post("/uploads/tus", headers={**VERSION, **BODY, **headers}, content=content)
    return str(made.headers["location"]).rpartition("/")[2]


def _claim(context: Context, job_id: str) -> Any:
    """The job's next slice, ahead of all others."""
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, job_id).priority = 1_000
    claim = claim_one(context, per_owner=1_000)
    assert claim is not None
    assert claim.job_id == job_id
    return claim
