"""The measures of content: where each usually serves the listener, and who says so.

Bands here are our choice unless a study is named: what an answer to an interview question should
hold has no norm. They were set on the development half of the golden answers.
"""

from appliance.coaching.measure_kind import MeasureKind
from appliance.domain.report import Band

_OURS = "our choice"

RELEVANCE = MeasureKind("relevance", Band(low=50, high=None, source=_OURS))

KEYWORDS = MeasureKind("keywords", Band(low=40, high=None, source=_OURS))

STRUCTURE = MeasureKind(
    "structure", Band(low=3, high=None, source="the four parts that careers services teach (STAR)")
)

DETAILS = MeasureKind("details", Band(low=5, high=None, source=_OURS))

EMPTY_PHRASES = MeasureKind("empty_phrases", Band(low=None, high=3, source=_OURS))

OWN_PART = MeasureKind("own_part", band=None)

FILLERS = MeasureKind("fillers", Band(low=None, high=2, source=_OURS))

RESTARTS = MeasureKind("restarts", Band(low=None, high=2, source=_OURS))

SENTENCE_LENGTH = MeasureKind("sentence_length", Band(low=None, high=25, source=_OURS))

CONNECTIVES = MeasureKind("connectives", band=None)

VOCABULARY_RANGE = MeasureKind("vocabulary_range", band=None)

CLOSING_TONE = MeasureKind("closing_tone", band=None)
