"""Each condition on an owner, taken out of the running service, shows in the matrix."""

from collections.abc import Mapping

import pytest

from authorisation.asking import ask_as_stranger
from authorisation.calls import Operation
from authorisation.clauses import Clause, find_clauses
from authorisation.matrix import Matrix, list_operations
from authorisation.mutants import REACHED, noting, sharing_terms, without
from authorisation.rules import Rule
from authorisation.table import list_rules
from transcriber.app import create_app
from transcriber.infra.errors import ServiceError

# Conditions of what the service does by itself: no request comes to them.
_TURNS = "Only which owner is served next follows from it; `tests/integration/jobs` covers that."
_ROUNDS = "It joins an owner's policy to his things, in rounds of the workers."
REDUNDANT = {
    "transcriber.accounts.repository.AccountRepository.has_signed_in: "
    "AccountSession.user_id == user_id": "The first administrator's, at the service's start.",
    "transcriber.transcripts.search.entries._find_shelf: SearchTranscript.user_id == user_id": (
        "A job stands on one shelf, which the database sees to; whose it is, its transcript says."
    ),
    "transcriber.jobs.claiming._try_claim: AccountTurn.user_id == candidate.user_id": _TURNS,
    "transcriber.jobs.claiming._count_running: SpanRow.user_id == user_id": _TURNS,
    "transcriber.jobs.repository.ensure_turn: AccountTurn.user_id == user_id": _TURNS,
    "transcriber.jobs.retention._join_policies: RetentionPolicy.user_id == user_id": _ROUNDS,
}
_SEARCH = "transcriber.transcripts.search."
_OTHERS = "The other database's index, which that database's run is about."
ON_SQLITE = {
    f"{_SEARCH}tsvector_index.{each}": _OTHERS
    for each in (
        "TsvectorIndex.find: *_list_bounds(_TABLE, wanted)",
        "TsvectorIndex.find: *_list_bounds(listed, wanted)",
        "_list_bounds: table.c.user_id == wanted.user_id",
    )
}
ON_POSTGRESQL = {
    f"{_SEARCH}fts5_index.Fts5Index.find: SearchEntry.user_id == wanted.user_id": _OTHERS
}
LONG_SECONDS = 2_400
Tries = list[tuple[Operation, Rule]]


@pytest.mark.long
@pytest.mark.timeout(LONG_SECONDS)
def test_the_matrix_misses_no_condition(matrix: Matrix) -> None:
    miss_nothing(matrix, {**REDUNDANT, **ON_SQLITE})


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(LONG_SECONDS)
def test_it_misses_none_on_postgresql(postgres_matrix: Matrix) -> None:
    miss_nothing(postgres_matrix, {**REDUNDANT, **ON_POSTGRESQL})


def miss_nothing(matrix: Matrix, reasons: Mapping[str, str]) -> None:
    clauses = find_clauses()
    assert not ask_as_stranger(matrix)
    missed: list[str] = []
    with sharing_terms():
        tries = map_tries(matrix, clauses)
        for clause in clauses:
            surprise = "" if clause.name in reasons else find_surprise(matrix, clause, tries)
            verdict = f"caught: {surprise}" if surprise else reasons.get(clause.name, "MISSED")
            print(f"{clause.name} -> {verdict}")  # noqa: T201 -- `make ownership-mutants` shows it
            if verdict == "MISSED":
                missed.append(clause.name)
    assert not missed, "Nothing notices when these are gone:\n" + "\n".join(missed)
    gone = reasons.keys() - {clause.name for clause in clauses}
    assert not gone, f"Reasons for conditions that are no more: {sorted(gone)}"


def map_tries(matrix: Matrix, clauses: list[Clause]) -> dict[str, Tries]:
    """By the place of a condition, the requests that come to it; nothing surprises yet."""
    found: dict[str, Tries] = {clause.place: [] for clause in clauses}
    with noting(clauses):
        for operation in list_operations(create_app(matrix.context).openapi()):
            for rule in list_rules(operation.name):
                REACHED.clear()
                assert not matrix.try_strangers(operation, rule)
                for place in REACHED:
                    found[place].append((operation, rule))
    return found


def find_surprise(matrix: Matrix, clause: Clause, tries: dict[str, Tries]) -> str:
    """The first one without the condition; none where all miss it, whether a request or not."""
    matrix.renew()
    with without(clause):
        for operation, rule in tries[clause.place]:
            try:
                surprises = matrix.try_strangers(operation, rule)
            except ServiceError as error:
                return f"{operation.name}: the owner himself is refused: {error}"
            if surprises:
                assert "with 500" not in surprises[0], f"{clause.name} breaks what it should open"
                return surprises[0]
        return next(iter(ask_as_stranger(matrix)), "")
