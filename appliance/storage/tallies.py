"""How often the booth is used, for staff: numbers that name nobody, and none of fewer than five."""

from dataclasses import dataclass

from appliance.storage.calendar import Calendar
from appliance.storage.database import Database

LEAST = 5
"""A smaller group could be somebody."""

_KEPT_DAYS = 400


@dataclass(frozen=True, slots=True)
class Use:
    """How often the booth was used in some days.

    Attributes:
        first_day: days since 1970.
        last_day: likewise.
        started: sessions, at least `LEAST`.
        completed: those that came to their end; None where they, or the others, are too few.
    """

    first_day: int
    last_day: int
    started: int
    completed: int | None


class Tallies:
    """Counts sessions.

    Args:
        database: where the numbers are.
        calendar: which day it is.
    """

    def __init__(self, database: Database, calendar: Calendar) -> None:
        self._database = database
        self._calendar = calendar

    def started(self) -> None:
        """Somebody began."""
        self._add("started")

    def completed(self) -> None:
        """Somebody came to the end."""
        self._add("completed")

    def uses(self) -> tuple[Use, ...]:
        """How often, in as few days at a time as there are enough sessions in.

        The last days may be left out, while they are too few.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT day, started, completed FROM tally ORDER BY day"
            ).fetchall()
        uses: list[Use] = []
        first, started, completed = None, 0, 0
        for day, more, done in rows:
            first = day if first is None else first
            started, completed = started + more, completed + done
            if started >= LEAST:
                enough = min(completed, started - completed) >= LEAST or completed == started
                uses.append(Use(first, day, started, completed if enough else None))
                first, started, completed = None, 0, 0
        return tuple(uses)

    def expire(self) -> None:
        """Forget what is older than a year or so."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM tally WHERE day < ?", (self._calendar.today() - _KEPT_DAYS,)
            )

    def _add(self, column: str) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO tally (day) VALUES (?)", (self._calendar.today(),)
            )
            if column == "started":
                statement = "UPDATE tally SET started = started + 1 WHERE day = ?"
            else:
                statement = "UPDATE tally SET completed = completed + 1 WHERE day = ?"
            connection.execute(statement, (self._calendar.today(),))
