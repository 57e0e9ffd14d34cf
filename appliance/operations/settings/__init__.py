"""Settings from the file and from the environment, each with where it is from."""
