"""Case: one source, what is known about it, and what has to hold of the result."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
    model_validator,
)

from coach.guide import Range, SettledRange
from coach.mapping import LineLabel, Status

Task = Literal["tone", "map", "draft"]
"""How far a case is taken: the tone check alone, the map, or the map and the plan."""
Category = Literal[
    "threat", "blame", "command", "label", "comparison", "pip", "surveillance", "dismissal"
]
PUNITIVE: frozenset[str] = frozenset(get_args(Category))
"""Kinds of finding that make a line punitive; others speak of a whole document."""
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
"""Lower-case letters, digits, ``-`` and ``_``: safe in a file's name."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Expectations(_Data):
    """What has to hold, in short; each value is one check that passes or fails.

    Steps are ids of the guide, lines are 1-based lines of the source as coach reads it
    (``coach inspect``). Words are looked for in any case, anywhere in the text.
    """

    covered: tuple[str, ...] = ()
    """Steps whose status is exactly this."""
    partial: tuple[str, ...] = ()
    planned: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()
    """Steps that must not be called covered; any other status will do."""
    not_skipped: tuple[str, ...] = ()
    """Steps that must be found: covered or partial."""
    punitive: Literal["none"] | tuple[int, ...] | dict[int, Category] | None = None
    """All the lines that are punitive and no other: ``none``, ``[4, 7]``, or ``{4: threat}``."""
    not_punitive: tuple[int, ...] = ()
    """Lines that must not be flagged."""
    finds: tuple[str, ...] = ()
    """Kinds of finding that are made somewhere, ``over_softened``."""
    formal: bool | None = None
    """Whether formal discipline is recognised as such: said, and not softened."""
    steps: dict[int, tuple[str, ...]] = {}
    """Steps that a line serves, all of them; ``[]`` for none."""
    ranges: dict[int, SettledRange] = {}
    """The range that a line settles."""
    decisions: dict[str, Range] = {}
    """Words of an entry of the autonomy map, and its range."""
    two_views: tuple[str, ...] = ()
    """Words of entries of the autonomy map that keep what both sides said."""
    entries: dict[str, int] = {}
    """How many entries a step's section of the plan has."""
    plan_holds: tuple[str, ...] = ()
    """Words that stand in the plan's entries."""
    plan_lacks: tuple[str, ...] = ()
    """Words that stand in none of them."""
    asks: tuple[str, ...] = ()
    """Steps that a question is asked for."""
    same_as: Name | None = None
    """A case with the same lines in other words: labels and statuses must be the same."""
    refused: Literal["input"] | None = None
    """The source is refused with this kind of error, and not read."""

    @field_validator("punitive", mode="wrap")
    @classmethod
    def _told_once(cls, value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
        """One fault, not one for each of the three forms."""
        try:
            return validate(value)
        except ValidationError:
            raise ValueError(
                "must be 'none', a list of lines, [4, 7], or lines with their kind, {4: threat}; "
                f"kinds: {', '.join(get_args(Category))}"
            ) from None

    @property
    def needs_plan(self) -> bool:
        """Whether any of it can only be seen in a plan."""
        return bool(
            self.decisions or self.two_views or self.entries or self.plan_holds or self.plan_lacks
        )


class Case(_Data):
    """One example of a suite. Give ``input`` (a file beside suite.yaml) or ``text``."""

    id: Name
    about: str = ""
    """Why the case is here, in a line."""
    input: str | None = None
    """Path of the source, ``inputs/raise.md``."""
    text: str | None = None
    """The source itself, where it is short."""
    labels: str | None = None
    """Path of its labels line by line, ``labels/raise.jsonl``; every figure is counted on them."""
    second: str | None = None
    """Path of another annotator's labels: how far two people agree is the ceiling."""
    task: Task | None = None
    """The suite's, where the case gives none."""
    guide: str | None = None
    """The suite's, where the case gives none."""
    manager: str | None = None
    """The manager's voice in a transcript, where it is not plain."""
    employee: str | None = None
    tags: tuple[Name, ...] = ()
    expect: Expectations = Expectations()

    @model_validator(mode="after")
    def _one_source(self) -> Case:
        if (self.input is None) == (self.text is None):
            raise ValueError("give either input, a file, or text, the source itself")
        if self.text is not None and self.labels is None and self.expect == Expectations():
            raise ValueError("nothing is expected of it: add expect or labels")
        return self


class Label(LineLabel):
    """What an author says a line does; lines that do nothing need no label."""

    quote: str | None = None
    """The punitive words, where only part of the line is."""


class Labels(BaseModel):
    """A file of labels, JSON lines: a record a line, and one for the whole document.

    ``{"line": 7, "steps": ["success"], "items": ["success.measurable"]}``,
    ``{"line": 9, "tone": "punitive", "category": "blame", "severity": "high", "quote": "..."}``,
    ``{"coverage": {"purpose": "skipped", ...}}``.
    """

    model_config = ConfigDict(frozen=True)

    lines: tuple[Label, ...]
    coverage: dict[str, Status] = {}
    """The status of each step as a person judged it; a step that is not named is not counted."""
