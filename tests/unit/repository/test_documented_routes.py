"""docs/api.md has every route that is deployed, and no other."""

import json
import re
from pathlib import Path

from authorisation.table import HIDDEN, RULES
from generate_api_page import list_routes, write_tables
from transcriber.openapi import render_document

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "api.md").read_text()
ROW = re.compile(r"^\| `([A-Z]+)` \| `(/[^`]*)` \| (.+?) \| (.+) \|$", re.MULTILINE)
# Why a route is hidden is said to those who look for it.
SPELLED = {"describe_tus": "OPTIONS /uploads/tus", "create_tus_upload": "POST /uploads/tus/"}


def test_the_page_and_the_document_have_the_same_routes() -> None:
    document = json.loads(render_document())
    deployed = {(method, path) for method, path, _ in list_routes(document)}
    listed = [(method, path) for method, path, _, _ in ROW.findall(PAGE)]
    assert set(listed) - deployed == set()
    assert deployed - set(listed) == set()
    assert len(listed) == len(deployed)


def test_each_route_says_who_may_and_what_it_does() -> None:
    document = json.loads(render_document())
    assert PAGE.endswith(write_tables(document))
    assert {operation["operationId"] for _, _, operation in list_routes(document)} == RULES.keys()


def test_routes_that_the_document_leaves_out_are_told_in_words() -> None:
    assert SPELLED.keys() == HIDDEN.keys()
    assert all(f"`{spelled}`" in PAGE for spelled in SPELLED.values())
