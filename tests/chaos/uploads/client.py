"""A client of the upload protocol that asks for the state after every fault and goes on."""

import http.client
import time

from chaos.uploads.answers import Answers
from chaos.uploads.cuts import Cuts
from chaos.uploads.sendings import Fate, Sending, build_digest
from chaos.uploads.wire import Answer, CutError, Wire

PATIENCE_SECONDS = 240.0
LONGEST_PAUSE_SECONDS = 0.05
REFUSED_SECONDS = 0.2
BUSY = 423
NO_DISK = {503, 507}
MAY_PASS = {409, BUSY, 429, *NO_DISK}
TRANSIENT_CONFLICTS = {
    *("bytes_missing", "chunk_damaged", "storage_unavailable", "verification_failed"),
    *("chunk_busy", "upload_incomplete", "upload_state"),
}


class Client:
    """Sends one upload after the other, over one connection at a time.

    Attributes:
        doing: The request in flight, for whoever wants to know what a fault strikes.

    Args:
        wire: Its connection.
        cuts: Whether a request's connection is cut.
        answers: Gets the answers.
        is_disk_sound: Whether no chunk is refused for the disk, and none that was answered for is
            ever missing again.
    """

    def __init__(self, wire: Wire, cuts: Cuts, answers: Answers, *, is_disk_sound: bool) -> None:
        self.doing: str | None = None
        self._wire = wire
        self._cuts = cuts
        self._answers = answers
        self._is_disk_sound = is_disk_sound

    def close(self) -> None:
        """Let the connection go."""
        self._wire.close()

    def send(self, sending: Sending) -> None:
        """Bring an upload to the end that its fate names, or as far as patience goes."""
        data = sending.build_data()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._is_over(sending, data):
            if time.monotonic() > deadline:
                self._answers.note_problem(
                    f"upload {sending.id or sending.number} did not end within"
                    f" {PATIENCE_SECONDS:.0f} s"
                )
                return
        sending.is_over = True

    def _is_over(self, sending: Sending, data: bytes) -> bool:
        """Send what is missing until a fault interrupts or all is done; tells which."""
        if not sending.id:
            return self._announce(sending)
        if sending.is_cancelling:
            # The answer was lost; a second time changes nothing.
            return self._give_up(sending)
        missing = self._ask_missing(sending)
        if missing is None:
            return False
        sending.rng.shuffle(missing)
        for number in missing:
            if self._is_to_be_given_up(sending):
                return self._give_up(sending)
            if not self._send_chunk(sending, data, number):
                return False
        return self._finalize(sending)

    def _announce(self, sending: Sending) -> bool:
        body = (
            f'{{"name": "upload-{sending.number}.wav", "size_bytes": {sending.size_bytes},'
            f' "chunk_bytes": {sending.chunk_bytes}'
            + (f', "sha256": "{sending.sha256}"' if sending.announces_digest else "")
            + "}"
        ).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"upload-{sending.number}",
        }
        answer = self._ask(sending, "POST", "/uploads/", body, what="announcement", headers=headers)
        if answer is not None and answer.status == 201:
            upload = answer.read()
            sending.id, sending.chunk_bytes = upload["id"], upload["chunk_bytes"]
            sending.chunk_count = upload["chunk_count"]
        return False

    def _ask_missing(self, sending: Sending) -> list[int] | None:
        answer = self._ask(sending, "GET", f"/uploads/{sending.id}", what="question")
        if answer is None or answer.status != 200:
            return None
        missing = [
            number
            for each in answer.read()["missing"]
            for number in range(each["first"], each["last"] + 1)
        ]
        lost = sending.acknowledged & set(missing)
        if lost and self._is_disk_sound:
            self._answers.note_problem(f"upload {sending.id} lost acknowledged chunks: {lost}")
        # A status answers for what is durable, also where the chunk's own answer was cut off.
        sending.acknowledged |= set(range(sending.chunk_count)) - set(missing)
        return missing

    def _send_chunk(self, sending: Sending, data: bytes, number: int) -> bool:
        chunk = data[number * sending.chunk_bytes : (number + 1) * sending.chunk_bytes]
        headers = {"Content-Digest": build_digest(chunk)} if sending.announces_digest else {}
        path = f"/uploads/{sending.id}/chunks/{number}"
        answer = self._ask(sending, "PUT", path, chunk, what="chunk", headers=headers, chunk=number)
        if answer is None:
            return False
        if answer.status == 200:
            sending.acknowledged.add(number)
        if answer.status in NO_DISK and not self._is_disk_sound:
            sending.hits[number] += 1
        sending.busy += answer.status == BUSY
        return answer.status == 200

    def _is_to_be_given_up(self, sending: Sending) -> bool:
        is_early = len(sending.acknowledged) < sending.chunks_before_end
        return sending.fate != Fate.COMPLETE and not is_early

    def _give_up(self, sending: Sending) -> bool:
        if sending.fate == Fate.LATE:
            # Who comes back later finds it and completes it.
            sending.chunks_before_end = sending.chunk_count + 1
            return True
        if sending.fate == Fate.ABANDON:
            return True
        sending.is_cancelling = True
        answer = self._ask(sending, "DELETE", f"/uploads/{sending.id}", what="cancellation")
        return answer is not None and answer.status == 204

    def _finalize(self, sending: Sending) -> bool:
        path = f"/uploads/{sending.id}/finalize"
        answer = self._ask(sending, "POST", path, what="finalization")
        if answer is None or answer.status != 201:
            return False
        job = answer.read()
        sending.job_id, sending.recording_id = job["id"], job["recording_id"]
        return True

    def _ask(
        self,
        sending: Sending,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        what: str,
        headers: dict[str, str] | None = None,
        chunk: int | None = None,
    ) -> Answer | None:
        """Send one request; None when a fault struck it, which then is counted."""
        time.sleep(sending.rng.uniform(0.0, LONGEST_PAUSE_SECONDS))
        cut = self._cuts.draw(sending.rng, len(body))
        has_struck = False
        try:
            self._wire.open()
            if chunk is not None:
                sending.sent[chunk] += 1
            self.doing = what
            answer = self._wire.ask(method, path, body, headers=headers, cut=cut)
        except (CutError, OSError, http.client.HTTPException) as error:
            has_struck = isinstance(error, CutError)
            if self.doing is None:
                # Nobody listened, so nothing was sent.
                time.sleep(LONGEST_PAUSE_SECONDS)
            elif chunk is None:
                sending.other_hits += 1
            else:
                sending.hits[chunk] += 1
            return None
        finally:
            self.doing = None
            if cut is not None:
                self._cuts.note(cut, has_struck=has_struck)
        self._judge(f"{method} {path}", answer)
        return answer

    def _judge(self, what: str, answer: Answer) -> None:
        self._answers.note_status(answer.status)
        if answer.status < 300:
            return
        if answer.status not in MAY_PASS or (
            answer.status == 409 and answer.read()["code"] not in TRANSIENT_CONFLICTS
        ):
            told = answer.content.decode(errors="replace")[:300]
            self._answers.note_problem(f"{what}: {answer.status} {told}")
        time.sleep(REFUSED_SECONDS)
