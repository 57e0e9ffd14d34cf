"""Where nobody chooses, a set is drawn for the site's kind of work."""

import random
from types import SimpleNamespace
from typing import Any, cast

from appliance.coaching.question_bank import load_questions
from appliance.domain.settings import Interview, Settings
from appliance.interview.drawing import drawn
from appliance.interview.wiring import Wiring

BANK = {one.id: one for one in load_questions("en")}


def wiring(bank: Any, **interview: Any) -> Wiring:
    settings = Settings(interview=Interview(**interview))
    chance = random.Random(1)
    return cast("Wiring", SimpleNamespace(questions=bank, settings=settings, chance=chance))


def test_the_sites_kind_of_work_comes_first() -> None:
    ids = drawn(wiring(tuple(BANK.values()), questions=5, role="trades"))
    assert len(ids) == 5
    assert sum(BANK[name].role == "trades" for name in ids) >= 3


def test_with_too_few_all_are_asked() -> None:
    few = tuple(load_questions("de"))[:2]
    assert drawn(wiring(few, questions=5)) == tuple(one.id for one in few)
