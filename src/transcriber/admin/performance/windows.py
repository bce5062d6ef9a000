"""What was observed in each minute of the last hour, by whatever process."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from transcriber.infra.clock import read_database_time
from transcriber.infra.meter import NOTHING, Amount, SeriesKey
from transcriber.infra.metric_rows import list_changes

MINUTE = timedelta(minutes=1)
MINUTES = 60

Named = Callable[[SeriesKey], bool]


@dataclass(slots=True)
class Minute:
    """One minute: what all processes wrote in it, and which ones did."""

    amounts: dict[SeriesKey, Amount] = field(default_factory=dict[SeriesKey, Amount])
    processes: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class Hour:
    """The last 60 minutes, counted back from `until`: the first is the newest."""

    until: datetime
    minutes: tuple[Minute, ...]

    def sum_newest(self, count: int) -> Mapping[SeriesKey, Amount]:
        """Everything observed in the newest minutes."""
        total: dict[SeriesKey, Amount] = defaultdict(lambda: NOTHING)
        for minute in self.minutes[:count]:
            for key, amount in minute.amounts.items():
                total[key] = total[key].add(amount)
        return total

    def count_processes(self, count: int) -> int:
        """How many processes wrote in the newest minutes."""
        return len(set[str]().union(*(each.processes for each in self.minutes[:count])))


def read_hour(session: Session) -> Hour:
    """Read what every process wrote in the last hour.

    Raises:
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    now = read_database_time(session)
    minutes = tuple(Minute() for _ in range(MINUTES))
    for written in list_changes(session, now - MINUTES * MINUTE):
        age = max(timedelta(0), now - written.written_at)
        minute = minutes[min(age // MINUTE, MINUTES - 1)]
        minute.processes.add(written.process_id)
        for key, amount in written.amounts:
            minute.amounts[key] = minute.amounts.get(key, NOTHING).add(amount)
    return Hour(now, minutes)


def add_up(amounts: Mapping[SeriesKey, Amount], is_wanted: Named) -> Amount:
    """All observations of the series that are wanted."""
    return add_all(amount for key, amount in amounts.items() if is_wanted(key))


def add_all(amounts: Iterable[Amount]) -> Amount:
    """Everything together."""
    total = NOTHING
    for each in amounts:
        total = total.add(each)
    return total
