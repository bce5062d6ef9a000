"""What the service measured of its own speed and of the recordings it was given.

Rows are only added, never changed: workers that finish at the same moment then wait for nobody.
They name no job and no account, so they outlive both.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from transcriber.infra.database import Base, UtcDateTime

NEWEST = 20
"""Measurements that an estimate looks at: enough to be steady, few enough to follow a change."""
KEEP = 10_000
FORGET_EVERY = 100
MAX_SUFFIX_LENGTH = 16

Phase = Literal["planning", "transcribing"]


class SpeedMeasurement(Base):
    """A finished slice of work: how long the worker was busy for how much audio."""

    __tablename__ = "speed_measurements"
    __table_args__ = (
        Index("ix_speed_measurements_model_device_phase_id", "model", "device", "phase", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    model: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64))
    phase: Mapped[str] = mapped_column(String(16))
    audio_seconds: Mapped[float]
    busy_seconds: Mapped[float]
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RecordingMeasurement(Base):
    """A decoded recording: its size, its length, and how much of it is speech."""

    __tablename__ = "recording_measurements"
    __table_args__ = (Index("ix_recording_measurements_suffix_id", "suffix", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    suffix: Mapped[str] = mapped_column(String(MAX_SUFFIX_LENGTH))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    duration_seconds: Mapped[float]
    speech_seconds: Mapped[float]
    measured_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Kind:
    """What recordings of one suffix were like: seconds of audio per byte, share of speech."""

    seconds_per_byte: float
    speech_share: float


@dataclass(frozen=True, slots=True)
class Pace:
    """Newest measurements, summed; whatever was never measured is missing.

    Attributes:
        factors: Real-time factor by (model, device, phase).
        devices: The device that last worked with each model.
        kinds: By suffix of the recording's name.
    """

    factors: dict[tuple[str, str, str], float]
    devices: dict[str, str]
    kinds: dict[str, Kind]

    def find_factor(self, model: str, device: str | None, phase: Phase) -> float | None:
        """The real-time factor; without a device that of the one that last used the model."""
        chosen = device or self.devices.get(model)
        return self.factors.get((model, chosen, phase)) if chosen is not None else None


def record_speed(
    session: Session,
    *,
    model: str,
    device: str,
    phase: Phase,
    audio_seconds: float,
    busy_seconds: float,
    now: datetime,
) -> None:
    """Add a measurement in the transaction of the checkpoint it was made at."""
    if audio_seconds <= 0 or busy_seconds <= 0:
        return
    row = SpeedMeasurement(
        model=model,
        device=device,
        phase=phase,
        audio_seconds=audio_seconds,
        busy_seconds=busy_seconds,
        measured_at=now,
    )
    session.add(row)
    session.flush()
    _forget_oldest(session, SpeedMeasurement, row.id)


def record_recording(
    session: Session,
    *,
    name: str,
    size_bytes: int,
    duration_seconds: float,
    speech_seconds: float,
    now: datetime,
) -> None:
    """Add what decoding a recording showed."""
    if size_bytes <= 0 or duration_seconds <= 0:
        return
    row = RecordingMeasurement(
        suffix=read_suffix(name),
        size_bytes=size_bytes,
        duration_seconds=duration_seconds,
        speech_seconds=speech_seconds,
        measured_at=now,
    )
    session.add(row)
    session.flush()
    _forget_oldest(session, RecordingMeasurement, row.id)


def read_suffix(name: str) -> str:
    """The kind of recording a name claims, such as `mp3`; empty without one."""
    _, dot, suffix = name.rpartition(".")
    return suffix.lower()[:MAX_SUFFIX_LENGTH] if dot else ""


def read_pace(session: Session, models: Collection[str], suffixes: Collection[str]) -> Pace:
    """The newest measurements of these models and kinds, in two queries."""
    factors, last = _read_factors(session, models)
    devices = {model: device for _, model, device in sorted(last)}
    return Pace(factors, devices, _read_kinds(session, suffixes))


def _read_factors(
    session: Session, models: Collection[str]
) -> tuple[dict[tuple[str, str, str], float], list[tuple[int, str, str]]]:
    key = (SpeedMeasurement.model, SpeedMeasurement.device, SpeedMeasurement.phase)
    age = func.row_number().over(partition_by=key, order_by=SpeedMeasurement.id.desc())
    newest = (
        select(SpeedMeasurement, age.label("age"))
        .where(SpeedMeasurement.model.in_(models))
        .subquery()
    )
    columns = newest.c
    rows = session.execute(
        select(
            columns.model,
            columns.device,
            columns.phase,
            func.sum(columns.busy_seconds),
            func.sum(columns.audio_seconds),
            func.max(columns.id),
        )
        .where(columns.age <= NEWEST)
        .group_by(columns.model, columns.device, columns.phase)
    ).all()
    factors = {(row[0], row[1], row[2]): float(row[3] / row[4]) for row in rows}
    return factors, [(row[5], row[0], row[1]) for row in rows]


def _read_kinds(session: Session, suffixes: Collection[str]) -> dict[str, Kind]:
    if not suffixes:
        return {}
    age = func.row_number().over(
        partition_by=RecordingMeasurement.suffix, order_by=RecordingMeasurement.id.desc()
    )
    newest = (
        select(RecordingMeasurement, age.label("age"))
        .where(RecordingMeasurement.suffix.in_(suffixes))
        .subquery()
    )
    columns = newest.c
    rows = session.execute(
        select(
            columns.suffix,
            func.sum(columns.duration_seconds),
            func.sum(columns.size_bytes),
            func.sum(columns.speech_seconds),
        )
        .where(columns.age <= NEWEST)
        .group_by(columns.suffix)
    )
    return {
        suffix: Kind(float(duration) / float(size), float(speech) / float(duration))
        for suffix, duration, size, speech in rows
    }


def _forget_oldest(
    session: Session, table: type[SpeedMeasurement | RecordingMeasurement], newest_id: int
) -> None:
    if newest_id % FORGET_EVERY:
        return
    # Rows that another worker is deleting are skipped: a checkpoint waits for no one.
    oldest = select(table.id).where(table.id <= newest_id - KEEP).limit(10 * FORGET_EVERY)
    ids = session.scalars(oldest.with_for_update(skip_locked=True)).all()
    session.execute(delete(table).where(table.id.in_(ids)))
