"""Making one's own account: with an invitation, or as anybody where the operator allows it."""
