"""Many transcripts as one zip file over HTTP."""

import gc
import io
import json
import secrets
import zipfile
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from transcriber.engine.results import Transcript
from transcriber.formats import KINDS, find_kind
from transcriber.infra.context import Context
from transcriber.transcripts import service
from transcriber.transcripts.bundles import PAGE_ROWS, BundleSource, list_everything
from transcriber.transcripts.export_choice import ExportChoice
from transcriber.transcripts.export_desk import ExportDesk
from transcriber.transcripts.models import TranscriptRow

CHOICE = ExportChoice(find_kind("txt"), find_kind("txt").usual)


def ask(client: TestClient, **body: object) -> zipfile.ZipFile:
    answer = client.post("/transcripts/export", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith(
        'attachment; filename="transcripts.zip"'
    )
    bundle = zipfile.ZipFile(io.BytesIO(answer.content))
    assert bundle.testzip() is None
    return bundle


def test_some_transcripts_in_one_file(
    client: TestClient, add_transcript: Callable[..., str]
) -> None:
    first, second = add_transcript("One."), add_transcript("Two.", name="other.wav")
    add_transcript("Three.")
    bundle = ask(client, job_ids=[first, second, first], format="txt")
    assert {name: bundle.read(name) for name in bundle.namelist()} == {
        "talk.txt": b"One.\n",
        "other.txt": b"Two.\n",
    }


@pytest.mark.parametrize("name", KINDS)
def test_everything_of_the_caller_in_any_format(
    client: TestClient, add_transcript: Callable[..., str], name: str
) -> None:
    add_transcript("Secret.", name="secret.mp3", owner="somebody else")
    add_transcript("One.", name="one.mp3")
    add_transcript("Two.", name="two.mp3")
    bundle = ask(client, everything=True, format=name)
    assert bundle.namelist() == [f"two.{name}", f"one.{name}"]
    assert all(bundle.read(entry) for entry in bundle.namelist())


def test_options_reach_every_file(client: TestClient, add_transcript: Callable[..., str]) -> None:
    add_transcript("Hello.")
    bundle = ask(client, everything=True, format="json", confidence=False, words=False)
    (segment,) = json.loads(bundle.read("talk.json"))["segments"]
    assert set(segment) == {"id", "start", "end", "text", "speaker"}


def test_hostile_names_are_safe_and_unique(
    client: TestClient, add_transcript: Callable[..., str]
) -> None:
    names = ["../../etc/passwd", "/abs", "CON", "con.mp3", "errors.txt", "Talk.mp3", "talk.wav"]
    names += ["-rf", "é" * 250, "é" * 251, "a\\b:c*?", "...", "x. . ."]
    for name in names:
        add_transcript("x", name=name)
    found = ask(client, everything=True, format="txt").namelist()
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert not set('/\\:*?"<>|\0') & set(name)
        assert name.endswith(".txt")
        assert len(name.encode()) <= 200
        assert name.removesuffix(".txt").strip(". ") == name.removesuffix(".txt")
        assert name.split(".")[0].lower() not in {"con", "errors", ""}
        assert not name.startswith((".", "-"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"job_ids": []},
        {"job_ids": ["x"]},
        {"job_ids": ["a" * 32], "everything": True},
        {"everything": False},
        {"job_ids": ["a" * 32] * 1001},
        {"everything": True, "format": "exe"},
        {"everything": True, "format": "srt", "words": True},
        {"everything": True, "user_id": "somebody else"},
        {"everything": True, "min_cue_seconds": 9, "max_cue_seconds": 2},
    ],
)
def test_a_bad_request_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post("/transcripts/export", json=body).status_code == 422


