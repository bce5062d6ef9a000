"""The transcripts of an undisturbed run, once for each recording."""

import time
from pathlib import Path

from chaos.client import Client
from chaos.recordings import Recording
from chaos.stack import Stack

PATIENCE_SECONDS = 600.0
Segments = list[tuple[float, float, str]]


def transcribe_undisturbed(folder: Path, recordings: list[Recording]) -> dict[str, Segments]:
    """The segments of each recording by its name, from the service on its defaults.

    The product's own code, whatever is being tested: a mutant is held against the original.
    """
    stack = Stack(folder, workers=2)
    try:
        stack.start()
        client = Client(stack.address)
        client.sign_in(stack.read_first_password(), accounts=1)
        sent = [client.submit("user0", f"reference-{each.name}", each) for each in recordings]
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(client.read_state(each) != "completed" for each in sent):
            assert time.monotonic() < deadline, "The undisturbed run did not end."
            time.sleep(0.5)
        found = {each.recording.name: client.read_segments(each) for each in sent}
        client.close()
    finally:
        stack.close()
    assert all(found.values()), "A recording without a word tests nothing."
    return found
