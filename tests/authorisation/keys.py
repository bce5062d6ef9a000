"""What a key must open, by its scopes, and what it must not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from authorisation.calls import Answer, Operation
from authorisation.people import Cast, Person
from authorisation.rules import Access, Rule
from transcriber.accounts.keys.models import KEY_SCOPES, KeyScope
from transcriber.accounts.sessions import SAFE_METHODS


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One request with a key.

    Attributes:
        name: Whose key it is, and what it was made for.
        status: What it is answered with; None for any success.
        code: What a refusal is called.
        is_stranger: Whether the owner's things are none of the key's.
    """

    name: str
    person: Person
    scopes: tuple[KeyScope, ...]
    status: int | None
    code: str = ""
    is_stranger: bool = False

    def judge(self, answer: Answer) -> str | None:
        """What is wrong with the answer."""
        is_right = answer.is_success if self.status is None else answer.status == self.status
        if not is_right:
            return f"answered with {answer.status}: {answer.text[:200]}"
        # An answer to HEAD has no text.
        if self.code and answer.text and json.loads(answer.text)["code"] != self.code:
            return f"not refused as {self.code}: {answer.text[:200]}"
        return None


def list_trials(operation: Operation, rule: Rule, cast: Cast) -> Iterator[Trial]:
    """Those that must be refused first, so that there is still something to do for the last."""
    is_admin = rule.access == Access.ADMIN
    holder = cast.admin if is_admin else cast.owner
    scope: KeyScope = "read" if operation.method in SAFE_METHODS else "write"
    needed: tuple[KeyScope, ...] = (scope, "admin") if is_admin else (scope,)
    refusal = "session_required" if rule.is_for_people else "insufficient_scope"
    for single in KEY_SCOPES:
        if rule.is_for_people or needed != (single,):
            yield Trial(
                name=f"its holder for {single}",
                person=holder,
                scopes=(single,),
                status=403,
                code=refusal,
            )
    yield _try_stranger(rule, cast)
    if rule.is_for_people:
        yield Trial(
            name="its holder for everything",
            person=holder,
            scopes=KEY_SCOPES,
            status=403,
            code=refusal,
        )
    else:
        yield Trial(name="its holder", person=holder, scopes=needed, status=None)


def _try_stranger(rule: Rule, cast: Cast) -> Trial:
    """A key for everything, of somebody to whom the things do not belong."""
    refusal = 403 if rule.is_for_people else rule.refuses_with
    is_let_in = rule.access == Access.OWN and not rule.is_for_people
    return Trial(
        name="somebody else for everything",
        person=cast.other,
        scopes=KEY_SCOPES,
        status=None if is_let_in else refusal,
        is_stranger=True,
    )
