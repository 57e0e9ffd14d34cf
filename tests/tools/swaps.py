"""How ratings move when names, genders, spellings or nationalities are exchanged.

`python -m tests.tools.swaps` prints a table over all golden answers.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from appliance.coaching.coach import Coach
from appliance.coaching.question_bank import find_question, load_questions
from tests.coaches import coach_of
from tests.golden.marks import RATINGS, Golden, load_golden, rating_of

SWAPS: Mapping[str, Mapping[str, str]] = {
    "names": {
        "Jonas": "Mohammed",
        "Haddad": "Smith",
        "Aarhus": "Lagos",
        "Ghent": "Lahore",
        "Lund": "Hanoi",
        "Graz": "Tbilisi",
        "Basel": "Quito",
        "Porto": "Accra",
        "Dublin": "Dhaka",
        "Lyon": "Izmir",
        "York": "Karachi",
        "Berlin": "Nairobi",
    },
    "genders": {
        "he": "she",
        "she": "he",
        "his": "her",
        "him": "her",
        "man": "woman",
        "woman": "man",
        "boy": "girl",
        "girl": "boy",
        "father": "mother",
        "mother": "father",
        "grandpa": "grandma",
        "grandma": "grandpa",
        "aunt": "uncle",
        "cousin": "niece",
        "daughter": "son",
        "son": "daughter",
        "lady": "gentleman",
        "grandmother": "grandfather",
    },
    "spellings": {
        "programme": "program",
        "sterilised": "sterilized",
        "organising": "organizing",
        "realised": "realized",
        "metres": "meters",
        "kilometres": "kilometers",
        "neighbour": "neighbor",
        "neighbours": "neighbors",
        "theatre": "theater",
        "behaviour": "behavior",
        "mum": "mom",
        "lorry": "truck",
        "flats": "apartments",
        "film": "movie",
    },
    "nationalities": {
        "German": "Nigerian",
        "Portuguese": "Turkish",
        "Germany": "Nigeria",
        "euros": "rupees",
        "village": "township",
        "cathedral": "mosque",
        "Easter": "Ramadan",
        "Christmas": "Eid",
    },
}


def swapped(text: str, swap: Mapping[str, str]) -> str:
    """A text with words exchanged, keeping their first capital."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        found = swap.get(word) or swap.get(word.lower()) or word
        return found.capitalize() if word[0].isupper() else found

    return re.sub(r"[A-Za-z]+", other, text)


def changes(coach: Coach, golden: tuple[Golden, ...], kind: str) -> dict[str, list[int]]:
    """By how much each rating moves, for the answers that the exchange touches."""
    questions = load_questions("en")
    moved: dict[str, list[int]] = {name: [] for name in RATINGS}
    for one in golden:
        text = swapped(one.text, SWAPS[kind])
        if text == one.text or one.gate != "none":
            continue
        question = find_question(questions, one.question)
        before, after = (
            coach.report(answer.seen, source="golden", question=question)
            for answer in (one, replace(one, text=text))
        )
        for name in RATINGS:
            old, new = rating_of(before, name), rating_of(after, name)
            if old is not None and new is not None:
                moved[name].append(abs(new - old))
    return moved


def main() -> None:
    """Print the table."""
    golden = (*load_golden("development"), *load_golden("held_out"))
    print(f"{'exchanged':<15}{'answers':>8}" + "".join(f"{name:>13}" for name in RATINGS))
    for kind in SWAPS:
        moved = changes(coach_of(), golden, kind)
        cells = "".join(f"{sum(values) / max(1, len(values)):>13.2f}" for values in moved.values())
        print(f"{kind:<15}{len(moved['relevance']):>8}{cells}")


if __name__ == "__main__":
    main()
