"""One report as files that a person can keep."""
