from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import delete, func, select, text
from starlette.testclient import TestClient

from people import People, Person
from service_context import RecordingQueue, open_client
from transcriber.accounts.models import Account
from transcriber.accounts.throttling.limits import (
    PER_ADDRESS,
    PER_NAME_AND_ADDRESS,
    count_sign_in,
)
from transcriber.accounts.throttling.models import AttemptCount
from transcriber.accounts.throttling.repository import (
    add_attempt,
    find_counts,
    forget_ended_windows,
)
from transcriber.accounts.throttling.service import record_attempt
from transcriber.infra.audit import AuditEntry
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.database import Database

ATTACKER = "198.51.100.66"


@pytest.fixture
def other_process(people: People) -> Generator[TestClient]:
    """Another API over the same database, which shares nothing else."""
    context = people.context
    database = Database(context.settings.resolved_database_url)
    other = Context(
        settings=context.settings,
        database=database,
        storage=context.storage,
        queue=RecordingQueue(),
    )
    with open_client(other, client=(ATTACKER, 1)) as client:
        yield client
    database.dispose()


@pytest.fixture(autouse=True)
def _no_earlier_attempts(people: People) -> None:
    with people.context.database.unit_of_work() as uow:
        uow.session.execute(delete(AttemptCount))


def build_login(person: Person, **choices: str) -> dict[str, str]:
    return {"name": person.name, "password": person.password, "kind": "bearer", **choices}


def count_failures(people: People, user_id: str) -> int:
    query = select(func.count()).where(
        AuditEntry.action == "account.sign_in_failure", AuditEntry.user_id == user_id
    )
    with people.context.database.snapshot() as session:
        return session.scalar(query) or 0


def test_77_a_thousand_bad_sign_ins_are_refused_and_lock_nobody_out(
    people: People, other_process: TestClient
) -> None:
    person, attacker = people.add(), people.move_to(ATTACKER)
    bad = build_login(person, password="wrong")
    first = [attacker.post("/auth/login", json=bad).status_code for _ in range(10)]
    assert first == [401] * 10
    more = [attacker.post("/auth/login", json=bad) for _ in range(990)]
    assert {answer.status_code for answer in more} == {429}
    assert len({str({**answer.json(), "request_id": "", "detail": ""}) for answer in more}) == 1
    assert all(0 < int(answer.headers["retry-after"]) <= 300 for answer in more)
    # The right password helps this address no more, in whatever process; another one it does.
    assert other_process.post("/auth/login", json=build_login(person)).status_code == 429
    victim = people.move_to("198.51.100.7")
    assert victim.post("/auth/login", json=build_login(person)).status_code == 200
    # A thousand attempts left two entries and two rows behind.
    assert count_failures(people, person.user_id) == 2
    with people.context.database.snapshot() as session:
        rows = session.execute(select(AttemptCount.attempts)).scalars().all()
    assert sorted(rows) == [10, 10]


def test_77_many_names_from_one_address_are_refused_too(people: People) -> None:
    with people.context.database.unit_of_work() as uow:
        for number in range(PER_ADDRESS.attempts - 1):
            record_attempt(uow.session, count_sign_in(ATTACKER, f"name-{number}"))
    attacker, person = people.move_to(ATTACKER), people.add()
    login = build_login(person, name="somebody else")
    assert attacker.post("/auth/login", json=login).status_code == 401
    assert attacker.post("/auth/login", json=build_login(person)).status_code == 429


def test_77_unknown_wrong_and_disabled_are_answered_and_recorded_alike(people: People) -> None:
    known, disabled = people.add(), people.add()
    with people.context.database.unit_of_work() as uow:
        uow.session.get_one(Account, disabled.user_id).is_active = False
    earlier = count_failures(people, "unknown")
    here = people.move_to()
    shapes = set[str]()
    for login in (
        build_login(known, password="wrong"),
        build_login(disabled),
        build_login(known, name="nobody has this"),
    ):
        answer = here.post("/auth/login", json=login)
        document = {**answer.json(), "request_id": None}
        shapes.add(str((answer.status_code, document, sorted(answer.headers))))
    assert len(shapes) == 1
    assert count_failures(people, known.user_id) == count_failures(people, disabled.user_id) == 1
    assert count_failures(people, "unknown") == earlier + 1


