"""The one error the staging script shows."""


class StagingError(Exception):
    """Something needed for staging is missing or wrong; the message is one sentence."""
