"""Results: the immutable machine version and its renderings."""
