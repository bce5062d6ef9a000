"""Transcripts as a search meets them: words as frequent as in speech, and what is asked for."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import insert

from transcriber.infra.database import Database
from transcriber.infra.identifiers import create_id
from transcriber.transcripts.models import SegmentRow, TranscriptRow
from transcriber.transcripts.search.entries import index_transcript

SEGMENTS_EACH = 1_000
SEGMENT_SECONDS = 5.0
WORDS_EACH = 12
VOCABULARY = 20_000
RARE_EVERY = 5_000
"""One segment of so many has the rare word; the planted phrase is as rare as that."""
RARE = "quetzalcoatl"
PHRASE = ("board", "of", "directors")
FREQUENT = (
    "the",
    "and",
    "of",
    "to",
    "in",
    "a",
    "that",
    "is",
    "it",
    "was",
    "for",
    "on",
    "we",
    "you",
)
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo")
_START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Owner:
    """An account and how many segments it has."""

    user_id: str
    segments: int


class Speech:
    """Texts whose words are drawn by Zipf's law, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- texts, not secrets
        made = {self._make_word() for _ in range(VOCABULARY)}
        self.words = [*FREQUENT, *sorted(made - set(FREQUENT))]
        self._drawn = 0
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def draw(self) -> str:
        """The next segment's text."""
        words = self._random.choices(self.words, cum_weights=self._weights, k=WORDS_EACH)
        self._drawn += 1
        if self._drawn % RARE_EVERY == 0:
            words[4] = RARE
            words[7:10] = PHRASE
        return " ".join(words).capitalize() + "."

    def _make_word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 5)))


def fill(database: Database, owners: Sequence[Owner], speech: Speech) -> None:
    """Give each owner its transcripts, in turns, as they would have come."""
    left = {owner.user_id: owner.segments for owner in owners}
    number = 0
    while any(left.values()):
        for user_id, segments in left.items():
            size = min(segments, SEGMENTS_EACH)
            if size:
                _add_transcript(database, user_id, number, size, speech)
                left[user_id] -= size
                number += 1


def _add_transcript(
    database: Database, user_id: str, number: int, size: int, speech: Speech
) -> None:
    job_id = create_id()
    row = TranscriptRow(
        job_id=job_id,
        generation=1,
        user_id=user_id,
        recording_id=create_id(),
        name=f"Meeting {number}.m4a",
        language="en" if number % 3 else "de",
        language_probability=1.0,
        duration_seconds=size * SEGMENT_SECONDS,
        model="base",
        task="transcribe",
        segment_count=size,
        created_at=_START + timedelta(hours=number),
    )
    with database.unit_of_work() as uow:
        uow.session.add(row)
        uow.session.execute(
            insert(SegmentRow), list(_write_segments(user_id, job_id, size, speech))
        )
        index_transcript(uow.session, user_id, job_id, 1)


def _write_segments(
    user_id: str, job_id: str, size: int, speech: Speech
) -> Iterator[dict[str, Any]]:
    for index in range(size):
        start = index * SEGMENT_SECONDS
        yield {
            "job_id": job_id,
            "generation": 1,
            "index": index,
            "user_id": user_id,
            "start": start,
            "end": start + SEGMENT_SECONDS,
            "text": speech.draw(),
            "avg_logprob": -0.2,
            "no_speech_prob": 0.0,
            "compression_ratio": 1.5,
            "temperature": 0.0,
            "words": [],
            "speaker": None,
        }
