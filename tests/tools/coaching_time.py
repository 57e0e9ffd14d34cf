"""How long coaching takes for a two-minute answer: `python -m tests.tools.coaching_time`.

Run it under `taskset -c 0` for one core.
"""

import time
from statistics import median

from appliance.coaching.question_bank import find_question, load_questions
from appliance.domain.observations import Span
from tests.answers import answer, said_at
from tests.coaches import coach_of
from tests.golden.marks import load_golden

_WORDS = 300


def main() -> None:
    """Print the figures."""
    begin_s = time.perf_counter()
    coach = coach_of()
    question = find_question(load_questions("en"), "solved-problem")
    print(f"loading, once: {time.perf_counter() - begin_s:.2f} s")
    texts = " ".join(one.text for one in load_golden("development") if one.gate == "none").split()
    said = said_at(" ".join(texts[:_WORDS]))
    seen = answer([Span(0.0, said[-1].end_s)], said)
    taken_s = []
    begin_s = time.perf_counter()
    coach.prepare(question)
    print(f"a question, once, while it is answered: {time.perf_counter() - begin_s:.2f} s")
    for _ in range(20):
        begin_s = time.perf_counter()
        coach.report(seen, source="x", question=question)
        taken_s.append(time.perf_counter() - begin_s)
    print(f"{_WORDS} words, {said[-1].end_s:.0f} s of speech:", end=" ")
    print(f"median {1000 * median(taken_s):.0f} ms, longest {1000 * max(taken_s):.0f} ms")


if __name__ == "__main__":
    main()
