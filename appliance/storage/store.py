"""All that is kept, in one place: open it at the start, and let it do its housekeeping daily."""

from collections.abc import Callable
from pathlib import Path

from appliance.domain.errors import StorageError
from appliance.domain.health import Health, Status
from appliance.storage.calendar import Calendar
from appliance.storage.database import Database
from appliance.storage.practice_code import Cost
from appliance.storage.practice_record import PracticeRecord
from appliance.storage.tallies import Tallies

_LAST_SEEN = "last_seen_day"
_NAME = "storage"


class Store:
    """The database, and what is in it.

    Args:
        folder: of the database.
        retention_days: after which practice records are deleted.
        wall: seconds since 1970, which may be anything.
        steady: monotonic seconds.
        cost: of one guess at a code.

    Raises:
        StorageError: the folder cannot be written, or the disk is full.

    Attributes:
        record: the practice records.
        tallies: how often the booth is used.
    """

    def __init__(
        self,
        folder: Path,
        retention_days: int,
        wall: Callable[[], float],
        steady: Callable[[], float],
        cost: Cost | None = None,
    ) -> None:
        self._database = Database(folder)
        self._calendar = Calendar(wall, steady, self._last_seen())
        self.record = PracticeRecord(self._database, self._calendar, retention_days, cost)
        self.tallies = Tallies(self._database, self._calendar)
        self._kept_house_on: int | None = None
        self._fault: StorageError | None = None

    @property
    def today(self) -> int:
        """Days since 1970, by the booth's calendar."""
        return self._calendar.today()

    def keep_house(self) -> None:
        """Once a day: note the day, and delete what was kept long enough. Never raises."""
        today = self._calendar.today()
        if today == self._kept_house_on:
            return
        try:
            with self._database.writing() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)",
                    (_LAST_SEEN, str(today).encode()),
                )
            self.record.expire()
            self.tallies.expire()
        except StorageError as error:
            self._fault = error
            return
        self._fault = None
        self._kept_house_on = today

    def count_started(self) -> None:
        """Somebody began. Never raises: what could not be counted is told by `health`."""
        self._count(self.tallies.started)

    def count_completed(self) -> None:
        """Somebody came to the end. Never raises, as `count_started`."""
        self._count(self.tallies.completed)

    def _count(self, count: Callable[[], None]) -> None:
        """A disk that takes nothing is a fault until housekeeping, done again, finds it mended."""
        try:
            count()
        except StorageError as error:
            self._fault, self._kept_house_on = error, None

    def health(self) -> Health:
        """How storage does."""
        if self._fault is not None:
            return health_without(self._fault)
        if self._database.began_anew:
            words = "The database was damaged. It was moved aside, and a new one begun."
            advice = f"Delete '{self._database.path}.damaged' when nobody needs it."
            return Health(_NAME, Status.WARNING, words, advice)
        return Health(_NAME, Status.HEALTHY, "What people want kept can be kept.")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _last_seen(self) -> int | None:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT value FROM fact WHERE name = ?", (_LAST_SEEN,)
            ).fetchone()
        return int(row[0]) if row is not None else None


def health_without(fault: StorageError) -> Health:
    """How storage does where nothing can be kept.

    Args:
        fault: that keeps it from being.
    """
    return Health(_NAME, Status.CRITICAL, fault.args[0], fault.advice)
