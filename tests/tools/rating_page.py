"""Writes docs/ratings.md from the rules: `python -m tests.tools.rating_page > docs/ratings.md`."""

import sys

from appliance.coaching.messages import load_messages
from appliance.coaching.rating_guide import rating_guide


def rating_page() -> str:
    """The page "How this is rated", as Markdown."""
    guide = rating_guide(load_messages("en"))
    lines = [f"# {guide.title}", "", guide.intro, ""]
    for rated in guide.ratings:
        lines += [f"## {rated.title}", ""]
        lines += [f"- {rule}" for rule in rated.rules]
        lines += [""]
        lines += [f"{number}. {level}" for number, level in enumerate(rated.levels, 1)]
        lines += [""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(rating_page())
