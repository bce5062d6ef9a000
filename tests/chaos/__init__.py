"""Real processes, real faults, and a checker of what must hold whatever happens."""
