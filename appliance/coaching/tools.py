"""Everything that coaching in one language needs, loaded once."""

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import tomli

from appliance.coaching.embeddings import (
    TOKENIZER_FILE,
    Embeddings,
    SentenceEmbedder,
    packaged_embedding_model,
)
from appliance.coaching.language import LanguagePack, load_language
from appliance.coaching.messages import Messages, load_messages
from appliance.coaching.story_model import MODEL_FILE, StoryModel
from appliance.coaching.tone import ToneReader
from appliance.coaching.vocabulary import Vocabulary

_EMBEDDED = "en"
"""The language that the sentence model understands."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What coaching works with. Threads may share it.

    Attributes:
        language: lists of words.
        messages: sentences for the person.
        vocabulary: dictionary forms.
        common_words: the commonest words of many languages, by ISO 639-1 code.
        embedder: what sentences mean; None where there is no model for the language.
        story: finds the parts of a story by meaning; None likewise.
        tone: feelings in words; None where there is no word list for the language.
        references: what reference answers mean, by question; filled as they are needed.
    """

    language: LanguagePack
    messages: Messages
    vocabulary: Vocabulary
    common_words: dict[str, frozenset[str]]
    embedder: SentenceEmbedder | None
    story: StoryModel | None
    tone: ToneReader | None
    references: dict[str, Embeddings] = field(default_factory=dict)


def load_tools(language: str, models_dir: Path) -> Tools:
    """Load everything for a language.

    Args:
        language: two letters, ISO 639-1.
        models_dir: the folder with the model files.

    Raises:
        WrongUsageError: there is no pack for the language.
        ModelError: a model cannot be used.
    """
    pack = load_language(language)
    embedded = language == _EMBEDDED
    return Tools(
        language=pack,
        messages=load_messages(language),
        vocabulary=Vocabulary(language),
        common_words=_common_words(),
        embedder=SentenceEmbedder(packaged_embedding_model(), models_dir / TOKENIZER_FILE)
        if embedded
        else None,
        story=StoryModel(models_dir / MODEL_FILE) if embedded else None,
        tone=ToneReader(pack.tone) if pack.tone is not None else None,
    )


def _common_words() -> dict[str, frozenset[str]]:
    path = resources.files("appliance.coaching") / "common_words.toml"
    table = tomli.loads(path.read_text(encoding="utf-8"))
    return {code: frozenset(words) for code, words in table.items()}
