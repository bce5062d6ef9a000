"""People and services: who they are and how they prove it."""
