"""Question and Reply: what is asked of a model, and what comes back, checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

from coach.engines.llm.endpoint import Rung

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Usage:
    """Tokens, as the server counted them; zero where it did not say."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    """Of the prompt, those that the server knew already."""
    reasoning: int = 0
    """Of the completion, those that the model only thought."""

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt=self.prompt + other.prompt,
            completion=self.completion + other.completion,
            cached=self.cached + other.cached,
            reasoning=self.reasoning + other.reasoning,
        )


@dataclass(frozen=True)
class Question(Generic[T]):
    """One thing to ask: the messages, and what an answer to them has to be."""

    prompt: str
    """Name of the prompt file."""
    version: str
    """Its version."""
    system: str
    """The whole message, with the answer's field guide in it."""
    user: str
    """The whole message, with the material at its end."""
    answer: type[T]
    """Has to travel: see ``coach.engines.llm.schema.portable``."""
    check: Callable[[T], Sequence[str]]
    """What is wrong with an answer that has all its fields, as ``place: what`` lines."""
    tokens: int | None = None
    """Estimated tokens of all messages; finds out a server that reads less than it was sent."""
    most_tokens: int | None = None
    """Of the answer, where less fits beside the question than the endpoint allows."""
    before: tuple[tuple[Literal["user", "assistant"], str], ...] = ()
    """Messages between ``system`` and ``user``: a talk that the question goes on with, in turns."""
    lenient: bool = False
    """Whether an answer that no repair mends is taken without what is wrong in its form; what its
    checks found wrong stays in it, for the caller to leave out."""


@dataclass(frozen=True)
class Reply(Generic[T]):
    """An answer, and what it cost; it passed all checks unless it is ``imperfect``."""

    value: T
    usage: Usage
    """Of all its calls; nothing where it comes from the cache."""
    calls: int
    rung: Rung
    from_cache: bool
    imperfect: bool = False
    """Whether it is what no repair mended, taken because the question is lenient."""
    left_out: int = 0
    """Places of an imperfect answer that had not the form asked for, and are not in the value."""


class Progress(Protocol):
    """Told after each question that came to an end, well or not."""

    def __call__(self, *, done: int, total: int, usage: Usage) -> None:
        """``done`` of ``total`` questions have ended; ``usage`` is all of the client's so far."""
        ...
