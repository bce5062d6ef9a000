"""Who speaks when: voices heard in the audio of spans, and whose they are over a recording."""
