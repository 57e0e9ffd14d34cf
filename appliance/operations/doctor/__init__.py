"""`booth doctor`: looks at everything that the booth needs, and says what to do."""
