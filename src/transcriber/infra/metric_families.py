"""What is measured: each family by its name, labels and text; every label has few values."""

from collections.abc import Mapping

REQUESTS = "transcriber_request_seconds"
STAGES = "transcriber_stage_seconds"
MODEL_LOADS = "transcriber_model_load_seconds"

# Prometheus adds `_total` to the name of a counter.
UPLOAD_BYTES = "transcriber_upload_bytes"
UPLOADS_ENDED = "transcriber_uploads_ended"
LEASE_EXPIRIES = "transcriber_lease_expiries"
FENCES = "transcriber_fences"
SANDBOX_FAILURES = "transcriber_sandbox_failures"
DECODED_AUDIO = "transcriber_decoded_audio_seconds"
DROPPED_AUDIO = "transcriber_dropped_audio_seconds"
WORKED_AUDIO = "transcriber_worked_audio_seconds"
WORKING = "transcriber_working_seconds"

EVENT_STREAMS = "transcriber_event_streams"
DISK_FREE = "transcriber_disk_free_bytes"
DISK_SIZE = "transcriber_disk_size_bytes"
DISK_LOW_WATER = "transcriber_disk_low_water_bytes"

# Whoever changes bounds gives the metric another name: counts of different bounds do not add up.
REQUEST_BOUNDS = (
    *(0.001, 0.0025, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2),
    *(0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0),
)
STAGE_BOUNDS = (
    *(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0),
    *(15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 21_600.0),
)
BOUNDS: Mapping[str, tuple[float, ...]] = {
    REQUESTS: REQUEST_BOUNDS,
    STAGES: STAGE_BOUNDS,
    MODEL_LOADS: STAGE_BOUNDS,
}
"""The histograms."""

COUNTERS = (
    UPLOAD_BYTES,
    UPLOADS_ENDED,
    LEASE_EXPIRIES,
    FENCES,
    SANDBOX_FAILURES,
    DECODED_AUDIO,
    DROPPED_AUDIO,
    WORKED_AUDIO,
    WORKING,
)
GAUGES = (EVENT_STREAMS, DISK_FREE, DISK_SIZE, DISK_LOW_WATER)
"""What each process says of itself, or of its machine."""
SUMMED_GAUGES = frozenset({EVENT_STREAMS})
"""Those of several processes add up; of the others the newest word on the same thing counts."""

LABELS: Mapping[str, tuple[str, ...]] = {
    REQUESTS: ("method", "route", "status"),
    STAGES: ("stage", "outcome"),
    MODEL_LOADS: ("model", "outcome"),
    UPLOAD_BYTES: ("way",),
    UPLOADS_ENDED: ("way", "outcome"),
    LEASE_EXPIRIES: ("work",),
    FENCES: ("work",),
    SANDBOX_FAILURES: ("code",),
    DECODED_AUDIO: (),
    DROPPED_AUDIO: ("reason",),
    WORKED_AUDIO: ("model", "device", "phase"),
    WORKING: ("model", "device", "phase"),
    EVENT_STREAMS: (),
    DISK_FREE: ("host", "places"),
    DISK_SIZE: ("host", "places"),
    DISK_LOW_WATER: ("host", "places"),
}
TEXTS: Mapping[str, str] = {
    REQUESTS: "Seconds until the answer to a request began, by route and class of status.",
    STAGES: "Seconds that a stage of a job took, by how it ended.",
    MODEL_LOADS: "Seconds that loading a model took, its conversion included.",
    UPLOAD_BYTES: "Bytes of recordings that were received and made durable.",
    UPLOADS_ENDED: "Uploads that ended; failed are those refused, or sent back to be sent again.",
    LEASE_EXPIRIES: "Leases that ran out because nobody renewed them.",
    FENCES: "Outcomes that were refused because the work was somebody else's by then, or gone.",
    SANDBOX_FAILURES: "Recordings that the decoding child refused or did not survive.",
    DECODED_AUDIO: "Seconds of audio that were decoded.",
    DROPPED_AUDIO: "Seconds of audio whose text the engine refused to believe.",
    WORKED_AUDIO: "Seconds of audio that workers got through.",
    WORKING: "Seconds that workers took for it: divided by the audio, the real-time factor.",
    EVENT_STREAMS: "Event streams that are open, of all processes.",
    DISK_FREE: "Bytes free on a disk of a machine, by what lies on it.",
    DISK_SIZE: "Size of that disk.",
    DISK_LOW_WATER: "Free bytes below which nothing is accepted any more.",
}

MOST_VALUES: Mapping[str, int] = {"model": 32, "device": 16}
"""Labels whose values the operator chooses: what comes after so many different ones is `other`."""
OTHER = "other"

SPAN, UPLOAD = "span", "upload"
WORKS = (SPAN, UPLOAD)
FORM, CHUNKS, TUS = "form", "chunks", "tus"
WAYS = (FORM, CHUNKS, TUS)
UPLOAD_OUTCOMES = ("completed", "failed", "cancelled", "expired")
