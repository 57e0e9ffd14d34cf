"""How coaching does on the golden answers: `python -m tests.tools.golden SET`.

`held_out` was set aside before anything was tuned; the others may be looked at answer by answer
(`--each`).
"""

import argparse

from appliance.coaching.question_bank import load_questions
from tests.coaches import coach_of, tools_of
from tests.golden.marks import (
    RATINGS,
    agreement,
    judge,
    load_golden,
    nearness_alone,
    parts_of,
    rating_of,
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.golden")
    parser.add_argument(
        "half",
        choices=["development", "held_out", "independent", "fresh", "fourth"],
        nargs="?",
        default="held_out",
    )
    parser.add_argument("--each", action="store_true", help="answer by answer")
    options = parser.parse_args()
    if options.each and options.half == "held_out":
        parser.error("that set is for its figures alone")
    golden = load_golden(options.half)
    reports = judge(coach_of(), load_questions("en"), golden)
    if options.each:
        for one, report in zip(golden, reports, strict=True):
            gate = report.gate.name if report.gate else "none"
            print(f"\n{one.question}  gate {one.gate} / {gate}  {one.text[:90]}")
            print(f"  slots {sorted(one.slots)} / {sorted(parts_of(report))}")
            for name in RATINGS:
                print(f"  {name:<12} {one.marks[name]} / {rating_of(report, name)}")
    found = agreement(golden, reports)
    print(f"{options.half}: {found.count} answers")
    print(f"  gates F1          {found.gates_f1:.3f}")
    print(f"  slots F1          {found.slots_f1:.3f}")
    for part, value in found.slot_f1.items():
        print(f"    {part:<15} {value:.3f}")
    print("  rank correlation with the marks (Spearman)")
    for name, value in found.correlations.items():
        print(f"    {name:<15} {value:.3f}")
    alone = nearness_alone(golden, load_questions("en"), tools_of())
    print(f"    nearness alone  {alone:.3f}, where relevance is above")


if __name__ == "__main__":
    main()
