"""Keeping a booth well: how well its models do."""
