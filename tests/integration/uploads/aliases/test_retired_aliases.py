"""What the aliases answer once they are served no more: a redirect, then a refusal."""

import pytest

from alias_service import DEPRECATION, MOMENTS, SUNSET, AliasService
from upload_checks import check_all
from upload_client import cut_chunk, initialize, list_missing, make_bytes

DATA = make_bytes(64 * 1024)
BODY = {"name": "talk.mp3", "size_bytes": len(DATA)}
ID = "0123456789abcdef" * 2
PLACES = [
    ("/uploads/init", "/uploads/"),
    (f"/uploads/{ID}/chunk/17", f"/uploads/{ID}/chunks/17"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize(("path", "successor"), PLACES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_redirected_with_its_query(
    any_service: AliasService, method: str, path: str, successor: str
) -> None:
    any_service.enter("redirecting")
    is_301 = any_service.client.app.state.context.settings.upload_alias_always_301
    for query in ("", "?limit=5&state=receiving&x=%2F%2Fevil.example"):
        answer = any_service.send(method, path + query)
        assert answer.status_code == (301 if is_301 or method in {"GET", "HEAD"} else 308)
        assert answer.headers["location"] == successor + query
        assert answer.headers["deprecation"] == DEPRECATION
        assert answer.headers["sunset"] == SUNSET
        assert answer.headers["link"] == f'<{successor}>; rel="successor-version"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-length"] == "0"


@pytest.mark.parametrize(("path", "successor"), PLACES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_refused_at_the_end(
    any_service: AliasService, method: str, path: str, successor: str
) -> None:
    any_service.enter("gone")
    answer = any_service.send(method, path + "?a=b")
    assert answer.status_code == 410
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["link"] == f'<{successor}>; rel="successor-version"'
    if method == "HEAD":
        return
    document = answer.json()
    assert (document["code"], document["successor"]) == ("alias_gone", successor)
    assert document["detail"] == f"This address ended on 2028-01-01; use {successor} instead."


def test_who_follows_the_redirects_sends_a_recording(service: AliasService) -> None:
    service.enter("redirecting")
    answer = service.client.post("/uploads/init", json=BODY)
    assert [each.status_code for each in answer.history] == [308]
    assert answer.status_code == 201
    upload = answer.json()
    for method in ("PUT", "POST"):
        answer = service.client.request(
            method, f"/uploads/{upload['id']}/chunk/0", content=cut_chunk(upload, DATA, 0)
        )
        assert [each.status_code for each in answer.history] == [308]
        assert answer.status_code == 200, answer.text
    assert list_missing(service.client, upload) == []
    check_all(service.context)


def test_a_301_turns_a_post_into_a_get_as_promised(old_service: AliasService) -> None:
    old_service.enter("redirecting")
    answer = old_service.client.post("/uploads/init", json=BODY)
    assert [each.status_code for each in answer.history] == [301]
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize("phase", ["redirecting", "gone"])
def test_nothing_that_was_sent_is_taken(service: AliasService, phase: str) -> None:
    upload = initialize(service.client, len(DATA))
    service.enter(phase)
    for content in (DATA, b"{", b"[" * 100_000):
        for headers in ({}, {"Content-Type": "application/json"}, {"Content-Encoding": "gzip"}):
            for method, path in (("POST", "init"), ("PUT", f"{upload['id']}/chunk/0")):
                answer = service.send(method, f"/uploads/{path}", content=content, headers=headers)
                assert answer.status_code == (308 if phase == "redirecting" else 410)
    assert list_missing(service.client, upload) == [0]
    assert service.client.get("/uploads/").json()["items"] == [
        {**upload, "missing": []},
    ]


@pytest.mark.parametrize("phase", MOMENTS)
def test_an_anonymous_caller_is_told_to_sign_in_and_not_counted(
    service: AliasService, phase: str
) -> None:
    service.enter(phase)
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        for method, path in (("POST", "/uploads/init"), ("PUT", f"/uploads/{ID}/chunk/0")):
            options = {"json": BODY} if method == "POST" else {"content": b"x"}
            answer = service.send(method, path, headers=headers, **options)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
            assert "location" not in answer.headers
            assert answer.headers["deprecation"] == DEPRECATION
    service.counter.write()
    uses = service.client.get("/api/admin/uploads/aliases").json()
    assert uses["items"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/uploads/%2F%2Fevil.example/chunk/0",
        "/uploads/%5C%5Cevil.example/chunk/0",
        "/uploads/https:/chunk/0",
        "/uploads/x%0D%0ASet-Cookie:%20a=b/chunk/0",
        '/uploads/%3E;%20rel="x"/chunk/0',
        "/uploads/@evil.example/chunk/%2e%2e",
        "//evil.example/uploads/init",
        "/uploads/init//evil.example",
    ],
)
def test_no_redirect_leads_elsewhere(service: AliasService, path: str) -> None:
    service.enter("redirecting")
    hosts = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    answer = service.send("PUT", f"http://testserver{path}", headers=hosts, content=b"x")
    if answer.status_code != 308:
        assert answer.status_code in {404, 405, 415, 422}
        assert "location" not in answer.headers
        return
    location = answer.headers["location"]
    assert location.startswith("/uploads/")
    assert "\\" not in location
    assert not set('\r\n<>"') & set(location)
    assert "set-cookie" not in answer.headers
    assert answer.headers["link"] == f'<{location}>; rel="successor-version"'


def test_the_canonical_path_takes_a_post_until_the_redirects_end(service: AliasService) -> None:
    upload = initialize(service.client, len(DATA))
    path = f"/uploads/{upload['id']}/chunks/0"
    statuses: list[int] = []
    for phase in MOMENTS:
        service.enter(phase)
        answer = service.send("POST", path, content=DATA)
        statuses.append(answer.status_code)
        assert service.send("PUT", path, content=DATA).status_code == 200
    assert statuses == [200, 200, 405]
    assert answer.headers["allow"] == "PUT"
