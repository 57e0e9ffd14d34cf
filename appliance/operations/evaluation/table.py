"""Figures as text for a terminal."""

from appliance.operations.evaluation.figures import Figures


def summary(figures: Figures) -> str:
    """One line: accuracy with its interval, average recall, calibration."""
    low, high = figures.accuracy_interval
    return (
        f"accuracy {figures.accuracy:.1%} (95% interval {low:.1%} to {high:.1%}), "
        f"unweighted average recall {figures.unweighted_average_recall:.1%}, "
        f"expected calibration error {figures.expected_calibration_error:.3f}"
    )


def table(figures: Figures) -> str:
    """A row for each true class: how many, how many of them found, and what each was said to be."""
    names = [f"{number} {name}" for number, name in enumerate(figures.classes, start=1)]
    width = max(len("true class"), *map(len, names))
    cell = max(3, len(str(figures.confusion.max())))
    numbers = " ".join(f"{number:>{cell}}" for number in range(1, len(names) + 1))
    lines = [f"{'true class':<{width}}  {'n':>6}  recall   said to be {numbers}"]
    rows = zip(names, figures.recalls, figures.confusion.tolist(), strict=True)
    for name, recall, row in rows:
        found = "-" if recall is None else f"{recall:.1%}"
        counts = " ".join(f"{count or '.':>{cell}}" for count in row)
        lines.append(f"{name:<{width}}  {sum(row):>6}  {found:>6}              {counts}")
    return "\n".join(f"  {line}" for line in lines)
