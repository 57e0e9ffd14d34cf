"""The API: what the booth's own screen can do, for programs, with a document that says how."""
