"""What is kept: records that only their owners can read, and numbers that name nobody."""
