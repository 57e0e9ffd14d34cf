"""Which questions come where nobody chooses."""

from appliance.coaching.question_sets import question_set
from appliance.domain.errors import WrongUsageError
from appliance.interview.wiring import Wiring


def drawn(wiring: Wiring) -> tuple[str, ...]:
    """The ids of as many questions as the site asks, with a balance of what they look for.

    Where there are too few for the site's kind of work, all that there are.
    """
    wanted = wiring.settings.interview
    try:
        chosen = question_set(wiring.questions, wanted.questions, wiring.chance, wanted.role)
    except WrongUsageError:
        chosen = tuple(wiring.questions)[: wanted.questions]
    return tuple(question.id for question in chosen)
