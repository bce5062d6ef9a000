from dataclasses import replace

from celery import Celery

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, read_job
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.celery_app import TASK_NAME
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.vitals import Vitals
from transcriber.jobs.kept_engines import KeptEngines
from transcriber.jobs.tasks import register_tasks


def build_celery() -> Celery:
    return Celery("test", broker="memory://", set_as_current=False)


def register(celery: Celery, context: Context) -> None:
    vitals = Vitals()
    engines = KeptEngines(FakeEngines(), vitals)
    register_tasks(celery, context, worker_id="w1", engines=engines, vitals=vitals)


def test_a_token_wakes_the_runner_whatever_job_it_names(context: Context) -> None:
    options = TranscribeOptions(vad_filter=False)
    job_id = add_job(context, data=build_wav(build_noise(1)), options=options)
    celery = build_celery()
    register(celery, context)
    celery.tasks[TASK_NAME](job_id="of a job long gone", span_index=None)
    assert read_job(context, job_id).state == "completed"
    # Five copies of a token do no harm.
    for _ in range(5):
        celery.tasks[TASK_NAME](job_id=job_id, span_index=None)
    assert read_job(context, job_id).attempt == 2


def test_a_database_that_is_away_ends_the_token_quietly(context: Context) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    celery = build_celery()
    register(celery, replace(context, database=away))
    assert celery.tasks[TASK_NAME](job_id="x", span_index=None) is None
