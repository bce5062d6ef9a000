"""What an account chose for its pages and its new jobs follows it."""

from typing import Any

import pytest

from people import People

ROUTE = "/account/preferences"
UNDECIDED = {"model": None, "language": None, "task": "transcribe", "word_timestamps": False}
DEFAULTS = {"model": "base", "language": "de", "task": "translate", "word_timestamps": True}
CHOSEN = {"theme": "dark", "language": "de", "job_defaults": DEFAULTS}


def test_nothing_is_chosen_at_first(people: People) -> None:
    answer = people.client.get(ROUTE, headers=people.add().headers)
    assert answer.json() == {"theme": None, "language": None, "job_defaults": UNDECIDED}


def test_what_was_chosen_is_replaced_as_a_whole_and_stays_with_its_account(people: People) -> None:
    person, other = people.add(), people.add()
    for body in (CHOSEN, {**CHOSEN, "theme": None}, {**CHOSEN, "job_defaults": UNDECIDED}):
        answer = people.client.put(ROUTE, json=body, headers=person.headers)
        assert (answer.status_code, answer.json()) == (200, body)
        assert people.client.get(ROUTE, headers=person.headers).json() == body
    assert people.client.get(ROUTE, headers=other.headers).json()["theme"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {**CHOSEN, "theme": "sepia"},
        {**CHOSEN, "language": "xx"},
        {**CHOSEN, "is_admin": True},
        {"theme": "dark", "language": "de"},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "language": "klingon"}},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "task": "summarise"}},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "model": ""}},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "model": "a\x00b"}},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "model": "m" * 101}},
        {**CHOSEN, "job_defaults": {**DEFAULTS, "beam_size": 5}},
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(
    people: People, body: dict[str, Any]
) -> None:
    person = people.add()
    people.client.put(ROUTE, json=CHOSEN, headers=person.headers)
    refused = people.client.put(ROUTE, json=body, headers=person.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert people.client.get(ROUTE, headers=person.headers).json() == CHOSEN


def test_a_visitor_has_none(people: People) -> None:
    assert people.client.get(ROUTE).status_code == 401
    assert people.client.put(ROUTE, json=CHOSEN).status_code == 401
