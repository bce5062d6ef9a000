"""One transcript as a file over HTTP: every format, what it shows, and who is refused."""

import io
import json
import secrets
from collections.abc import Callable

import docx
import pypdf
import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from transcriber.formats import KINDS
from transcriber.infra.context import Context
from transcriber.transcripts.models import SegmentRow

HOSTILE_NAME = 'a"\r\nSet-Cookie: x=1é/../b.mp3.html'


@pytest.mark.parametrize("name", KINDS)
def test_every_format_is_a_private_attachment(
    client: TestClient, add_transcript: Callable[..., str], name: str
) -> None:
    job_id = add_transcript("Hello --> there.", name=HOSTILE_NAME)
    answer = client.get(f"/transcripts/{job_id}/export", params={"format": name})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == KINDS[name].media_type
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith("attachment; filename=")
    assert f'.{name}"' in disposition
    assert "/" not in disposition


def test_a_document_opens_and_holds_the_text(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    job_id = add_transcript("Hello <there>.", "Bye.", name="talk.mp3")
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(SegmentRow).values(speaker="Anna & Bob"))
    path = f"/transcripts/{job_id}/export"
    word = client.get(path, params={"format": "docx"}).content
    shown = [paragraph.text for paragraph in docx.Document(io.BytesIO(word)).paragraphs]
    assert shown[0] == "talk.mp3"
    assert shown[2:] == [
        "00:00:00  Anna & Bob: Hello <there>.",
        "00:00:01  Anna & Bob: Bye.",
    ]
    portable = client.get(path, params={"format": "pdf", "speakers": False}).content
    (page,) = pypdf.PdfReader(io.BytesIO(portable), strict=True).pages
    assert "Hello <there>." in page.extract_text()
    assert "Anna" not in page.extract_text()


def test_speakers_are_shown_as_asked(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    job_id = add_transcript("Hello.")
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(SegmentRow).values(speaker="=Anna"))
    path = f"/transcripts/{job_id}/export"
    asked = {"format": "vtt", "speakers": True}
    assert "<v =Anna>Hello.</v>" in client.get(path, params=asked).text
    assert "'=Anna" in client.get(path, params={"format": "csv"}).text
    plain = client.get(path, params={"format": "json", "speakers": False, "confidence": False})
    (segment,) = json.loads(plain.text)["segments"]
    assert set(segment) == {"id", "start", "end", "text", "words"}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("format=srt&words=true", "srt never has words"),
        ("format=txt&confidence=true", "txt never has confidence"),
        ("format=json&timestamps=false", "json always has timestamps"),
        ("format=pdf&words=true", "pdf never has words"),
    ],
)
def test_what_a_format_cannot_show_is_refused(
    client: TestClient, add_transcript: Callable[..., str], query: str, sentence: str
) -> None:
    answer = client.get(f"/transcripts/{add_transcript('x')}/export?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "option_not_supported")
    assert sentence in answer.json()["detail"]


def test_a_character_without_a_glyph_is_a_refusal_that_says_so(
    client: TestClient, add_transcript: Callable[..., str]
) -> None:
    job_id = add_transcript("\U00012000")
    answer = client.get(f"/transcripts/{job_id}/export", params={"format": "pdf"})
    assert (answer.status_code, answer.json()["code"]) == (422, "glyphs_missing")
    assert answer.headers["content-type"] == "application/problem+json"
    assert "U+12000" in answer.json()["detail"]
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("name", ["csv", "docx", "pdf"])
def test_another_owners_transcript_and_a_missing_one_look_the_same(
    client: TestClient, add_transcript: Callable[..., str], name: str
) -> None:
    theirs = add_transcript("Secret.", owner="somebody else")
    answers = [
        client.get(f"/transcripts/{job_id}/export", params={"format": name})
        for job_id in (theirs, secrets.token_hex(16))
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = (answer.json() | {"request_id": ""} for answer in answers)
    assert first == second


def test_a_document_leaves_no_file_and_no_place_behind(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    path = f"/transcripts/{add_transcript('Hello.')}/export"
    for _ in range(4):
        assert client.get(path, params={"format": "docx"}).status_code == 200
    assert list(context.settings.resolved_scratch_dir.iterdir()) == []
    desk = client.app.state.exports
    assert not desk._documents
    assert desk._processes._value == context.settings.document_processes


def test_a_disk_that_takes_no_document_is_said(
    client: TestClient, context: Context, add_transcript: Callable[..., str]
) -> None:
    path = f"/transcripts/{add_transcript('Hello.')}/export"
    folder = context.settings.resolved_scratch_dir
    if folder.exists():
        folder.rmdir()
    folder.write_text("Not a folder.")
    try:
        answer = client.get(path, params={"format": "pdf"})
    finally:
        folder.unlink()
    assert (answer.status_code, answer.json()["code"]) == (503, "document_failed")
    assert client.get(path, params={"format": "pdf"}).status_code == 200


def test_an_account_may_not_have_every_process(
    client: TestClient, user_id: str, add_transcript: Callable[..., str]
) -> None:
    path = f"/transcripts/{add_transcript('Hello.')}/export"
    desk = client.app.state.exports
    for _ in range(2):
        desk.admit_document(user_id)
    try:
        answer = client.get(path, params={"format": "pdf"})
        text = client.get(path, params={"format": "txt"})
    finally:
        for _ in range(2):
            desk.leave_document(user_id)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_exports")
    assert text.status_code == 200
