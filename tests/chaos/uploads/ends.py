"""Whether each upload ended as its client wished."""

import hashlib

import httpx

from chaos.rows import Rows
from chaos.uploads.plan import Outcome
from chaos.uploads.sendings import Fate, Sending


def check_ends(address: str, headers: dict[str, str], rows: Rows, outcome: Outcome) -> None:
    """Compare states, jobs and the bytes as they are read back over HTTP."""
    ends = {row[0]: (row[1], row[2]) for row in rows.query("SELECT id, state, job_id FROM uploads")}
    outcome.jobs = int(rows.query("SELECT count(*) FROM jobs")[0][0])
    expected = {Fate.CANCEL: "cancelled", Fate.ABANDON: "expired"}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for sending in outcome.sendings:
            state, job_id = ends.get(sending.id, ("missing", None))
            if state != expected.get(sending.fate, "completed"):
                outcome.problems.append(f"upload {sending.id} ({sending.fate}) is {state}")
            elif state == "completed":
                outcome.matches += _has_its_bytes(client, sending, job_id, outcome.problems)


def _has_its_bytes(
    client: httpx.Client, sending: Sending, job_id: str | None, problems: list[str]
) -> bool:
    digest = hashlib.sha256()
    path = f"/recordings/{sending.recording_id}/media"
    with client.stream("GET", path) as answer:
        for block in answer.iter_bytes():
            digest.update(block)
    is_same = answer.status_code == 200 and digest.hexdigest() == sending.sha256
    if not is_same or job_id != sending.job_id:
        problems.append(f"upload {sending.id}: its job or its recording is not what was sent")
    return is_same
