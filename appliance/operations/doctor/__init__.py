"""`booth doctor`: looks at everything the booth needs, and says what to do where something lacks."""
