"""What an owner has: each function makes one object of his and gives its id.

They are what the rules name, so that a route is tried on an object it can really do something to.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from authorisation.people import Person
from job_builders import add_job, claim_one, store_plan, store_span
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id
from transcriber.jobs.models import Job
from transcriber.recordings.models import Recording
from tus_client import BODY, VERSION

CHUNK_BYTES = 1024
PEAKS = bytes(100)
AUDIO = "bytes that are no audio, and that nobody decodes here; nobody but {} has the same"
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
    """With its transcript, and a message to each webhook of the owner."""
    context, job_id = owner.context, queued_job(owner)
    store_plan(context, _claim(context, job_id), spans=1)
    store_span(context, _claim(context, job_id), dropped=["thanks thanks thanks"])
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


def encode_text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


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
