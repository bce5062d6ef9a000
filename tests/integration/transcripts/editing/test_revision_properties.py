"""Whatever is done to a transcript: each revision reads as it did, and the machine's comes back."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from transcriber.engine.results import Segment
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.errors import InvalidError
from transcriber.infra.identifiers import create_id
from transcriber.transcripts import repository
from transcriber.transcripts.changes import Change, Written, write_change
from transcriber.transcripts.editing.schemas import SpeakerRenames, TextReplacement, TranscriptEdit
from transcriber.transcripts.editing.service import plan_edit, plan_renames, plan_replacement
from transcriber.transcripts.models import SegmentRow, TranscriptRow
from transcriber.transcripts.revisions.service import compare_revisions, plan_restore
from transcriber.transcripts.service import read_segment, read_transcript
from transcript_builders import hear

OWNER = "alice"
TEXTS = ["whale", "a whale of a time", "東京都は", "one two three", "x"]

times = st.integers(0, 100).map(lambda tenths: tenths / 10)
machine = st.lists(st.tuples(times, st.sampled_from(TEXTS)), max_size=6).map(
    lambda pairs: [hear(text, start, start + 0.5) for start, text in sorted(pairs)]
)
pick = st.integers(0, 5)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("set_text"), pick, st.sampled_from(TEXTS)),
        st.tuples(st.just("set_times"), pick, times, times),
        st.tuples(st.just("set_speaker"), pick, st.sampled_from(["A", "B", None])),
        st.tuples(st.just("split"), pick, st.integers(1, 8)),
        st.tuples(st.just("merge"), pick),
        st.tuples(st.just("delete"), pick),
        st.tuples(st.just("insert"), times, times, st.sampled_from(TEXTS)),
        st.tuples(st.just("replace"), st.sampled_from(["a", "whale", "two"])),
        st.tuples(st.just("speakers"), st.sampled_from(["A", "B", None])),
        st.tuples(st.just("restore"), st.integers(0, 20)),
    ),
    max_size=10,
)


@dataclass
class Editor:
    """Turns what Hypothesis drew into requests about the segments that are there."""

    session: Session
    job_id: str

    def read(self, revision: int | None = None) -> tuple[Segment, ...]:
        return read_transcript(self.session, OWNER, self.job_id, revision).transcript.segments

    def act(self, action: tuple[Any, ...]) -> None:
        name, *values = action
        stored = read_transcript(self.session, OWNER, self.job_id)
        base = stored.revision
        if name == "restore":
            self.restore(values[0] % (base + 1), base)
        elif name == "replace":
            body = TextReplacement(revision=base, find=values[0], replacement="y")
            change = plan_replacement(self.session, OWNER, self.job_id, body).change
            assert change is not None
            self.write(change)
        elif name == "speakers":
            renames = [{"speaker": values[0], "name": "C"}]
            body = SpeakerRenames.model_validate({"revision": base, "renames": renames})
            self.write(plan_renames(self.session, OWNER, self.job_id, body))
        elif name == "insert" or stored.indexes:
            self.edit(self._build(name, values, stored.indexes), base)

    def edit(self, operation: dict[str, Any], base: int) -> Written:
        request = TranscriptEdit.model_validate({"revision": base, "operations": [operation]})
        return self.write(plan_edit(self.session, OWNER, self.job_id, request))

    def restore(self, number: int, base: int) -> None:
        self.write(plan_restore(self.session, OWNER, self.job_id, number, based_on=base))

    def write(self, change: Change) -> Written:
        return write_change(self.session, OWNER, self.job_id, change)

    def _build(self, name: str, values: list[Any], indexes: tuple[int, ...]) -> dict[str, Any]:
        if name == "insert":
            return {"op": name, "start": values[0], "end": values[1], "text": values[2]}
        place = values[0] % len(indexes)
        names = {
            "set_text": ("text",),
            "set_times": ("start", "end"),
            "set_speaker": ("speaker",),
            "split": ("character",),
            "merge": (),
            "delete": (),
        }[name]
        operation: dict[str, Any] = {"op": name, "segment": indexes[place]}
        if name == "merge":
            operation["following"] = indexes[(place + 1) % len(indexes)]
        return operation | dict(zip(names, values[1:], strict=True))


def open_editor(session: Session, segments: list[Segment]) -> Editor:
    job_id = create_id()
    row = TranscriptRow(
        job_id=job_id,
        generation=1,
        user_id=OWNER,
        recording_id=job_id,
        name="talk",
        language="en",
        language_probability=1.0,
        duration_seconds=11.0,
        model="base",
        task="transcribe",
        segment_count=len(segments),
        created_at=read_database_time(session),
    )
    session.add(row)
    for index, segment in enumerate(segments):
        fields = {name: getattr(segment, name) for name in segment.__slots__}
        words = [{key: getattr(word, key) for key in word.__slots__} for word in segment.words]
        key = {"job_id": job_id, "generation": 1, "user_id": OWNER, "index": index}
        session.add(SegmentRow(**key, **(fields | {"words": words})))
    session.flush()
    return Editor(session, job_id)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(segments=machine, drawn=actions)
def test_every_revision_reads_as_it_did_and_the_machines_comes_back(
    context: Context, segments: list[Segment], drawn: list[tuple[Any, ...]]
) -> None:
    with context.database.unit_of_work() as uow:
        editor = open_editor(uow.session, segments)
        assert list(editor.read()) == segments
        kept = [editor.read()]
        for action in drawn:
            with suppress(InvalidError):
                editor.act(action)
            row = repository.find_transcript(uow.session, OWNER, editor.job_id)
            assert row is not None
            content = editor.read()
            assert row.segment_count == len(content)
            assert [each.start for each in content] == sorted(each.start for each in content)
            if row.revision == len(kept):
                kept.append(content)
            assert [editor.read(number) for number in range(len(kept))] == kept
        editor.restore(0, row.revision if drawn else 0)
        assert list(editor.read()) == segments
        newest = repository.find_transcript(uow.session, OWNER, editor.job_id)
        assert newest is not None
        assert compare_revisions(uow.session, newest, 0, newest.revision) == []


def test_only_what_differs_is_written(context: Context) -> None:
    spoken = [hear(f"Number {i}.", i / 100, i / 100 + 0.01) for i in range(1_000)]
    with context.database.unit_of_work() as uow:
        editor = open_editor(uow.session, spoken)
        operation = {"op": "set_text", "segment": 500, "text": "Number five hundred."}
        written = editor.edit(operation, 0)
        assert (list(written.removed), [row.index for row in written.added]) == ([500], [1_000])
        editor.restore(0, 1)
        row = repository.find_transcript(uow.session, OWNER, editor.job_id)
        assert row is not None
        assert repository.find_next_index(uow.session, row) == 1_002
        copy = repository.find_segments(uow.session, row, [1_001])[1_001]
        assert read_segment(copy) == spoken[500]


@pytest.mark.parametrize("text", ["a " * 4_999 + "a", "x y " * 2_499 + "x", "東" * 10_000])
def test_a_hostile_text_is_aligned_in_no_time(context: Context, text: str) -> None:
    with context.database.unit_of_work() as uow:
        editor = open_editor(uow.session, [hear("x z " * 2_500 + "y", 0.0, 9.0)])
        operation = {"op": "set_text", "segment": 0, "text": text}
        editor.edit(operation, 0)
        (segment,) = editor.read()
        assert "".join(word.word for word in segment.words).strip() == segment.text
