"""Questions spoken aloud. Captions are always there, so nothing here may stop an interview."""
