"""One interview, from media to observations."""
