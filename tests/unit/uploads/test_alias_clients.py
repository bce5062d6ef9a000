import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from moved_clock import MovedClock
from transcriber.infra.database import Database
from transcriber.uploads.aliases.clients import MAX_CLIENTS, OTHER, fold_client, name_client
from transcriber.uploads.aliases.counter import MAX_WAITING, AliasCounter
from transcriber.uploads.aliases.repository import UseKey


@pytest.mark.parametrize(
    ("user_agent", "client"),
    [
        ("curl/8.5.0", "curl"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "Mozilla"),
        ("  old-app_2.x (beta)", "old-app_2.x"),
        ("python-requests/2.32", "python-requests"),
        ('we"ird{}=\n\x1b[31m/1', "weird"),
        ("Bücher/1", "Bcher"),
        ("a" * 10_000, "a" * 32),
        ("(only a comment)", "unknown"),
        ("/1.0", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_client_is_its_product_in_harmless_letters(user_agent: str | None, client: str) -> None:
    assert name_client(user_agent) == client


def test_names_beyond_the_limit_are_one() -> None:
    known: set[str] = set()
    names = [f"client{number}" for number in range(MAX_CLIENTS + 1)]
    assert [fold_client(name, known) for name in names] == [*names[:-1], OTHER]
    assert fold_client(names[0], known) == names[0]
    assert fold_client("unknown", known) == "unknown"
    assert fold_client("unknown2", known) == OTHER


def test_a_counter_keeps_its_counts_and_its_bounds_while_the_database_is_away(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    # A folder is no database.
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('no-database')}")
    counter = AliasCounter(database, MovedClock())
    for number in range(MAX_WAITING + 500):
        counter.count(UseKey("/uploads/init", f"client{number}", "alice"))
    for _ in range(2):
        with pytest.raises(OperationalError):
            counter.write()
    assert len(counter._waiting) == MAX_WAITING + 1
    assert counter._waiting[UseKey("/uploads/init", OTHER, "alice")].uses == 500
    assert sum(count.uses for count in counter._waiting.values()) == MAX_WAITING + 500
    counter.start()
    with capture_logs() as logs:
        counter.close()
    lost = [line["uses"] for line in logs if line["event"] == "alias_uses_lost"]
    assert lost == [MAX_WAITING + 500]
    database.dispose()
