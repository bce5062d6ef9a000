"""What happened to everybody's jobs in a period, and how the queue stands now."""
