# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Normalise texts as Whisper's paper does before counting errors; run by the peers' interpreter.

Reads a JSON list of texts from standard input and prints the list, normalised.
"""

import json
import sys

from whisper.normalizers import EnglishTextNormalizer

normalise = EnglishTextNormalizer()
print(json.dumps([normalise(text) for text in json.load(sys.stdin)]))
