"""What somebody said, made fit to be quoted to a model: as data that cannot pass for a command.

A model reads one text; who speaks where is told by marks alone. So everything that could be such a
mark is taken out, and what is left is short. Whoever still talks a model into something meets the
checks of the answer.
"""

import re
import unicodedata

_LONGEST = 3500
"""Characters: some 600 words, which is four minutes of talk and fits a small model's memory."""

_CUT = " … "

_ROLE_TOKENS = re.compile(
    r"<\|?[^<>]{0,40}\|?>|\[/?\s*(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS)\s*\]|<</?\s*SYS\s*>>"
    r"|\[\[?[^\[\]]{0,20}system[^\[\]]{0,20}\]\]?",
    re.IGNORECASE,
)
"""As chat templates of Llama, Qwen, Gemma, Phi and Mistral write them."""

_ROLE_LABELS = re.compile(
    r"(?:^|(?<=[\s.!?]))(?:system|assistant|user|developer|tool|human|instruction|prompt)"
    r"(?:\s+(?:message|prompt))?\s*:",
    re.IGNORECASE,
)

_MARKS = re.compile(r"[<>{}\[\]|#*_`~^\\=]+")
"""Nobody says them, and delimiters are made of them."""


def as_data(text: str, longest: int = _LONGEST) -> str:
    """A text without role tokens, marks and hidden letters, on one line, cut in the middle.

    Args:
        text: that somebody said or typed.
        longest: characters that are left at most.
    """
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(
        " " if one.isspace() else one
        for one in plain
        if one.isspace() or unicodedata.category(one)[0] != "C"
    )
    for pattern in (_ROLE_TOKENS, _ROLE_LABELS, _MARKS):
        seen = pattern.sub(" ", seen)
    line = " ".join(seen.split())
    if len(line) <= longest:
        return line
    half = (longest - len(_CUT)) // 2
    return f"{line[:half].rstrip()}{_CUT}{line[-half:].lstrip()}"
