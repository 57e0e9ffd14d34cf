"""The model files: which there are, whether they are unharmed, and fetching those that lack."""
