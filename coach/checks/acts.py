"""Acts: what the sentences of a text do, counted in code: ask, order, support, take a view up.

Models count badly, so none is asked. What is told apart follows the codes of motivational
interviewing, in which questions and support speak for agreement and orders against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from coach.document import Document, Line
from coach.patterns import pattern
from coach.resources import load_model, root
from coach.tone import heard, shared_words
from coach.tone.context import plain
from coach.tone.keys import text_words
from coach.tone.phrase import Lists, Phrase, read_phrase
from coach.tone.rule import Phrases

Act = Literal["open_question", "closed_question", "order", "support", "view", "we"]
ACTS: tuple[Act, ...] = get_args(Act)
FOLDER = "guides/tone/whole"
_FILE = "acts.yaml"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ActWords(_Data):
    """How an act is worded, with sentences that hold it and sentences that do not."""

    phrases: Annotated[Phrases, Field(min_length=1)]
    holds: Annotated[tuple[str, ...], Field(min_length=1)]
    lacks: Annotated[tuple[str, ...], Field(min_length=1)]


class ActFile(_Data):
    """guides/tone/whole/acts.yaml."""

    words: dict[str, str] = {}
    acts: dict[Act, ActWords]


class Deed(NamedTuple):
    """An act and the line it stands in."""

    act: Act
    line: int


def load_acts() -> ActFile:
    """How each act is worded.

    Raises:
        DataFileError: the file is not valid.
    """
    return load_model(root().joinpath(FOLDER, _FILE), ActFile)


def deeds(document: Document) -> Iterator[Deed]:
    """What the manager's sentences do, in order; a sentence does each act once."""
    names = [document.employee] if document.employee else []
    for line, begin, end, _ in heard(document):
        yield from deeds_of(line, (begin, end), names)


def deeds_of(line: Line, span: tuple[int, int], names: Sequence[str] = ()) -> Iterator[Deed]:
    """What the sentences between two offsets of a line do."""
    text = line.text if line.text.isupper() else _COUNTRY.sub("--", line.text)
    masked = plain(text, names)
    for sentence in _SENTENCE.finditer(masked, *span):
        for act in acts_of(sentence.group()):
            yield Deed(act, line.number)


def acts_of(masked: str) -> Iterator[Act]:
    """What one sentence in lower case does."""
    asks = masked.rstrip(" )\"'”’*_").endswith("?")
    if asks:
        yield "open_question" if _OPEN.search(masked) else "closed_question"
    words = text_words(masked)
    for act, phrases in _readers():
        if asks and act in {"order", "open_question"}:
            continue
        if any(not phrase.is_out_of(words) and phrase.regex.search(masked) for phrase in phrases):
            yield act


@cache
def _readers() -> tuple[tuple[Act, tuple[Phrase, ...]], ...]:
    found = load_acts()
    lists = Lists(shared_words() | found.words)
    return tuple(
        (act, tuple(read_phrase(text, lists) for text in worded.phrases))
        for act, worded in found.acts.items()
    )


_COUNTRY = pattern(r"\bUS\b")
"""Not the pronoun, unless all of the line is in capitals."""
_SENTENCE = pattern(r"[^.!?\n]+(?:[.!?]+(?!\w)|\.(?=\w)|[!?](?=\w)|$)?")
_OPEN = pattern(
    r"(?:^|[,;:–—-]\s|\b(?:so|and|but|then|ok|okay)[ ,]{1,2})\W{0,4}"
    r"(?:what|how|which|where|who|whom|whose|why|when|in what way)\b(?!\s+(?:about|if)\b)"
)
