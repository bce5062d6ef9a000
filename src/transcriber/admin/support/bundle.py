"""The bundle: every part read side by side, and what cannot be read told as such."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from transcriber.admin.support import parts
from transcriber.admin.support.installation import describe_installation
from transcriber.admin.support.log_extract import extract_lines
from transcriber.admin.support.shown_settings import show_settings
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.infra.context import Context

SECONDS = 120.0
"""For everything: a large model is read completely."""
NO_DATABASE = "There is no database yet."
DATABASE_AWAY = "The database does not answer, or lacks what was asked for."
NO_ANSWER = "There was no answer in time."
README = """\
What this file tells: `transcriber support-bundle` made it for a report of a fault.

Each part says what it found, or in one sentence why it found nothing. There are no recordings, no
transcripts, no names of recordings, accounts or machines, no addresses, no paths and no secrets.
Settings that are not known as harmless are named and not shown. Read it before you send it.
"""

Read = Callable[[], Any]


def collect_parts(context: Context, log: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Read every part; each has a `problem`, or None and its `content`.

    Args:
        context: The service's parts, as this machine's settings name them.
        log: The service's log in JSON lines; None where nobody knows it.
    """
    settings, database = context.settings, context.database
    reads: dict[str, Read] = {
        "installation": describe_installation,
        "settings": lambda: show_settings(settings),
        "models": lambda: parts.show_models(settings),
        "broker": lambda: parts.show_broker(context),
        "storage": lambda: parts.show_storage(context),
    }
    if log is not None:
        reads["log"] = lambda: extract_lines(log)
    of_database: dict[str, Read] = {
        "readiness": lambda: parts.show_readiness(context),
        "database": lambda: parts.show_database(database),
        "jobs": lambda: parts.show_jobs(database),
        "failures": lambda: parts.show_failures(database),
        "workers": lambda: parts.show_workers(database),
        "stored": lambda: parts.show_stored(database),
        "metrics": lambda: parts.show_metrics(context),
    }
    # Looking at a file that is not there would make it.
    is_missing = _is_file_missing(settings.resolved_database_url)
    if not is_missing:
        reads |= of_database
    outcomes = BoundedChecks(SECONDS).run({name: _guard(read) for name, read in reads.items()})
    found = {name: each.value or _tell(NO_ANSWER) for name, each in outcomes.items()}
    return found | ({name: _tell(NO_DATABASE) for name in of_database} if is_missing else {})


def write_bundle(found: Mapping[str, Mapping[str, Any]], made_at: datetime) -> bytes:
    """The zip file with one document for each part."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("README.txt", README)
        for name, part in found.items():
            if isinstance(part.get("content"), str):
                bundle.writestr(f"{name}.txt", part["content"])
            else:
                document = {"made_at": made_at, **part}
                text = json.dumps(document, indent=1, ensure_ascii=False, default=str)
                bundle.writestr(f"{name}.json", text)
    return written.getvalue()


def _guard(read: Read) -> Read:
    def look() -> Mapping[str, Any]:
        try:
            return {"problem": None, "content": read()}
        except SQLAlchemyError:
            return _tell(DATABASE_AWAY)
        except Exception as error:  # noqa: BLE001 -- the other parts are told all the same
            # Its message may quote paths and addresses.
            code = getattr(error, "code", None)
            known = f", {code}" if isinstance(code, str) else ""
            return _tell(f"It could not be read ({type(error).__name__}{known}).")

    return look


def _tell(problem: str) -> Mapping[str, Any]:
    return {"problem": problem}


def _is_file_missing(address: str) -> bool:
    url = make_url(address)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()
