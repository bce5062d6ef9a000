"""Every route as nobody, as its owner, as somebody else, as an administrator and with API keys.

A surprise is a sentence about an answer, or about a change, that the rule does not allow.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from authorisation.calls import Answer, Operation, send
from authorisation.keys import list_trials
from authorisation.objects import Kind, Owner
from authorisation.people import Cast, Person, add_cast
from authorisation.rules import Access, Rule
from authorisation.snapshot import list_ids, take_settled_snapshot, take_snapshot
from transcriber.infra.context import Context
from transcriber.infra.identifiers import create_id

NOBODY: Mapping[str, str] = {}
Find = Callable[[Kind], str]


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
    _made: dict[tuple[str, Kind], str] = field(default_factory=dict[tuple[str, Kind], str])

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
            found += self._try_beside(operation, rule)
        if rule.access != Access.PUBLIC:
            found += self._try_keys(operation, rule)
        return found

    def try_strangers(self, operation: Operation, rule: Rule) -> list[str]:
        """What others get, on whatever objects of the owner there are already."""
        if rule.access == Access.OWN:
            return [*self._try_own(operation, rule)]
        if rule.access == Access.OWNED:
            refused = [*self._try_refused(operation, rule)]
            return refused or [*self._try_beside(operation, rule)]
        return [*self._try_beside(operation, rule)] if rule.access == Access.ADMIN else []

    def find(self, kind: Kind) -> str:
        """The owner's object of that kind."""
        return self.find_of(self.cast.owner, kind)

    def find_of(self, person: Person, kind: Kind) -> str:
        """Somebody's object of that kind."""
        if (person.user_id, kind) not in self._made:
            with self._sign_in(person) as client:
                made = kind(Owner(self.context, person, client))
            self._made[person.user_id, kind] = made
        return self._made[person.user_id, kind]

    def _try_nobody(self, operation: Operation, rule: Rule) -> Iterator[str]:
        # Whoever only says who he is has proved nothing: the legacy header is off here.
        for sender in (NOBODY, {"X-User-ID": self.cast.owner.user_id}):
            yield from self._judge_nobody(operation, rule, self._send(operation, rule, sender))

    def _judge_nobody(self, operation: Operation, rule: Rule, answer: Answer) -> Iterator[str]:
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
        self._prepare(rule, self.cast.owner)
        unknown = create_id()
        before = take_settled_snapshot(self.context)
        for stranger in (self.cast.owner, self.cast.other) if is_admin else self.strangers:
            answer = self._send(operation, rule, stranger.headers)
            other = self._send(operation, rule, stranger.headers, lambda _kind: unknown)
            if answer.status != rule.refuses_with:
                yield f"{operation.name}: answered somebody else with {answer.status}"
            elif (refused := answer.strip(real)) != (missing := other.strip({unknown})):
                yield (
                    f"{operation.name}: an owner's thing is not refused as an unknown one is: "
                    f"{refused} is not {missing}"
                )
        after = take_snapshot(self.context)
        yield from self._list_changes(operation, before.list_changes(after))

    def _try_allowed(self, operation: Operation, rule: Rule) -> Iterator[str]:
        is_admin = rule.access == Access.ADMIN
        person = self.cast.admin if is_admin else self.cast.owner
        if is_admin and rule.call.path:
            unknown = create_id()
            answer = self._send(operation, rule, person.headers, lambda _kind: unknown)
            if answer.status != 404:
                yield f"{operation.name}: answered for an unknown id with {answer.status}"
        answer = self._send(operation, rule, person.headers)
        if not answer.is_success:
            yield f"{operation.name}: answered who may with {answer.status}: {answer.text[:200]}"

    def _try_beside(self, operation: Operation, rule: Rule) -> Iterator[str]:
        """Whether what is done to one account's things leaves another's alone, who has the same.

        An owned route is sent by somebody else about his own, an administrator's about the owner's.
        """
        if not rule.call.list_kinds() and not rule.prepares:
            return
        self.renew()
        is_admin = rule.access == Access.ADMIN
        doer = self.cast.owner if is_admin else self.cast.other
        left = self.cast.other if is_admin else self.cast.owner
        for person in (doer, left):
            for kind in (*rule.prepares, *rule.call.list_kinds()):
                self.find_of(person, kind)
        ids = list_ids(self.context, left.user_id)
        before = take_settled_snapshot(self.context, left.user_id)
        sender = self.cast.admin if is_admin else doer
        answer = self._send(operation, rule, sender.headers, lambda kind: self.find_of(doer, kind))
        if not answer.is_success:
            yield f"{operation.name}: answered about one's own with {answer.status}"
        if answer.names(ids):
            yield f"{operation.name}: told of another account beside the one that was asked about"
        changes = before.list_changes(take_snapshot(self.context, left.user_id))
        yield from self._list_changes(operation, changes)
        self.renew()

    def _try_keys(self, operation: Operation, rule: Rule) -> Iterator[str]:
        """What programs may with each single scope, and with the keys of somebody else."""
        self.renew()
        self._prepare(rule, self.cast.owner)
        ids = list_ids(self.context, self.cast.owner.user_id)
        for trial in list_trials(operation, rule, self.cast):
            key = trial.person.show_key(self.context, *trial.scopes)
            answer = self._send(operation, rule, key)
            surprise = trial.judge(answer)
            if surprise is None and trial.is_stranger and answer.is_success and answer.names(ids):
                surprise = "told of what is the owner's"
            if surprise is not None:
                yield f"{operation.name}: with a key of {trial.name}: {surprise}"
        self.renew()

    def _prepare(self, rule: Rule, person: Person) -> None:
        for kind in rule.prepares:
            self.find_of(person, kind)

    def _list_changes(self, operation: Operation, changes: list[str]) -> Iterator[str]:
        for change in changes:
            yield f"{operation.name}: others changed {change}"

    def _send(
        self,
        operation: Operation,
        rule: Rule,
        sender: Mapping[str, str],
        find: Find | None = None,
    ) -> Answer:
        self.tried += 1
        return send(self.client, operation, rule.call, find or self.find, sender)

    @contextmanager
    def _sign_in(self, person: Person) -> Iterator[httpx.Client]:
        self.client.headers.update(person.headers)
        try:
            yield self.client
        finally:
            del self.client.headers["Authorization"]
