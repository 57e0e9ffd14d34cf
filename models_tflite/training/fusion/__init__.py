"""The recipe of the fusion model."""
