"""Writes the golden requests anew: `python -m tests.tools.requests`. Look at what changed."""

import json
from typing import get_args

from appliance.coaching.ollama.prompts import TaskName, asking_of
from tests.unit.coaching.ollama.test_prompts import GOLDEN, task_of


def main() -> None:
    """One file for each task and language."""
    names: tuple[TaskName, ...] = get_args(TaskName)
    for name in names:
        for language in ("en", "de", "es"):
            task = task_of(name, language)
            asking = asking_of(task)
            value = {"messages": list(asking.messages), "format": asking.schema}
            written = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
            path = GOLDEN / f"{name}-{task.prompt.version}.{language}.json"
            path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
