"""Times as people read them."""


def minutes_and_seconds(seconds: float) -> str:
    """A place in a recording, such as "1:05"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
