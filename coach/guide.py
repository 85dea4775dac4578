"""Guide: a framework as data. Steps, what belongs in each, what to ask, what each produces."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

EntryKind = Literal[
    "statement", "responsibility", "success", "autonomy", "strength", "lesson", "goal", "need"
]
Produces = Literal["statements", "responsibilities", "success", "autonomy", "development", "needs"]
SettledRange = Literal["do", "do_then_tell", "consult_then_do", "ask_first"]
Range = Literal["do", "do_then_tell", "consult_then_do", "ask_first", "not_discussed"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Item(_Data):
    """One thing a step can hold: a help for the conversation, never a form to fill."""

    id: str
    """Unique in its step; written in full, ``success.measurable``, once loaded."""
    text: str
    """What must be there."""
    question: str
    """An open question that would bring it up; ``$employee`` stands for the person's name."""
    cues: tuple[str, ...] = ()
    """Words or short phrases, lower case, that speak for it; used where no model is trained."""
    examples: tuple[str, ...] = ()
    """Lines as people write or say them that do this item's work."""


class Step(_Data):
    """One step of the framework."""

    id: str
    title: str
    heading: str
    """The section's title in the plan."""
    objective: str
    produces: Produces = "statements"
    result: str
    """What the step leaves behind, in words."""
    items: tuple[Item, ...]

    def item(self, full_id: str) -> Item:
        """The item with this full id."""
        return next(item for item in self.items if item.id == full_id)


class RangeLabel(_Data):
    """How one range of decision freedom is called, and where the name comes from."""

    id: SettledRange
    label: str
    meaning: str
    origin: Literal["source", "ours", "user"] = "user"


class Guide(_Data):
    """A framework: its steps in order, its ranges, where it comes from."""

    id: str
    title: str
    plan_title: str
    """Title of a drafted plan, before the employee's name."""
    source: str
    """Whose work the framework is; shown wherever the guide is."""
    about: str
    cadence: str
    principles: tuple[str, ...]
    steps: tuple[Step, ...]
    ranges: tuple[RangeLabel, ...]

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        """In guide order."""
        return tuple(step.id for step in self.steps)

    def step(self, step_id: str) -> Step:
        """The step with this id."""
        return next(step for step in self.steps if step.id == step_id)

    def range_label(self, range_: Range) -> str:
        """What people call this range."""
        return next((known.label for known in self.ranges if known.id == range_), "not discussed")
