"""The audit trail over HTTP: what is written down, and how it is read, verified and exported."""

import csv
import hashlib
import io
import json
import tracemalloc
from collections.abc import Callable, Generator
from typing import Any, get_args

import pytest
from sqlalchemy import insert
from starlette.testclient import TestClient

from job_builders import add_job
from live_api import add_account
from service_context import open_client, require_first_admin, sign_in
from transcriber.admin.audit_export import COLUMNS, export_entries
from transcriber.admin.audit_schemas import ExportFormat
from transcriber.infra.audit import EVERY_ACT, AuditEntry
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import seal_entries
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context

Act = Callable[..., None]
PLAIN = SealKeys(None, {})
ADDRESS = "203.0.113.9"


@pytest.fixture
def admin(context: Context) -> Generator[TestClient]:
    with open_client(context, client=(ADDRESS, 50_000)) as client:
        client.headers.update(sign_in(client, require_first_admin(context)))
        yield client


def list_entries(client: TestClient, **chosen: object) -> list[dict[str, Any]]:
    answer = client.get("/api/admin/audit", params={"limit": 200, **chosen})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_an_act_says_from_where_and_in_which_request(admin: TestClient, context: Context) -> None:
    job_id = add_job(context, "somebody else")
    answer = admin.post(
        f"/api/admin/jobs/{job_id}/cancel", headers={"X-Request-ID": "request-of-mine"}
    )
    assert answer.status_code == 200
    user_id = admin.get("/auth/me").json()["user_id"]
    cancelled, submitted = list_entries(admin, object_id=job_id)
    assert (cancelled["action"], cancelled["address"]) == ("job.cancel", ADDRESS)
    assert (cancelled["actor"], cancelled["request_id"]) == (f"admin:{user_id}", "request-of-mine")
    # No request was behind this one.
    assert (submitted["action"], submitted["actor"]) == ("job.submit", "account:somebody else")
    assert (submitted["address"], submitted["request_id"]) == (None, None)


def test_an_administrators_look_is_an_act_unless_it_is_at_their_own(
    admin: TestClient, context: Context
) -> None:
    own = admin.get("/auth/me").json()["user_id"]
    other, mine = add_job(context, "somebody else"), add_job(context, own)
    for job_id in (other, mine):
        assert admin.get(f"/api/admin/jobs/{job_id}").status_code == 200
    assert admin.get("/api/admin/jobs/" + "0" * 32).status_code == 404
    admin.get("/api/admin/jobs")
    for owner in ("somebody else", own):
        admin.get("/api/admin/jobs", params={"user_id": owner})
    # A page that asks again is still the same look.
    admin.get("/api/admin/jobs")
    admin.get(f"/api/admin/jobs/{other}")
    looks = [
        (entry["action"], entry["object_id"], entry["user_id"])
        for entry in list_entries(admin, actor=f"admin:{own}", object_kind="job")
    ]
    assert looks == [
        ("job.list", "somebody else", "somebody else"),
        ("job.list", "all", "service"),
        ("job.read", other, "somebody else"),
    ]


def test_entries_are_chosen_by_every_filter(admin: TestClient, act: Act, context: Context) -> None:
    with context.database.snapshot() as session:
        before = read_database_time(session)
    act(3)
    act(1, action="recording.delete")
    with context.database.snapshot() as session:
        after = read_database_time(session)
    assert len(list_entries(admin, actor="admin:eve")) == 4
    assert len(list_entries(admin, action="recording.delete")) == 1
    assert len(list_entries(admin, object_kind="job")) == 3
    assert len(list_entries(admin, object_id="job0")) == 2
    assert len(list_entries(admin, user_id="alice", object_kind="job", object_id="job2")) == 1
    between = {"from": before.isoformat(), "to": after.isoformat()}
    assert len(list_entries(admin, **between, user_id="alice")) == 4
    assert list_entries(admin, **{"from": after.isoformat()}) == []
    assert list_entries(admin, to=before.isoformat(), user_id="alice") == []


