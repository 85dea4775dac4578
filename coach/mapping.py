"""StepMap: which line did which step's work, and what that leaves open. Pure.

An engine labels lines (``LineLabel``). From the labels alone, this module cuts the quotes, judges
each step's status, and picks the questions to ask next.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.finding import Finding, Severity
from coach.guide import SettledRange

Tone = Literal["supportive", "neutral", "punitive"]
Status = Literal["covered", "partial", "planned", "skipped"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True)


class LineLabel(_Result):
    """What one line does, as an engine sees it. Step and item ids are the guide's."""

    line: int
    speaker: str | None = None
    steps: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    tone: Tone = "neutral"
    category: str | None = None
    severity: Severity | None = None
    range: SettledRange | None = None
    planned: tuple[str, ...] = ()
    """Steps the line only means to get to later."""
    likely: tuple[str, ...] = ()
    """Those of ``steps`` the engine is not sure of; alone they never make a step covered."""


class Evidence(_Result):
    """A quote with its place; ``quote`` equals ``document.text[start:end]``."""

    quote: str
    line: int
    start: int
    end: int
    speaker: str | None = None
    items: tuple[str, ...] = ()


class StepResult(_Result):
    """One step of the guide: how far the conversation got with it."""

    id: str
    title: str
    status: Status
    evidence: tuple[Evidence, ...] = ()
    planned: tuple[Evidence, ...] = ()
    """Where it was only meant to be talked about."""
    missing: tuple[str, ...] = ()
    """Items that nothing was found for."""
    questions: tuple[str, ...] = ()
    """What to ask next."""


class SourceInfo(_Result):
    """Which text was read."""

    name: str
    kind: Literal["notes", "transcript"]
    lines: int
    sha256: str


class EngineInfo(_Result):
    """Who labelled it."""

    name: str
    model: str


class StepMap(_Result):
    """The map of one document: every line's labels, every step's status, every finding."""

    schema_: Literal["coach.map/1"] = Field(default="coach.map/1", alias="schema")
    source: SourceInfo
    guide: str
    engine: EngineInfo
    lines: tuple[LineLabel, ...]
    steps: tuple[StepResult, ...]
    findings: tuple[Finding, ...] = ()
