"""When two names are the same account."""

import unicodedata

from transcriber.accounts.models import MAX_NAME_LENGTH
from transcriber.infra.errors import InvalidError


def normalise_name(name: str) -> str:
    """The name as it is kept: composed, without surrounding white space.

    Raises:
        InvalidError: when nothing, too much, or something invisible is left.
    """
    kept = unicodedata.normalize("NFKC", name).strip()
    if not kept or len(kept) > MAX_NAME_LENGTH:
        raise InvalidError(f"A name has 1 to {MAX_NAME_LENGTH} characters.", code="bad_name")
    if any(unicodedata.category(character)[0] == "C" for character in kept):
        raise InvalidError("A name has visible characters only.", code="bad_name")
    return kept


def fold_name(name: str) -> str:
    """What is compared: case and width do not tell two accounts apart."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
