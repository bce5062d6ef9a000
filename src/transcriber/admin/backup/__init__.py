"""A copy of everything that cannot be made again: the database, and the objects it names."""
