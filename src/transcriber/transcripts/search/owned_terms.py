"""Terms with their owner in them.

The index of either database keeps a list of places for each term.  With the owner in the term, that
list holds one owner's places alone: a search walks nobody else's, however much others have said.
"""

import base64
import hashlib
from collections import Counter
from functools import lru_cache
from itertools import islice

from transcriber.transcripts.search.folding import split_terms

# PostgreSQL counts places up to 16,383, and 256 of a term; only one database would find more.
MAX_PLACES = 16_000
MAX_REPEATS = 250
_KEY_BYTES = 5


@lru_cache(maxsize=256)
def derive_owner_key(user_id: str) -> str:
    """Eight letters and digits; should two accounts ever share them, the query's owner decides."""
    digest = hashlib.sha256(user_id.encode()).digest()
    return base64.b32encode(digest[:_KEY_BYTES]).decode().lower()


def list_owned_terms(user_id: str, text: str) -> list[str]:
    """The terms of a segment as the index takes them, each at its place."""
    key = derive_owner_key(user_id)
    repeats: Counter[str] = Counter()
    owned: list[str] = []
    for term in islice(split_terms(text), MAX_PLACES):
        repeats[term.text] += 1
        # The key alone holds the place of one too many; nobody can look for it.
        owned.append(key + term.text if repeats[term.text] <= MAX_REPEATS else key)
    return owned
