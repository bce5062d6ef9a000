"""Each condition on an owner, taken out of the running service, shows in the matrix."""

import pytest

from authorisation.calls import Operation
from authorisation.clauses import Clause, find_clauses
from authorisation.matrix import Matrix, list_operations
from authorisation.mutants import without
from authorisation.rules import Access, Rule
from authorisation.table import list_rules
from transcriber.app import create_app
from transcriber.infra.errors import ServiceError

# Why the matrix cannot see them: they are the workers', who serve everybody.
_TURNS = "Only which owner is served next follows from it; `tests/integration/jobs` covers that."
REDUNDANT = {
    "transcriber.jobs.claiming._try_claim: AccountTurn.user_id == candidate.user_id": _TURNS,
    "transcriber.jobs.claiming._count_running: SpanRow.user_id == user_id": _TURNS,
    "transcriber.jobs.repository.ensure_turn: AccountTurn.user_id == user_id": _TURNS,
}
SLICES = {"auth": "accounts", "account": "accounts"}


@pytest.fixture
def rules(matrix: Matrix) -> list[tuple[Operation, Rule]]:
    document = create_app(matrix.context).openapi()
    return [
        (operation, rule)
        for operation in list_operations(document)
        for rule in list_rules(operation.name)
    ]


def test_the_matrix_misses_no_condition(
    matrix: Matrix, rules: list[tuple[Operation, Rule]]
) -> None:
    clauses = find_clauses()
    missed: list[str] = []
    for clause in clauses:
        surprise = "" if clause.name in REDUNDANT else find_surprise(matrix, clause, rules)
        verdict = f"caught by {surprise}" if surprise else REDUNDANT.get(clause.name, "MISSED")
        import time
        print(f"{time.monotonic():.0f} {clause.name} -> {verdict}")  # noqa: T201 -- as `make ownership-mutants` shows it
        if verdict == "MISSED":
            missed.append(clause.name)
    assert not missed, "Nothing notices when these are gone:\n" + "\n".join(missed)
    gone = REDUNDANT.keys() - {clause.name for clause in clauses}
    assert not gone, f"Reasons for conditions that are no more: {sorted(gone)}"


def find_surprise(matrix: Matrix, clause: Clause, rules: list[tuple[Operation, Rule]]) -> str:
    """The first one; the routes of the clause's own slice are tried before others."""

    def rank(each: tuple[Operation, Rule]) -> tuple[bool, bool]:
        root = each[0].path.split("/")[1]
        is_near = SLICES.get(root, root) == clause.module.split(".")[1]
        return (not is_near, each[1].access != Access.OWNED)

    matrix.renew()
    with without(clause):
        for operation, rule in sorted(rules, key=rank):
            try:
                surprises = matrix.try_strangers(operation, rule)
            except ServiceError as error:
                return f"{operation.name}: the owner himself is refused: {error}"
            if surprises:
                assert "with 500" not in surprises[0], f"{clause.name} breaks what it should open"
                return surprises[0]
    return ""
