"""What an account chose for its pages and for its new jobs."""
