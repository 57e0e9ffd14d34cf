"""The recipe of the model that finds the parts of a story."""
