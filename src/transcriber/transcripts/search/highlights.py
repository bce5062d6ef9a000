"""Where in a text the words are that were looked for."""

from transcriber.transcripts.search.folding import split_terms
from transcriber.transcripts.search.query import SearchQuery


def find_highlights(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """The passages that match, in order and apart: from the first character up to the second."""
    terms = list(split_terms(text))
    words = [term.text for term in terms]
    found = sorted(
        (terms[places[0]].start, terms[places[-1]].end)
        for group in query.required
        for phrase in group
        for places in phrase.find(words)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