@pytest.mark.parametrize(
    "chosen",
    [
        {"from": "2026-01-01T00:00:00"},
        {"from": "yesterday"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"to": "9999-12-31T23:59:59-14:00"},
        {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
        {"actor": "\0"},
        {"actor": "x" * 129},
        {"user_id": ""},
        {"sort": "id"},
    ],
)
@pytest.mark.parametrize("path", ["/api/admin/audit", "/api/admin/audit/export"])
def test_a_filter_that_is_none_is_refused(
    shared_client: TestClient, shared_headers: dict[str, str], path: str, chosen: dict[str, str]
) -> None:
    answer = shared_client.get(path, params=chosen, headers=shared_headers)
    assert answer.status_code == 422, answer.text


def test_a_verification_tells_the_end_and_compares_what_is_known(
    admin: TestClient, act: Act
) -> None:
    act(5)
    found = admin.get("/api/admin/audit/verification").json()
    assert (found["is_intact"], found["fault"], found["unsealed"]) == (True, None, 0)
    assert found["checked"] == found["head"]["sequence"] >= 5
    known = f"{found['head']['sequence']}:{found['head']['hash']}"
    again = admin.get("/api/admin/audit/verification", params={"known": known}).json()
    assert (again["is_intact"], again["is_known_checked"]) == (True, True)
    wrong = admin.get("/api/admin/audit/verification", params={"known": f"2:{'0' * 64}"}).json()
    assert (wrong["is_intact"], wrong["fault"]["kind"]) == (False, "known")
    for bad in ("", "0:" + "0" * 64, "1:xyz", f"{10**18}:{'0' * 64}", "1:" + "A" * 64):
        answer = admin.get("/api/admin/audit/verification", params={"known": bad})
        assert answer.status_code == 422


def test_an_export_is_whole_and_safe_in_a_spreadsheet(
    admin: TestClient, act: Act, context: Context
) -> None:
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        for start in ("=1+1", "+1", "-1", "@a", "\t=1", "\r=1", 'said "no", twice\r\n'):
            row = {"created_at": now, "actor": "a", "action": "job.x", "object_kind": "job"}
            row |= {"object_id": "o", "user_id": "u", "detail": start}
            uow.session.execute(insert(AuditEntry).values(row))
    answer = admin.get("/api/admin/audit/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert [int(row["sequence"]) for row in rows] == list(range(1, len(rows) + 1))
    rows = [row for row in rows if row["action"] in {"job.x", "audit.export"}]
    details = ["'=1+1", "'+1", "'-1", "'@a", "'\t=1", "'\r=1", 'said "no", twice\r\n', ""]
    assert [row["detail"] for row in rows] == details
    assert (rows[-1]["action"], rows[-1]["address"]) == ("audit.export", ADDRESS)

    document = admin.get("/api/admin/audit/export", params={"format": "json"}).json()
    assert document["head"]["hash"] == document["entries"][-1]["hash"]
    assert document["removed"] == {"sequence": 0, "hash": "0" * 64}
    assert compute_end(document) == document["head"]["hash"]
    assert "=1+1" in [entry["detail"] for entry in document["entries"]]
    chosen = {"format": "json", "action": "audit.export"}
    only = admin.get("/api/admin/audit/export", params=chosen).json()["entries"]
    assert [entry["object_id"] for entry in only] == ["csv", "json", "json"]
    nothing = {"format": "json", "action": "none.such"}
    assert admin.get("/api/admin/audit/export", params=nothing).json()["entries"] == []
    assert admin.get("/api/admin/audit/export?format=xml").status_code == 422


def compute_end(document: dict[str, Any]) -> str:
    """As docs/operations/audit.md tells to, with nothing of ours."""
    end: str = document["removed"]["hash"]
    for entry in document["entries"]:
        covered = {name: entry[name] for name in entry if name not in {"hash", "seal_key"}}
        content = json.dumps(covered, sort_keys=True, separators=(",", ":"))
        end = hashlib.sha256((end + content).encode()).hexdigest()
    return end


def test_an_export_without_the_chains_key_says_so(admin: TestClient, act: Act) -> None:
    act(1, keys=SealKeys("k", {"k": b"k" * 32}))
    answer = admin.get("/api/admin/audit/export")
    assert (answer.status_code, answer.json()["code"]) == (503, "audit_seal_key_missing")


def test_a_long_export_needs_little_memory(context: Context) -> None:
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        row = {"created_at": now, "actor": "admin:" + "a" * 32, "action": "job.read"}
        row |= {"object_kind": "job", "object_id": "b" * 32, "user_id": "c" * 32}
        for _ in range(40):
            uow.session.execute(insert(AuditEntry), [row] * 1_000)
    while seal_entries(context.database, PLAIN):
        pass
    for kind in get_args(ExportFormat):
        tracemalloc.start()
        size = sum(len(part) for part in export_entries(context.database, EVERY_ACT, kind))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert size > 8_000_000
        assert peak < 6_000_000


@pytest.mark.parametrize(
    "path", ["/api/admin/audit", "/api/admin/audit/verification", "/api/admin/audit/export"]
)
def test_the_trail_is_for_administrators(client: TestClient, context: Context, path: str) -> None:
    admin = sign_in(client, require_first_admin(context))
    assert client.get(path).status_code == 401
    _, token = add_account(context)
    assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 403
    assert client.get(path, headers=admin).status_code == 200
