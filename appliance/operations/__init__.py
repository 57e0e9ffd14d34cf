"""Keeping a booth well: its model files."""