def test_an_id_that_is_not_the_callers_refuses_all_and_is_not_named(
    client: TestClient, add_transcript: Callable[..., str]
) -> None:
    mine = add_transcript("Mine.")
    theirs = add_transcript("Theirs.", owner="somebody else")
    answers = [
        client.post("/transcripts/export", json={"job_ids": [mine, other]})
        for other in (theirs, secrets.token_hex(16))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all(theirs not in answer.text for answer in answers)
    first, second = (answer.json() | {"request_id": ""} for answer in answers)
    assert first == second


def test_nothing_to_export_is_said(client: TestClient, add_transcript: Callable[..., str]) -> None:
    add_transcript("Theirs.", owner="somebody else")
    answer = client.post("/transcripts/export", json={"everything": True})
    assert (answer.status_code, answer.json()["code"]) == (404, "transcript_not_found")


def test_one_that_cannot_be_had_is_named_in_the_file(
    client: TestClient, add_transcript: Callable[..., str]
) -> None:
    bad = add_transcript("\U00012000", name="cuneiform.mp3")
    add_transcript("Plain.")
    bundle = ask(client, everything=True, format="pdf")
    assert bundle.namelist() == ["talk.pdf", "errors.txt"]
    line = bundle.read("errors.txt").decode()
    assert line.startswith(f"{bad} (cuneiform.mp3): No font of this service shows")


def open_source(context: Context, user_id: str, job_ids: list[str]) -> BundleSource:
    return BundleSource(
        context.database, ExportDesk(context.settings), user_id, CHOICE, lambda: iter(job_ids)
    )


def test_one_that_vanishes_meanwhile_is_named_in_the_file(
    context: Context, user_id: str, add_transcript: Callable[..., str]
) -> None:
    stays, goes = add_transcript("Stays."), add_transcript("Goes.")

    def list_ids() -> Iterator[str]:
        yield stays
        with context.database.unit_of_work() as uow:
            service.delete_results(uow.session, user_id, goes)
        yield goes

    source = BundleSource(context.database, ExportDesk(context.settings), user_id, CHOICE, list_ids)
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(source.read())))
    assert bundle.namelist() == ["talk.txt", "errors.txt"]
    assert bundle.read("errors.txt").decode() == (
        f"{goes}: it was deleted while this file was being made.\n"
    )


def test_no_transaction_is_open_while_bytes_are_sent(
    context: Context, user_id: str, add_transcript: Callable[..., str]
) -> None:
    texts = [secrets.token_hex(40_000) for _ in range(4)]
    job_ids = [add_transcript(text) for text in texts]
    pieces = open_source(context, user_id, job_ids).read()
    next(pieces)
    assert context.database.engine.pool.checkedout() == 0
    # Half of it is sent; a writer waits for nobody.
    with context.database.unit_of_work() as uow:
        service.delete_results(uow.session, user_id, job_ids[-1])
    assert sum(map(len, pieces)) > 40_000


def test_one_transcript_is_in_memory_at_a_time(
    context: Context, user_id: str, add_transcript: Callable[..., str]
) -> None:
    job_ids = [add_transcript(secrets.token_hex(40_000)) for _ in range(4)]
    counts = [
        sum(isinstance(each, Transcript) for each in gc.get_objects())
        for _ in open_source(context, user_id, job_ids).read()
    ]
    assert len(counts) >= 2
    assert max(counts) <= 1


def test_everything_is_listed_page_by_page_and_each_job_once(
    context: Context, user_id: str, add_transcript: Callable[..., str]
) -> None:
    first = add_transcript("One.")
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(TranscriptRow, (first, 1))
        values = {c.name: getattr(row, c.name) for c in TranscriptRow.__table__.columns}
        for number in range(PAGE_ROWS + 5):
            uow.session.add(TranscriptRow(**values | {"job_id": f"{number:032x}"}))
        uow.session.add(TranscriptRow(**values | {"generation": 2}))
    found = list(list_everything(context.database, user_id))
    assert len(found) == len(set(found)) == PAGE_ROWS + 6


def test_an_account_has_one_bundle_at_a_time(
    client: TestClient, user_id: str, add_transcript: Callable[..., str]
) -> None:
    add_transcript("One.")
    desk = client.app.state.exports
    desk.admit_bundle(user_id)
    try:
        answer = client.post("/transcripts/export", json={"everything": True})
    finally:
        desk.leave_bundle(user_id)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_exports")
    assert int(answer.headers["retry-after"]) > 0
    assert ask(client, everything=True).namelist() == ["talk.txt"]
    assert not desk._bundles


def test_a_database_that_goes_away_leaves_a_file_that_opens_and_says_so(
    context: Context, user_id: str, add_transcript: Callable[..., str]
) -> None:
    first = add_transcript("One.")

    def list_ids() -> Iterator[str]:
        yield first
        raise OperationalError("SELECT", None, OSError("gone"))

    source = BundleSource(context.database, ExportDesk(context.settings), user_id, CHOICE, list_ids)
    bundle = zipfile.ZipFile(io.BytesIO(b"".join(source.read())))
    assert bundle.namelist() == ["talk.txt", "errors.txt"]
    assert b"database went away" in bundle.read("errors.txt")


def test_a_name_changed_in_the_database_by_hand_is_still_safe(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    add_transcript("One.")
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(TranscriptRow).values(name="../\r\n\t../x\u202e.mp3"))
    (name,) = ask(client, everything=True).namelist()
    assert not set("/\r\n\t") & set(name)
