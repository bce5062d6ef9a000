from transcriber.transcripts.search.owned_terms import (
    MAX_PLACES,
    MAX_REPEATS,
    derive_owner_key,
    list_owned_terms,
)


def test_every_term_names_its_owner_and_keeps_its_place() -> None:
    key = derive_owner_key("alice")
    assert list_owned_terms("alice", "Tea, or tea?") == [f"{key}tea", f"{key}or", f"{key}tea"]
    assert (len(key), key.isalnum(), key.islower()) == (8, True, True)
    assert not derive_owner_key("bob").startswith(key)


def test_what_one_database_could_not_hold_neither_holds() -> None:
    key = derive_owner_key("alice")
    terms = list_owned_terms("alice", "tea " * MAX_PLACES + "late")
    assert len(terms) == MAX_PLACES
    assert terms.count(f"{key}tea") == MAX_REPEATS
    assert set(terms[MAX_REPEATS:]) == {key}
