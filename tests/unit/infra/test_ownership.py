"""No function touches what accounts own without being told whose, or saying that it is all's."""

from pathlib import Path

from owned_tables import Toucher, find_touchers, list_owned_classes


def test_every_function_is_told_whose_rows_it_touches_or_says_that_they_are_everybodys() -> None:
    found = list(find_touchers())
    # The search finds what it is for.
    assert {"jobs.repository.find_job", "uploads.repository.find_upload"} <= {
        each.name for each in found if each.is_told
    }
    silent = [each.name for each in found if not each.is_told and not each.is_marked]
    assert not silent, (
        f"Give {', '.join(silent)} a user_id, a Scope or the owned row itself and use it in the "
        "query, or, if the function is not about one owner, mark it `@for_everybody`."
    )


def test_nothing_is_marked_that_is_about_one_owner() -> None:
    both = [each.name for each in find_touchers() if each.is_told and each.is_marked]
    assert not both


def test_a_function_that_asks_for_no_owner_is_found(tmp_path: Path) -> None:
    source = "def read(session, job_id):\n    return session.scalar(select(Job.name))\n"
    (tmp_path / "rows.py").write_text(source)
    assert list(find_touchers(tmp_path)) == [Toucher("rows.read", is_told=False, is_marked=False)]


def test_tables_without_an_owner_of_their_own_belong_to_those_they_hang_on() -> None:
    assert {"Job", "SegmentRow", "UploadChunk", "OutboxEntry"} <= list_owned_classes()
    assert "Account" not in list_owned_classes()
