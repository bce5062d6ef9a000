"""The header by which old clients named their user: off unless the operator switches it on."""
