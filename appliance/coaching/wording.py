"""Small words that every sentence to a person needs."""


def plural(count: int, noun: str) -> str:
    """Count a thing: "1 word", "2 words"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def clock(seconds: float) -> str:
    """Tell a length of time: "42 seconds", "1 minute 5 seconds"."""
    minutes, rest = divmod(round(seconds), 60)
    parts = [plural(minutes, "minute")] if minutes else []
    parts += [plural(rest, "second")] if rest or not minutes else []
    return " ".join(parts)
