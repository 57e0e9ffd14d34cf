"""How an answer ends, told with care: the words for a problem are no attitude.

A word list for feelings takes a good story about an outage for a negative one, since "outage",
"failed" and "complained" are in it. So words that name what went wrong count for nothing, and a
hard word counts only in a sentence about people or about work as a whole. Only the end is judged:
stories begin with a problem.
"""

from statistics import fmean

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from appliance.coaching import content_bands as kinds
from appliance.coaching.language import Tone
from appliance.coaching.messages import Messages
from appliance.coaching.spoken import Sentence, Spoken
from appliance.domain.report import Measure

_CLOSING = 0.34
"""The share of the sentences that make up the end."""

_BRIGHT = 0.25
"""The value from which an end is bright, and below the negative of which it is dark: VADER's own
limits are 0.05; a single word should not tip it here."""


class ToneReader:
    """Tells the tone of sentences, by VADER's word list (Hutto and Gilbert, 2014).

    Args:
        tone: what is a problem and what is about people, in the language.
    """

    def __init__(self, tone: Tone) -> None:
        self._tone = tone
        self._analyser = SentimentIntensityAnalyzer()
        for word in tone.problem_words:
            self._analyser.lexicon.pop(word, None)

    def of(self, sentence: Sentence) -> float:
        """The tone of a sentence, -1 to 1; below 0 only where it is about people or work."""
        value = float(self._analyser.polarity_scores(" ".join(sentence.tokens))["compound"])
        about_people = bool(self._tone.people_words.intersection(sentence.tokens))
        return value if value >= 0 or about_people else 0.0

    def closing(self, said: Spoken, messages: Messages) -> Measure:
        """The mean tone of the last third of an answer."""
        count = max(1, round(_CLOSING * len(said.sentences)))
        end = said.sentences[-count:]
        value = fmean(self.of(sentence) for sentence in end)
        if value >= _BRIGHT:
            says = "says_bright"
        else:
            says = "says_dark" if value <= -_BRIGHT else "says_even"
        lowest = min(end, key=self.of)
        shown = lowest if value <= -_BRIGHT else max(end, key=self.of)
        return kinds.CLOSING_TONE.grade(value, messages, [shown.evidence], says=says)
