"""Every route as nobody, as its owner, as somebody else and as an administrator.

A surprise is a sentence about an answer, or about a change, that the rule does not allow.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from authorisation.calls import Answer, Operation, send
from authorisation.objects import Kind, Owner
from authorisation.people import Cast, Person, add_cast
from authorisation.rules import Access, Rule
from authorisation.snapshot import list_ids, take_settled_snapshot, take_snapshot
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id

NOBODY: Mapping[str, str] = {}


def list_operations(document: Mapping[str, Any]) -> list[Operation]:
    """Every method of every path of an OpenAPI document."""
    return [
        Operation(operation["operationId"], method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


@dataclass
class Matrix:
    """Tries rules on a running service.

    Attributes:
        context: The service's parts.
        client: Its client, signed in as nobody.
        cast: Who asks.
        tried: How many requests were sent.
    """

    context: Context
    client: httpx.Client
    cast: Cast
    tried: int = 0
    _made: dict[Kind, str] = field(default_factory=dict[Kind, str])

    @property
    def strangers(self) -> tuple[Person, Person]:
        """Those to whom the owner's things do not exist; on users' routes an admin is one."""
        return (self.cast.other, self.cast.admin)

    def renew(self) -> None:
        """Other accounts and, as they are asked for, other objects."""
        self.cast = add_cast(self.context)
        self._made.clear()

    def try_rule(self, operation: Operation, rule: Rule) -> list[str]:
        """All surprises of one rule, on objects made for it."""
        self._made.clear()
        found = [*self._try_nobody(operation, rule)]
        if rule.access == Access.OWN:
            found += self._try_own(operation, rule)
        elif rule.access != Access.PUBLIC:
            found += self._try_refused(operation, rule)
            found += self._try_allowed(operation, rule)
        return found

    def try_strangers(self, operation: Operation, rule: Rule) -> list[str]:
        """What others get, on whatever objects of the owner there are already."""
        if rule.access == Access.OWN:
            return [*self._try_own(operation, rule)]
        if rule.access == Access.OWNED:
            return [*self._try_refused(operation, rule)]
        return []

    def find(self, kind: Kind) -> str:
        """The owner's object of that kind."""
        if kind not in self._made:
            with self._sign_in(self.cast.owner) as client:
                self._made[kind] = kind(Owner(self.context, self.cast.owner, client))
        return self._made[kind]

    def _try_nobody(self, operation: Operation, rule: Rule) -> Iterator[str]:
        answer = self._send(operation, rule, NOBODY)
        # A wrong password is answered with the same status, and another code.
        is_refused_sign_in = "bad_credentials" in answer.text
        is_turned_away = answer.status == 401 and not is_refused_sign_in
        if rule.access == Access.PUBLIC:
            if is_turned_away or answer.status == 500:
                yield f"{operation.name}: is public, and answered nobody with {answer.status}"
            if answer.names(list_ids(self.context, self.cast.owner.user_id)):
                yield f"{operation.name}: told nobody of an owner's things"
        elif not is_turned_away:
            yield f"{operation.name}: answered nobody with {answer.status} in place of 401"

    def _try_own(self, operation: Operation, rule: Rule) -> Iterator[str]:
        # Whoever sent this before may have signed out with it, or have things of his own by now.
        self.renew()
        quiet = self._ask_strangers(operation, rule) if self._is_question(operation, rule) else None
        prepared = {self.find(kind) for kind in rule.prepares}
        answer = self._send(operation, rule, self.cast.owner.headers)
        if not answer.is_success:
            yield f"{operation.name}: answered the owner with {answer.status}: {answer.text[:200]}"
        if not prepared <= answer.names(prepared):
            yield f"{operation.name}: did not tell the owner of what is his"
        owner_id = self.cast.owner.user_id
        ids = list_ids(self.context, owner_id)
        before = take_settled_snapshot(self.context, owner_id)
        answers = self._ask_strangers(operation, rule)
        if quiet is not None and [each.strip() for each in quiet] != [a.strip() for a in answers]:
            yield f"{operation.name}: answers others otherwise than before the owner had anything"
        for each in answers:
            if not each.is_success:
                yield f"{operation.name}: answered somebody with {each.status}: {each.text[:200]}"
            if each.names(ids):
                yield f"{operation.name}: told somebody else of what is the owner's"
        changes = before.list_changes(take_snapshot(self.context, owner_id))
        yield from self._list_changes(operation, changes)
        self.renew()

    def _is_question(self, operation: Operation, rule: Rule) -> bool:
        return operation.method == "GET" and not rule.call.list_kinds()

    def _ask_strangers(self, operation: Operation, rule: Rule) -> list[Answer]:
        return [self._send(operation, rule, stranger.headers) for stranger in self.strangers]

    def _try_refused(self, operation: Operation, rule: Rule) -> Iterator[str]:
        is_admin = rule.access == Access.ADMIN
        real = {self.find(kind) for kind in rule.call.list_kinds()}
        unknown = create_id()
        before = take_settled_snapshot(self.context)
        for stranger in (self.cast.owner, self.cast.other) if is_admin else self.strangers:
            answer = self._send(operation, rule, stranger.headers)
            other = self._send(operation, rule, stranger.headers, unknown)
            if answer.status != rule.refuses_with:
                yield f"{operation.name}: answered somebody else with {answer.status}"
            elif answer.strip(real) != other.strip({unknown}):
                yield f"{operation.name}: an owner's thing is not refused as an unknown one is"
        after = take_snapshot(self.context)
        yield from self._list_changes(operation, before.list_changes(after))

    def _try_allowed(self, operation: Operation, rule: Rule) -> Iterator[str]:
        is_admin = rule.access == Access.ADMIN
        person = self.cast.admin if is_admin else self.cast.owner
        if is_admin and rule.call.path:
            answer = self._send(operation, rule, person.headers, create_id())
            if answer.status != 404:
                yield f"{operation.name}: answered for an unknown id with {answer.status}"
        answer = self._send(operation, rule, person.headers)
        if not answer.is_success:
            yield f"{operation.name}: answered who may with {answer.status}: {answer.text[:200]}"

    def _list_changes(self, operation: Operation, changes: list[str]) -> Iterator[str]:
        for change in changes:
            yield f"{operation.name}: others changed {change}"

    def _send(
        self,
        operation: Operation,
        rule: Rule,
        sender: Mapping[str, str],
        unknown: str | None = None,
    ) -> Answer:
        self.tried += 1
        find = self.find if unknown is None else lambda kind: unknown
        return send(self.client, operation, rule.call, find, sender)

    @contextmanager
    def _sign_in(self, person: Person) -> Iterator[httpx.Client]:
        self.client.headers.update(person.headers)
        try:
            yield self.client
        finally:
            del self.client.headers["Authorization"]
