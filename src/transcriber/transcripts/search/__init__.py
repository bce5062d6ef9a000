"""Finding what was said: an index over the segments of every transcript, and questions to it."""
