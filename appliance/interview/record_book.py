"""People's own records, by the codes that they alone know."""

from collections.abc import Callable

from appliance.interview.given import Given, reports_of
from appliance.interview.record import summary_of
from appliance.interview.wiring import Wiring
from appliance.storage.practice_record import SessionSummary


class RecordBook:
    """Keeps, reads and deletes what was measured. Any thread may call anything.

    Args:
        wiring: what the booth is made of.
        given: the answers of the person who is there.
    """

    def __init__(self, wiring: Wiring, given: Callable[[], tuple[Given, ...]]) -> None:
        site = wiring.settings
        self._store = wiring.store if site.storage.practice_record else None
        self._language = site.site.language
        self._given = given

    @property
    def is_kept(self) -> bool:
        """Whether this booth keeps records at all."""
        return self._store is not None

    def keep(self, code: str, *, transcript: bool) -> bool:
        """Keep what was measured of the person who is there; whether there was anything to keep.

        Args:
            code: theirs; `practice_code.new_code` makes one.
            transcript: they ticked that their words are kept, too.

        Raises:
            WrongUsageError: it is no code.
            StorageError: it could not be kept.
        """
        store = self._store
        reports = reports_of(self._given())
        if store is None or not reports:
            return False
        summary = summary_of(reports, store.today, self._language, transcript=transcript)
        store.record.keep(code, summary)
        return True

    def read(self, code: str) -> tuple[SessionSummary, ...]:
        """All sessions of a code, in order; none where nobody kept any by it.

        Raises:
            WrongUsageError: it is no code.
            StorageError: the database cannot be read.
        """
        return self._store.record.read(code) if self._store is not None else ()

    def delete(self, code: str) -> int:
        """Delete all sessions of a code, and tell how many there were.

        Raises:
            WrongUsageError: it is no code.
            StorageError: they could not be deleted.
        """
        return self._store.record.delete(code) if self._store is not None else 0
