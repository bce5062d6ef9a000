"""What the giving of owners came to, for whoever upgrades."""

from collections import Counter
from collections.abc import Sequence


class Report:
    """Rows by table and by the rule that told their owner, and what else is to be known."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._remarks: list[str] = []

    def count(self, table: str, rule: str, rows: int) -> None:
        """Add rows of a table whose owner a rule told."""
        self._counts[table, rule] += rows

    def remark(self, sentence: str) -> None:
        """Add a sentence to the end."""
        self._remarks.append(sentence)

    def write(self) -> Sequence[str]:
        """One sentence for each table that had rows without owners, then the remarks."""
        told: dict[str, list[str]] = {}
        for (table, rule), rows in self._counts.items():
            told.setdefault(table, []).append(f"{rows} by {rule}")
        lines = [f"Owners of {table}: {', '.join(rules)}." for table, rules in told.items()]
        return [*lines, *self._remarks]
