"""What `booth sessions` does: tell what is stored, and remove it."""

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import date, timedelta

from appliance.domain.errors import WrongUsageError
from appliance.storage.calendar import WEEK_DAYS
from appliance.storage.store import Store

_CODE = "The code, five words: "
_FIRST_DAY = date(1970, 1, 1)


def run_sessions(
    options: Namespace, store: Store, ask: Callable[[str], str] = getpass.getpass
) -> bool:
    """List, export, delete or wipe; always done.

    Args:
        options: `sessions_command`, and `json` or `yes`.
        store: what is kept.
        ask: asks for the code. It is never an argument, which others could see.

    Raises:
        WrongUsageError: that is no code, or nobody confirmed the wiping.
        StorageError: the database cannot be used.
    """
    if options.sessions_command == "list":
        _list(store, as_json=options.json)
    elif options.sessions_command == "export":
        sessions = [one.model_dump(mode="json") for one in store.record.read(ask(_CODE))]
        sys.stdout.write(json.dumps({"sessions": sessions}, ensure_ascii=False, indent=1) + "\n")
    elif options.sessions_command == "delete":
        count = store.record.delete(ask(_CODE))
        sys.stdout.write(f"{_summaries(count)} deleted.\n")
    elif not options.yes:
        raise WrongUsageError(
            "This would delete everybody's practice records.", "Add '--yes' to do it."
        )
    else:
        sys.stdout.write(f"{_summaries(store.record.wipe())} deleted. No code opens anything.\n")
    return True


def _list(store: Store, *, as_json: bool) -> None:
    weeks = [(_day(week * WEEK_DAYS), count) for week, count in store.record.count_by_week()]
    uses = [
        {
            "first_day": str(_day(use.first_day)),
            "last_day": str(_day(use.last_day)),
            "started": use.started,
            "completed": use.completed,
        }
        for use in store.tallies.uses()
    ]
    if as_json:
        records = [{"week_of": str(week), "summaries": count} for week, count in weeks]
        sys.stdout.write(json.dumps({"records": records, "uses": uses}, indent=1) + "\n")
        return
    lines = [f"{_summaries(sum(count for _, count in weeks))} kept, sealed by their owners' codes."]
    lines += [f"  week of {week}: {count}" for week, count in weeks]
    lines += ["Sessions, in groups of five or more:"] if uses else []
    for use in uses:
        done = "too few to tell" if use["completed"] is None else f"{use['completed']} to the end"
        lines.append(f"  {use['first_day']} to {use['last_day']}: {use['started']}, {done}")
    sys.stdout.write("\n".join(lines) + "\n")


def _day(number: int) -> date:
    return _FIRST_DAY + timedelta(days=number)


def _summaries(count: int) -> str:
    return "1 summary" if count == 1 else f"{count} summaries"
