"""Giving owners to the rows of an installation in which nothing belonged to anybody."""
