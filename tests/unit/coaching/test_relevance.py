"""Nearness to the question misranks; relevance does not."""

from pathlib import Path

import numpy as np
import pytest

from appliance.coaching.coach import Coach
from appliance.coaching.embeddings import SentenceEmbedder, packaged_embedding_model
from appliance.coaching.question_bank import find_question, load_questions
from appliance.coaching.story_model import MODEL_FILE, StoryModel
from appliance.coaching.tools import load_tools
from appliance.domain.errors import ModelError
from tests.coaches import MODELS, coach_of, tools_of
from tests.golden.marks import cosines_of, judge, load_golden, rating_of

BANK = load_questions("en")
GOLDEN = (*load_golden("development"), *load_golden("held_out"))


def test_a_real_answer_comes_before_empty_speech_where_nearness_has_it_the_other_way() -> None:
    misranked = 0
    for empty in GOLDEN:
        if empty.gate != "none" or empty.marks["relevance"] > 2 or empty.marks["specificity"] > 1:
            continue
        question = find_question(BANK, empty.question)
        for real in GOLDEN:
            if real.question != empty.question or real.marks["relevance"] < 4:
                continue
            cosines = [cosines_of(one, question, tools_of())[1] for one in (real, empty)]
            ratings = [
                rating_of(report, "relevance") or 0
                for report in judge(coach_of(), BANK, (real, empty))
            ]
            assert ratings[0] > ratings[1], (real.text, empty.text)
            misranked += cosines[0] < cosines[1]
    assert misranked >= 3


def test_damaged_models_are_told(tmp_path: Path) -> None:
    broken = tmp_path / MODEL_FILE
    broken.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"story_parts\.npz is missing or damaged"):
        StoryModel(broken)
    other = tmp_path / "other.npz"
    np.savez(other, weights=np.zeros((4, 3)), intercepts=np.zeros(4))
    with pytest.raises(ModelError, match="was made for other features"):
        StoryModel(other)
    with pytest.raises(ModelError, match="sentence model is missing or damaged"):
        SentenceEmbedder(packaged_embedding_model(), broken)


def test_a_question_can_be_prepared_before_its_answer_is_judged() -> None:
    tools = load_tools("en", MODELS)
    question = find_question(BANK, "solved-problem")
    Coach(tools).prepare(question)
    assert tools.references[question.id].shape == (4, 384)
    Coach(tools_of("de")).prepare(load_questions("de")[0])
    assert tools_of("de").references == {}
