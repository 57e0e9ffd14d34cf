"""Keeping a booth well: its model files, and how well they do."""
