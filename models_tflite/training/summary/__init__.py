"""The recipe of the text model: whether a summary fits its interview, by three features."""
