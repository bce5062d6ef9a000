"""How far the search for a broken invariant goes: the same few runs, or many at random."""

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("INVARIANT_EXAMPLES", "0"))
PROFILE = settings(
    max_examples=EXAMPLES or 8,
    stateful_step_count=80 if EXAMPLES else 40,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    print_blob=True,
    # The shortest way into a failure takes minutes to find; the first one found must do here.
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