def test_what_was_typed_for_a_name_is_kept_nowhere(people: People) -> None:
    person = people.add()
    typed = "MyPasswordInTheWrongField"
    people.move_to().post("/auth/login", json=build_login(person, name=typed))
    with people.context.database.snapshot() as session:
        for table in ("audit_entries", "attempt_counts", "accounts", "sessions"):
            rows = session.execute(text(f"SELECT * FROM {table}")).all()
            assert typed.casefold() not in str(rows).casefold()


def test_the_audit_trail_cannot_be_filled_by_guessing(people: People) -> None:
    earlier = count_failures(people, "unknown")
    with people.context.database.unit_of_work() as uow:
        for number in range(20):
            record_attempt(uow.session, count_sign_in(ATTACKER, f"name-{number}"))
    attacker, person = people.move_to(ATTACKER), people.add()
    for number in range(3):
        login = build_login(person, name=f"other-{number}")
        assert attacker.post("/auth/login", json=login).status_code == 401
    assert count_failures(people, "unknown") == earlier


def test_a_wrong_current_password_counts_for_the_session_alone(people: People) -> None:
    person, here = people.add(), people.move_to()
    stolen = here.post("/auth/login", json=build_login(person)).json()["token"]
    thief = {"Authorization": f"Bearer {stolen}"}
    body = {"current_password": "a guess", "new_password": "of the thief's"}
    answers = [here.post("/auth/password", json=body, headers=thief).status_code for _ in range(11)]
    assert answers == [401] * PER_NAME_AND_ADDRESS.attempts + [429]
    good = body | {"current_password": person.password}
    assert here.post("/auth/password", json=good, headers=thief).status_code == 429
    assert here.post("/auth/password", json=good, headers=person.headers).status_code == 204
    assert here.get("/auth/me", headers=thief).status_code == 401


def test_attempts_at_the_same_moment_are_all_counted(people: People) -> None:
    with people.context.database.unit_of_work() as uow:
        opened = read_database_time(uow.session) - PER_ADDRESS.window
        for number in range(30):
            # Windows that are over, which everybody below tries to remove.
            add_attempt(uow.session, count_sign_in(f"old-{number}", "x")[1], opened)

    def fail(number: int) -> None:
        for round_ in range(5):
            with people.context.database.unit_of_work() as uow:
                record_attempt(uow.session, count_sign_in(ATTACKER, f"{number % 2}-{round_}"))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(fail, range(6)))
    with people.context.database.snapshot() as session:
        counts = session.scalars(select(AttemptCount.attempts)).all()
    assert sorted(counts) == [3] * 10 + [30]


def test_windows_end_and_are_forgotten(people: People) -> None:
    counted = count_sign_in("192.0.2.9", "somebody")
    keys = [each.key for each in counted]
    with people.context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)

        def add(moment: datetime) -> int | None:
            return add_attempt(uow.session, counted[0], moment)

        assert [add(now) for _ in range(11)] == [*range(1, 11), None]
        row = find_counts(uow.session, keys, now)[keys[0]]
        assert (row.attempts, row.expires_at) == (10, now + PER_NAME_AND_ADDRESS.window)
        later = row.expires_at
        assert find_counts(uow.session, keys, later) == {}
        assert add(later) == 1
        forget_ended_windows(uow.session, later)
        assert keys[0] in uow.session.scalars(select(AttemptCount.key)).all()
        forget_ended_windows(uow.session, later + PER_NAME_AND_ADDRESS.window)
        assert keys[0] not in uow.session.scalars(select(AttemptCount.key)).all()
