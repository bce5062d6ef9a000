"""Where speech is: probabilities from Silero VAD, regions, and the plan of spans."""
