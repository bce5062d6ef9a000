"""Many uploads at once through the chunked protocol, from a client that costs as little as it can.

One random block serves every chunk, with the numbers of upload and chunk as its last bytes: nothing
is read from a disk, no two chunks are alike, and the digest of a chunk is a few bytes' work.
"""

import base64
import hashlib
import http.client
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from running_service import RunningService

STAMP_BYTES = 16
ANSWER_SECONDS = 600.0
VERIFYING_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending took.

    Attributes:
        receive_seconds: From the first byte until every chunk was durable.
        verify_seconds: From then until every upload had become a job.
        jobs: How many different ones.
    """

    receive_seconds: float
    verify_seconds: float
    jobs: int


class ChunkSenders:
    """So many connections, each with one upload of as many whole chunks.

    Args:
        service: Where they go.
        uploads: How many at once.
        chunks: Of each.
        chunk_bytes: Of each chunk.
        has_digests: Whether each chunk carries its SHA-256.
    """

    def __init__(
        self,
        service: RunningService,
        *,
        uploads: int,
        chunks: int,
        chunk_bytes: int,
        has_digests: bool,
    ) -> None:
        self._address = urlsplit(service.address)
        self._headers = service.headers
        self._uploads = uploads
        self._chunks = chunks
        self._size_bytes = chunks * chunk_bytes
        self._chunk_bytes = chunk_bytes
        self._block = memoryview(os.urandom(chunk_bytes - STAMP_BYTES))
        self._digest = hashlib.sha256(self._block) if has_digests else None

    def run(self) -> Sent:
        """Send all, then finalize all.

        Raises:
            SystemExit: the service refused something.
        """
        with ThreadPoolExecutor(self._uploads) as threads:
            ids = list(threads.map(self._announce, range(self._uploads)))
            began = time.monotonic()
            list(threads.map(self._send, range(self._uploads), ids))
            received = time.monotonic()
            jobs = set(threads.map(self._finalize, ids))
        return Sent(received - began, time.monotonic() - received, len(jobs))

    def _announce(self, upload: int) -> str:
        body = {
            "name": f"upload-{upload}.wav",
            "size_bytes": self._size_bytes,
            "chunk_bytes": self._chunk_bytes,
        }
        connection = self._connect()
        found = self._ask(connection, "POST", "/uploads/", json.dumps(body).encode())
        connection.close()
        return str(_require(found, HTTPStatus.CREATED)["id"])

    def _send(self, upload: int, upload_id: str) -> None:
        connection = self._connect()
        for chunk in range(self._chunks):
            stamp = upload.to_bytes(STAMP_BYTES // 2) + chunk.to_bytes(STAMP_BYTES // 2)
            connection.putrequest("PUT", f"/uploads/{upload_id}/chunks/{chunk}")
            for name, value in self._build_headers(stamp).items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(self._block)
            connection.send(stamp)
            _require(_read(connection), HTTPStatus.OK)
        connection.close()

    def _build_headers(self, stamp: bytes) -> dict[str, str]:
        headers = self._headers | {"Content-Length": str(self._chunk_bytes)}
        if self._digest is not None:
            state = self._digest.copy()
            state.update(stamp)
            headers["Content-Digest"] = f"sha-256=:{base64.b64encode(state.digest()).decode()}:"
        return headers

    def _finalize(self, upload_id: str) -> str:
        connection = self._connect()
        while True:
            found = self._ask(connection, "POST", f"/uploads/{upload_id}/finalize")
            if found[0] != HTTPStatus.ACCEPTED:
                break
            time.sleep(VERIFYING_PAUSE_SECONDS)
        connection.close()
        return str(_require(found, HTTPStatus.CREATED)["id"])

    def _connect(self) -> http.client.HTTPConnection:
        host, port = self._address.hostname or "", self._address.port
        return http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)

    def _ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: bytes = b""
    ) -> tuple[int, bytes]:
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        connection.request(method, path, body=body, headers=headers)
        return _read(connection)


def _read(connection: http.client.HTTPConnection) -> tuple[int, bytes]:
    response = connection.getresponse()
    return response.status, response.read()


def _require(found: tuple[int, bytes], status: HTTPStatus) -> dict[str, object]:
    if found[0] != status:
        raise SystemExit(f"The service answered {found[0]}: {found[1][:500].decode()}")
    answer: dict[str, object] = json.loads(found[1])
    return answer
