"""How well a text ends: the choice between places to break a line or a cue."""

_CLOSERS = "\"'”’»)]）」』"  # noqa: RUF001 - closing marks of many scripts, on purpose.
_SENTENCE_ENDS = tuple(".?!…。！？｡؟।")  # noqa: RUF001 - the full stops of other scripts, on purpose.
_CLAUSE_ENDS = tuple(",;:—–、，；：،")  # noqa: RUF001 - the commas of other scripts, on purpose.

# How far from the even share a break may lie to end a sentence or a clause, as a part of the
# share.  Below one, so that a lone word ("Well,") never stands apart from the rest.
_SENTENCE_BONUS = 0.6
_CLAUSE_BONUS = 0.3


def rate_break(columns: int, share: float, text: str) -> float:
    """Rate a break that leaves `columns` before it; lower is better.

    Args:
        columns: The width of what comes before the break.
        share: The width that would divide the whole evenly.
        text: The last piece before the break.
    """
    bare = text.rstrip(_CLOSERS)
    distance = abs(columns - share) / share
    if bare.endswith(_SENTENCE_ENDS):
        return distance - _SENTENCE_BONUS
    return distance - _CLAUSE_BONUS if bare.endswith(_CLAUSE_ENDS) else distance
