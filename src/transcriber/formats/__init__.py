"""Small writers, one per export format."""
