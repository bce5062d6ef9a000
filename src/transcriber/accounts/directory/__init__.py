"""All accounts as administrators see them, and what they may change."""
