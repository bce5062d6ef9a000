"""Prints the OpenAPI document: `python -m transcriber.openapi > web/openapi.json`.

The text is the same on every machine, so that a stale committed copy shows as a difference.
"""

import json
import sys
import tempfile
from pathlib import Path

from transcriber.app import create_app
from transcriber.infra.context import build_context
from transcriber.infra.settings import Settings


def render_document() -> str:
    """The document as JSON with sorted keys and a final line end; connects to nothing."""
    with tempfile.TemporaryDirectory() as directory:
        settings = Settings.model_construct(data_dir=Path(directory))
        context = build_context(settings)
        try:
            document = create_app(context).openapi()
        finally:
            context.close()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render_document())
