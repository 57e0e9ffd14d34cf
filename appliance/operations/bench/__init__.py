"""How fast the booth is on this machine, and what it needs."""
