from transcriber.infra.identifiers import create_token
from transcriber.infra.security import check_password, hash_password, hash_token


def test_a_password_is_checked_against_its_own_salted_hash() -> None:
    first, second = hash_password("correct horse"), hash_password("correct horse")
    assert first != second
    # RFC 9106, section 4, the second recommended option: 64 MiB, 3 passes, 4 lanes.
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert check_password("correct horse", first)
    assert not check_password("wrong horse", first)


def test_an_account_that_does_not_exist_never_matches() -> None:
    assert not check_password("anything", None)


def test_tokens_are_long_and_kept_only_as_their_hash() -> None:
    token = create_token()
    assert len(token) >= 43
    assert len(hash_token(token)) == 64
    assert hash_token(token) == hash_token(token) != hash_token(create_token())
