"""Train the story model: `python -m models_tflite.training.story`.

Prints how well it finds the parts of answers whose questions it has not seen, then trains on all
and writes the file. See the README beside this.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tomli
from sklearn.linear_model import LogisticRegression

from appliance.coaching.embeddings import (
    TOKENIZER_FILE,
    SentenceEmbedder,
    packaged_embedding_model,
)
from appliance.coaching.language import LanguagePack, load_language
from appliance.coaching.question_bank import PARTS, BankQuestion, load_questions
from appliance.coaching.spoken import Sentence, spoken, telling
from appliance.coaching.story_model import MODEL_FILE, story_features
from appliance.domain.observations import Transcript, Word
from appliance.domain.whole_file import write_whole
from models_tflite.training.recipe import run

FOLDS = 5

_STRENGTH = 0.3
"""Inverse of the regularisation: the best of 0.03, 0.1, 0.3, 1 and 3 on the folds."""

_Floats = npt.NDArray[np.float32]

_Told = list[tuple[str, str]]
"""Parts of a story with their texts; no part has an empty name."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Sentences of reference answers, and which part of a story each is.

    Attributes:
        features: float32 (n, features).
        parts: bool (n, 4), in the order of `PARTS`; none for vague sentences.
        questions: of which question's answers each is, as a number.
    """

    features: _Floats
    parts: npt.NDArray[np.bool_]
    questions: npt.NDArray[np.int64]


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m models_tflite.training.story")
    parser.add_argument(
        "--models", type=Path, default=Path("models_tflite"), help="folder of the booth's models"
    )
    parser.add_argument("--out", type=Path, help="folder to write to, if it is another")
    options = parser.parse_args(arguments)
    return run(_train(options.models, options.out or options.models))


def _train(models: Path, out: Path) -> Iterator[str]:
    embedder = SentenceEmbedder(packaged_embedding_model(), models / TOKENIZER_FILE)
    stories = [question for question in load_questions("en") if question.form == "story"]
    labelled = label(stories, _no_stories(), embedder, load_language("en"))
    count = len(labelled.features)
    yield f"{count} sentences of the reference answers to {len(stories)} questions"
    yield f"{FOLDS} folds by question, F1 at a probability of one half:"
    guessed = _held_out(labelled)
    for column, part in enumerate(PARTS):
        yield f"  {part:<10} {_f1(guessed[:, column] >= 0.5, labelled.parts[:, column]):.3f}"
    weights, intercepts = _fit(labelled.features, labelled.parts)
    content = io.BytesIO()
    np.savez_compressed(content, weights=weights, intercepts=intercepts)
    write_whole({out / MODEL_FILE: content.getvalue()})
    yield f"written: {out / MODEL_FILE}"


def _no_stories() -> list[str]:
    table = tomli.loads((Path(__file__).parent / "no_stories.toml").read_text(encoding="utf-8"))
    return list(table["answers"])


def label(
    questions: Sequence[BankQuestion],
    no_stories: Sequence[str],
    embedder: SentenceEmbedder,
    language: LanguagePack,
) -> Labelled:
    """The sentences of strong answers by their part; those of weak answers and others as none.

    All are also told without full stops, as some recognisers write them. Stories are also told
    without any one of their parts, and with a sentence that belongs to no story: what stands second
    is not always the task, and what stands last not always the result.

    Args:
        questions: with strong and weak answers.
        no_stories: answers without any part of a story.
        embedder: tells what sentences mean.
        language: of all of it.
    """
    features: list[_Floats] = []
    parts: list[list[bool]] = []
    owners: list[int] = []
    answers: list[tuple[int, _Told]] = []
    strays = [one.text for text in no_stories for one in _sentences([("", text)], language)[0]]
    for number, question in enumerate(questions):
        if question.strong is None or question.weak is None:
            continue
        told = [(part, getattr(question.strong, part)) for part in PARTS]
        answers += [(number, version) for version in _versions(told, strays, number)]
        answers.append((number, [("", question.weak)]))
    answers += [(number, [("", text)]) for number, text in enumerate(no_stories)]
    for number, answer in answers:
        for written in (answer, _unpunctuated(answer)):
            sentences, labels = _sentences(written, language)
            if not sentences:
                continue
            embeddings = embedder.embed([sentence.text for sentence in sentences])
            features.append(story_features(sentences, embeddings, language))
            parts += [[part == one for one in PARTS] for part in labels]
            owners += [number] * len(labels)
    return Labelled(np.vstack(features), np.array(parts), np.array(owners))


def _versions(told: _Told, strays: Sequence[str], number: int) -> Iterator[_Told]:
    """A story whole, without each of its parts, and with a sentence of no story after or before."""
    yield told
    for place in range(len(PARTS)):
        yield told[:place] + told[place + 1 :]
    # Neighbours in the list belong to one answer; steps take them from many.
    one, two, three, four = (
        ("", strays[(7 * number + 13 * turn) % len(strays)]) for turn in range(4)
    )
    yield [*told, one]
    yield [*told[:-1], two]
    yield [*told[:2], three]
    yield [four, *told]


def _unpunctuated(told: _Told) -> _Told:
    bare = str.maketrans("", "", ".,;:!?")
    return [(part, text.translate(bare).lower()) for part, text in told]


def _sentences(answer: _Told, language: LanguagePack) -> tuple[list[Sentence], list[str]]:
    """Sentences in order of an answer that is told part by part, with the part of each.

    Those that say nothing are left out, as they are of real answers.
    """
    found: list[Sentence] = []
    labels: list[str] = []
    for part, text in answer:
        words = tuple(Word(word, 0.0, 0.0, 1.0) for word in text.split())
        said = spoken(Transcript("text", language.code, words), language)
        for sentence in telling(said, language).sentences:
            found.append(Sentence(sentence.words, len(found)))
            labels.append(part)
    return found, labels


def _fit(features: _Floats, parts: npt.NDArray[np.bool_]) -> tuple[_Floats, _Floats]:
    """Weights (4, features) and intercepts (4,)."""
    models = [
        LogisticRegression(C=_STRENGTH, max_iter=2_000, class_weight="balanced").fit(
            features, parts[:, column]
        )
        for column in range(len(PARTS))
    ]
    weights = np.vstack([model.coef_ for model in models])
    intercepts = np.concatenate([model.intercept_ for model in models])
    return np.asarray(weights, np.float32), np.asarray(intercepts, np.float32)


def _held_out(labelled: Labelled) -> _Floats:
    """Probabilities (n, 4), each by a model that saw no answer to that question."""
    guessed = np.zeros(labelled.parts.shape, np.float32)
    for fold in range(FOLDS):
        held = labelled.questions % FOLDS == fold
        weights, intercepts = _fit(labelled.features[~held], labelled.parts[~held])
        guessed[held] = 1 / (1 + np.exp(-(labelled.features[held] @ weights.T + intercepts)))
    return guessed


def _f1(guessed: npt.NDArray[np.bool_], true: npt.NDArray[np.bool_]) -> float:
    hits = float((guessed & true).sum())
    return 2 * hits / max(1.0, float(guessed.sum() + true.sum()))


if __name__ == "__main__":
    sys.exit(main())
