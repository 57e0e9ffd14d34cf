"""Where picture and sound come from."""
