"""What must hold once everything is quiet: the invariants, against tables, files and answers."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field

from chaos.client import Client, Submission
from chaos.journal import Journal
from chaos.observer import Observer
from chaos.reference import Segments
from chaos.rows import Rows
from chaos.stack import Stack

TERMINAL = {"completed", "failed", "cancelled", "quarantined"}
MOVES = {
    (None, "queued"),
    ("queued", "running"),
    ("queued", "cancelled"),
    ("queued", "failed"),
    ("running", "queued"),
    *(("running", state) for state in TERMINAL),
    ("failed", "queued"),
    ("cancelled", "queued"),
    ("quarantined", "queued"),
}
DEATHS_BEFORE_QUARANTINE = 3
OBJECT_NAME = re.compile("[0-9a-f]{32}")


@dataclass(slots=True)
class Findings:
    """Violations by kind, one sentence each."""

    lost: list[str] = field(default_factory=list[str])
    duplicated: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])
    broken: list[str] = field(default_factory=list[str])

    def list_all(self) -> list[str]:
        """Every violation with its kind."""
        return [
            f"{kind}: {text}"
            for kind in ("lost", "duplicated", "wrong", "broken")
            for text in getattr(self, kind)
        ]


@dataclass(frozen=True, slots=True)
class Checker:
    """One look at a quiet service.

    Args:
        rows: Its tables.
        client: Who submitted, and what was answered.
        journal: What was done to it.
        reference: The undisturbed transcripts by recording.
    """

    rows: Rows
    client: Client
    journal: Journal
    reference: dict[str, Segments]
    findings: Findings = field(default_factory=Findings)

    def check_everything(self) -> Findings:
        """Apply every check that needs no files."""
        self._check_answers()
        self._check_acknowledged()
        self._check_transcripts()
        self._check_segments()
        self._check_history()
        self._check_rest()
        return self.findings

    def _check_answers(self) -> None:
        self.findings.broken += [f"answered {text}" for text in self.client.answers.unexpected]
        keys = Counter((each.account, each.key) for each in self.client.list_submissions())
        self.findings.duplicated += [f"two jobs of {key}" for key, n in keys.items() if n > 1]

    def _check_acknowledged(self) -> None:
        rows = self.rows.query("SELECT id, state, error_code FROM jobs")
        states = {str(row[0]): (str(row[1]), row[2]) for row in rows}
        for each in self.client.list_submissions():
            state, error = states.pop(each.job_id, ("missing", None))
            if state not in _list_allowed_ends(each):
                self.findings.lost.append(f"job {each.job_id} ended as {state} ({error})")
        for job_id, (state, _) in states.items():
            self.findings.duplicated.append(f"job {job_id} ({state}) was never acknowledged")

    def _check_transcripts(self) -> None:
        for each in self.client.list_submissions():
            if self.client.read_state(each) != "completed":
                continue
            found = self.client.read_segments(each)
            if found != self.reference[each.recording.name]:
                told = f"job {each.job_id} of {each.recording.name} has {len(found)} segments"
                self.findings.wrong.append(
                    f"{told}: {_show_difference(found, self.reference[each.recording.name])}"
                )

    def _check_segments(self) -> None:
        rows = self.rows.query(
            'SELECT s.job_id, s.generation, s."index" FROM segments s JOIN transcripts t'
            " ON t.job_id = s.job_id AND t.generation = s.generation"
        )
        indexes: dict[tuple[str, int], list[int]] = {}
        for row in rows:
            indexes.setdefault((row[0], row[1]), []).append(row[2])
        for key, found in indexes.items():
            if sorted(found) != list(range(len(found))):
                self.findings.duplicated.append(f"segments of {key} are {sorted(found)}")

    def _check_history(self) -> None:
        rows = self.rows.query(
            "SELECT job_id, generation, attempt, from_state, to_state FROM job_events"
            # All that is left of a deleted job is the event that says so.
            " WHERE to_state <> 'deleted' ORDER BY id"
        )
        completed = Counter((row[0], row[1]) for row in rows if row[4] == "completed")
        self.findings.duplicated += [
            f"{key} completed {n} times" for key, n in completed.items() if n > 1
        ]
        last: dict[str, tuple[int, int, str]] = {}
        for job_id, generation, attempt, origin, target in rows:
            before = last.get(job_id)
            self._check_move(job_id, (generation, attempt, origin, target), before)
            last[job_id] = (generation, attempt, target)
        for job_id, state, generation in self.rows.query("SELECT id, state, generation FROM jobs"):
            if (state, generation) != (last[job_id][2], last[job_id][0]):
                self.findings.broken.append(f"job {job_id} is {state}, its history says otherwise")
        known = self.rows.query("SELECT job_id, generation FROM transcripts")
        for job_id, generation in known:
            if completed[job_id, generation] != 1:
                self.findings.broken.append(f"a transcript of {job_id} without its completion")
        if len(known) != len(completed):
            self.findings.broken.append(f"{len(completed)} completions, {len(known)} transcripts")

    def _check_move(
        self,
        job_id: str,
        event: tuple[int, int, str | None, str],
        before: tuple[int, int, str] | None,
    ) -> None:
        generation, attempt, origin, target = event
        told = f"job {job_id} went from {origin} to {target}"
        if (origin, target) not in MOVES:
            self.findings.broken.append(f"{told}, which is no move")
        if before is None:
            if origin is not None:
                self.findings.broken.append(f"{told} at first")
            return
        if before[2] != origin:
            self.findings.broken.append(f"{told} after it had become {before[2]}")
        if before[2] in TERMINAL and generation != before[0] + 1:
            self.findings.broken.append(f"{told} without a new generation")
        if generation == before[0] and attempt < before[1]:
            self.findings.broken.append(f"{told} with an older attempt")

    def _check_rest(self) -> None:
        held = self.rows.query("SELECT count(*) FROM spans WHERE state = 'running'")[0][0]
        if held:
            self.findings.broken.append(f"{held} spans are still held by workers")
        kept = self.rows.query(
            "SELECT count(*) FROM jobs WHERE pcm_key IS NOT NULL AND state NOT IN"
            " ('queued', 'running')"
        )[0][0]
        if kept:
            self.findings.broken.append(f"{kept} ended jobs keep their decoded samples")
        rows = self.rows.query(
            "SELECT job_id, generation FROM job_events WHERE to_state = 'quarantined'"
        )
        for job_id, generation in rows:
            deaths = self._count_deaths(job_id, generation)
            if deaths < DEATHS_BEFORE_QUARANTINE:
                self.findings.broken.append(f"job {job_id} was quarantined after {deaths} deaths")

    def _count_deaths(self, job_id: str, generation: int) -> int:
        """How many faults may have taken work on this job; of the database, any while it lived."""
        created = self.rows.query("SELECT created_at FROM jobs WHERE id = :id", id=job_id)
        assert created
        count = 0
        for fault in self.journal.list_faults():
            keys = {span.key[:2] for span in fault.held}
            count += (job_id, generation) in keys and fault.is_loss
            count += fault.is_database
        return count


def check_completions(rows: Rows, observer: Observer) -> list[str]:
    """Whether each job was completed by a worker that held one of its spans by the last attempt.

    A worker that was replaced and completes all the same has written past the fence.
    """
    last: dict[tuple[str, int], dict[int, tuple[int, str | None]]] = {}
    for ((job_id, generation, index), attempt), claim in observer.claims.items():
        spans = last.setdefault((job_id, generation), {})
        spans[index] = max(spans.get(index, (0, None)), (attempt, claim.owner), key=lambda x: x[0])
    found: list[str] = []
    completions = rows.query(
        "SELECT job_id, generation, actor FROM job_events WHERE to_state = 'completed'"
    )
    for job_id, generation, actor in completions:
        spans = last.get((job_id, generation), {})
        owners = {owner for index, (_, owner) in spans.items() if index >= 0 or len(spans) == 1}
        # A claim shorter than the pause between two looks was seen without its owner.
        if owners and None not in owners and actor not in owners:
            found.append(f"job {job_id} was completed by a worker that had been replaced")
    return found


def check_objects(stack: Stack, rows: Rows, findings: Findings) -> int:
    """Hold the files against the rows; gives how many files no row names."""
    root = stack.data_dir / "objects"
    paths = [
        path for path in root.rglob("*") if path.is_file() and OBJECT_NAME.fullmatch(path.name)
    ]
    files = {f"{path.relative_to(root).parts[0]}/{path.name}": path for path in paths}
    for key, size, digest in rows.query("SELECT storage_key, size_bytes, sha256 FROM recordings"):
        path = files.pop(key, None)
        if path is None:
            findings.lost.append(f"the object {key} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            findings.wrong.append(f"the object {key} of {size} bytes has other content")
    for (key,) in rows.query("SELECT pcm_key FROM jobs WHERE pcm_key IS NOT NULL"):
        if files.pop(key, None) is None:
            findings.lost.append(f"the samples {key} are missing")
    for (key,) in rows.query("SELECT peaks_key FROM recordings WHERE peaks_key IS NOT NULL"):
        if files.pop(key, None) is None:
            findings.lost.append(f"the waveform {key} is missing")
    return len(files)


def _list_allowed_ends(submission: Submission) -> set[str]:
    if submission.cancel_answer == 200 and submission.retry_answer is None:
        # The worker may have finished before it saw the wish.
        return {"cancelled", "completed"}
    return {"completed"}


def _show_difference(found: Segments, expected: Segments) -> str:
    for ours, theirs in zip(found, expected, strict=False):
        if ours != theirs:
            return f"{ours} instead of {theirs}"
    return f"{len(expected)} were expected"
