"""How often the booth is used: numbers that name nobody, and none of fewer than five."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template

from appliance.domain.errors import StorageError
from appliance.storage.calendar import WEEK_DAYS
from appliance.storage.store import Store
from appliance.storage.tallies import LEAST
from web_panel.access import Audience, for_
from web_panel.admin.office import Office

_FIRST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions in some days.

    Attributes:
        first: day.
        last: day.
        started: at least five.
        completed: None where those, or the others, are too few to be told.
    """

    first: date
    last: date
    started: int
    completed: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Summaries that people keep, of one week.

    Attributes:
        week: its first day.
        count: None where there are too few to be told.
    """

    week: date
    count: int | None


def add_numbers(views: Blueprint, office: Office) -> None:
    """The view of the numbers."""
    store = office.staff.store

    @views.get("/numbers")
    @for_(Audience.ADMIN)
    def numbers() -> str:
        if store is None:
            return render_template("admin/numbers.html", says=_NOTHING, least=LEAST)
        try:
            sessions, kept = sessions_of(store), kept_of(store)
        except StorageError as error:
            return render_template("admin/numbers.html", says=str(error), least=LEAST)
        return render_template(
            "admin/numbers.html", says="", least=LEAST, sessions=sessions, kept=kept
        )


_NOTHING = "Nothing can be kept on this booth, so nothing is counted."


def sessions_of(store: Store) -> tuple[Sessions, ...]:
    """Sessions, the newest first.

    Raises:
        StorageError: they cannot be read.
    """
    return tuple(
        Sessions(_day(use.first_day), _day(use.last_day), use.started, use.completed)
        for use in reversed(store.tallies.uses())
    )


def kept_of(store: Store) -> tuple[Kept, ...]:
    """Summaries by week, the newest first.

    Raises:
        StorageError: they cannot be read.
    """
    return tuple(
        Kept(_day(week * WEEK_DAYS), count if count >= LEAST else None)
        for week, count in reversed(store.record.count_by_week())
    )


def _day(day: int) -> date:
    return _FIRST + timedelta(days=day)
