# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Normalise texts as Whisper's paper does before counting errors; run by the peers' interpreter.

Reads a JSON object from standard input, `{"texts": [text], "is_english": true}`, and prints the
list of texts, normalised.  Texts of other languages lose their marks and accents.
"""

import json
import sys

from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

request = json.load(sys.stdin)
normalise = (
    EnglishTextNormalizer()
    if request["is_english"]
    else BasicTextNormalizer(remove_diacritics=True)
)
print(json.dumps([normalise(text) for text in request["texts"]]))
