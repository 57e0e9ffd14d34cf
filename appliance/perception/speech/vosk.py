"""Vosk: words while the sound streams, in any language that there is a Vosk model for."""

import ctypes
import json
from pathlib import Path
from typing import Any

import numpy as np

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, FloatArray
from appliance.domain.observations import Span, Word
from appliance.perception.speech.transcriber import PartialWords, SpeechEvent, Utterance
from appliance.perception.voice_activity import SHORTEST_SPEECH_S, VoiceUpdate, follows

_ADVICE = "Install the model again: 'booth models verify' says how."

# What the engine needs to give words with times. A model with "ivector" needs all of that, too.
_MODEL_FILES = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/phones/word_boundary.int",
)
_GRAPHS = (("graph/HCLr.fst", "graph/Gr.fst"), ("graph/HCLG.fst",))
_IVECTOR = "ivector/final.ie"

# The number that every OpenFst file starts with (kFstMagicNumber in OpenFst's fst.h).
_GRAPH_MAGIC = (2125659606).to_bytes(4, "little")

# The tokens that models use for sound that is none of their words.
_NO_WORDS = frozenset({"[unk]", "<unk>"})

# The engine and voice activity set a word's limits a little apart, so speech is widened by this,
# and half of a word must lie in it.
_NEAR_SPEECH_S = 0.1


class VoskTranscriber:
    """Streams through Kaldi (see `Transcriber`); gives partial words, and finds utterances itself.

    Models hear words in loud noise too, some with full confidence (the Korean one hears "two" in
    white noise), so only what lies in speech, as voice activity sees it, is given.

    Args:
        model_dir: an unpacked model.
        language: what its words are in, such as "en".

    Raises:
        ModelError: the folder holds no whole model, or the engine cannot start on this machine.
    """

    engine: str = "vosk"

    def __init__(self, model_dir: Path, language: str) -> None:
        if not model_dir.is_dir():
            raise ModelError(f"There is no Vosk model in {model_dir}.", _ADVICE)
        if fault := model_fault(model_dir):
            raise ModelError(f"The Vosk model {model_dir} {fault}.", _ADVICE)
        self.language = language
        self._vosk = _engine()
        try:
            self._model = self._vosk.Model(str(model_dir))
        except Exception as error:  # the engine raises nothing narrower
            raise ModelError(f"The Vosk model {model_dir} is damaged.", _ADVICE) from error
        self._stream = _Stream(self._new_recogniser(), 0.0)

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:
        """Recognise a block: the partial words where they changed, an utterance where it ended."""
        before: list[SpeechEvent] = []
        if not follows(block, self._stream.end_s):
            before = self._stream.finish(VoiceUpdate())
            self._stream = _Stream(self._new_recogniser(), block.time_s)
        return before + self._stream.accept(block.samples, voice)

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        """Give the utterance that the end of the sound cut off, if any, and be as new."""
        events = self._stream.finish(voice)
        self.reset()
        return events

    def reset(self) -> None:
        """Forget everything heard."""
        self._stream = _Stream(self._new_recogniser(), 0.0)

    def _new_recogniser(self) -> Any:
        # The same sound shall give the same words. The engine's own Reset() keeps what it learned
        # of the voice, so a new recogniser; Kaldi dithers sound by C's rand(), so a fixed seed.
        ctypes.CDLL(None).srand(1)
        recogniser = self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE_HZ)
        recogniser.SetWords(True)
        return recogniser


class _Stream:
    """Unbroken sound from `start_s` on, through a fresh recogniser."""

    def __init__(self, recogniser: Any, start_s: float) -> None:
        self._recogniser = recogniser
        self._start_s = start_s
        self._heard = 0  # samples
        self._voiced: tuple[Span, ...] = ()  # of the utterance that goes on
        self._told = ""

    @property
    def end_s(self) -> float:
        return self._start_s + self._heard / SAMPLE_RATE_HZ

    def accept(self, samples: FloatArray, voice: VoiceUpdate) -> list[SpeechEvent]:
        self._heard += len(samples)
        self._voiced += voice.voiced
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        if self._recogniser.AcceptWaveform(pcm):
            return self._utterance(self._recogniser.Result())
        return self._partial(self._recogniser.PartialResult())

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        self._voiced += voice.voiced
        return self._utterance(self._recogniser.FinalResult())

    def _partial(self, result: str) -> list[SpeechEvent]:
        text = json.loads(result)["partial"]
        if text in ("", self._told) or not self._voice_heard():
            return []
        self._told = text
        return [PartialWords(text, self._voiced[0].start_s)]

    def _utterance(self, result: str) -> list[SpeechEvent]:
        found = (self._word(raw) for raw in json.loads(result).get("result", ()))
        words = tuple(w for w in found if w.text.casefold() not in _NO_WORDS and self._spoken(w))
        events: list[SpeechEvent] = [Utterance(words)] if words and self._voice_heard() else []
        if self._told and not events:
            events.append(PartialWords("", self.end_s))
        self._told = ""
        # Speech that goes on at the end of this utterance belongs to the next one.
        self._voiced = tuple(s for s in self._voiced if s.end_s > self.end_s - _NEAR_SPEECH_S)
        return events

    def _voice_heard(self) -> bool:
        return sum(span.duration_s for span in self._voiced) >= SHORTEST_SPEECH_S

    def _word(self, raw: dict[str, Any]) -> Word:
        start_s, end_s = self._start_s + raw["start"], self._start_s + raw["end"]
        return Word(raw["word"], start_s, end_s, min(1.0, max(0.0, raw["conf"])))

    def _spoken(self, word: Word) -> bool:
        place = Span(word.start_s, word.end_s)
        near = (Span(s.start_s - _NEAR_SPEECH_S, s.end_s + _NEAR_SPEECH_S) for s in self._voiced)
        return sum(span.overlap_s(place) for span in near) >= place.duration_s / 2


def model_fault(model_dir: Path) -> str | None:
    """What a Vosk model's folder lacks, as the end of a sentence; None where it seems whole.

    The engine would end the whole process on some folders that are not.
    """
    graphs = next((g for g in _GRAPHS if any((model_dir / n).exists() for n in g)), _GRAPHS[-1])
    ivector = (_IVECTOR,) if (model_dir / _IVECTOR).parent.exists() else ()
    for name in (*_MODEL_FILES, *graphs, *ivector):
        file = model_dir / name
        if not file.is_file() or file.stat().st_size == 0:
            return f"is not whole: it lacks {name}"
    for name in graphs:
        with (model_dir / name).open("rb") as graph:
            if graph.read(len(_GRAPH_MAGIC)) != _GRAPH_MAGIC:
                return f"is damaged: {name}"
    return None


def _engine() -> Any:
    # Imported here, since the native library takes a while to load, and may not load at all: on
    # arm64 it needs libatomic.
    try:
        import vosk  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise ModelError(
            f"Vosk cannot start on this machine: {error}.",
            "Install vosk and, on arm64, Debian's libatomic1.",
        ) from error
    vosk.SetLogLevel(-1)
    return vosk
