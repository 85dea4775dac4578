"""Answers: what a model is asked to reply, as types. Lines by number, never by their text.

The classes here are what code works with. What travels to a server is their narrower form for one
guide (``map_answer``, ``draft_answer``), where every id is one of the guide's own. Names sort into
the order in which they stand, since some servers write keys in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, create_model

from coach.finding import Severity
from coach.guide import Guide, SettledRange, Step
from coach.plan import IndicatorKind, Who

CATEGORIES = "threat blame command label comparison pip surveillance dismissal".split()


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    essential: ClassVar[tuple[str, ...]] = ()
    """Lists without which the rest would be taken for more than it says (``salvage``)."""


# -- the map ---------------------------------------------------------------------------------------


class WorkingLine(_Answer):
    """A line that does a step's work, by the items it serves."""

    line: int
    items: list[str]


class LaterLine(_Answer):
    """A line that only means to get to a step another time."""

    line: int
    step: str


class RangeLine(_Answer):
    """A line that settles how free the employee is in something."""

    line: int
    range: SettledRange


class SharpLine(_Answer):
    """A line of the manager's that sounds punitive."""

    line: int
    category: str
    severity: Severity


class MapAnswer(_Answer):
    """Every line that carries something; all others are left out."""

    essential = ("does", "later", "ranges", "sharp")

    does: list[WorkingLine]
    later: list[LaterLine]
    ranges: list[RangeLine]
    sharp: list[SharpLine]
    warm: list[int]
    """Lines of the manager's that thank, praise, reassure or offer help."""


@lru_cache(maxsize=8)
def map_answer(guide: Guide) -> type[MapAnswer]:
    """The map's answer in the words of this guide."""
    items: Any = _one_of(item.id for step in guide.steps for item in step.items)
    working: Any = create_model(
        "WorkingLine", __base__=WorkingLine, __doc__=WorkingLine.__doc__, items=(list[items], ...)
    )
    later: Any = create_model(
        "LaterLine",
        __base__=LaterLine,
        __doc__=LaterLine.__doc__,
        step=(_one_of(guide.step_ids), ...),
    )
    sharp: Any = create_model(
        "SharpLine",
        __base__=SharpLine,
        __doc__=SharpLine.__doc__,
        category=(_one_of(CATEGORIES), ...),
    )
    narrowed: type[MapAnswer] = _narrowed(
        MapAnswer, does=list[working], later=list[later], sharp=list[sharp]
    )
    return narrowed


def _one_of(names: Iterable[str]) -> Any:
    return Literal[tuple(names)]


def _narrowed(answer: type[_Answer], **fields: Any) -> Any:
    """The answer with narrower types for these fields."""
    given: dict[str, Any] = {name: (type_, ...) for name, type_ in fields.items()}
    return create_model(answer.__name__, __base__=answer, __doc__=answer.__doc__, **given)


# -- the draft -------------------------------------------------------------------------------------


class EntryAnswer(_Answer):
    """One entry of a plan: the lines it rests on, and its wording."""

    lines: list[int]
    text: str


class WorkAnswer(EntryAnswer):
    """A duty or piece of work."""

    new: bool
    priority: Literal["first", "later"] | None


class IndicatorAnswer(_Answer):
    """One way to know that it went well."""

    kind: IndicatorKind
    text: str


class SuccessAnswer(EntryAnswer):
    """What great looks like for one thing."""

    due: str | None
    indicators: list[IndicatorAnswer]


class ViewAnswer(_Answer):
    """What one side said about who decides, where the two differ."""

    line: int
    range: SettledRange
    who: Who


class DecisionAnswer(EntryAnswer):
    """A decision, and how free the employee is in it."""

    path: str | None
    range: Literal["do", "do_then_tell", "consult_then_do", "ask_first", "not_discussed"]
    reason: str | None
    terms: str | None
    views: list[ViewAnswer]


class GoalAnswer(EntryAnswer):
    """A development goal."""

    chosen: bool
    resources: list[str]


class LessonAnswer(EntryAnswer):
    """What missed, and what was learned from it."""


class StrengthAnswer(EntryAnswer):
    """What went well."""


class GrowthAnswer(_Answer):
    """The development step."""

    goals: list[GoalAnswer]
    lessons: list[LessonAnswer]
    strengths: list[StrengthAnswer]


class NeedAnswer(EntryAnswer):
    """What one side needs from the other, and what was answered."""

    response: str | None
    who: Who


class FeedbackAnswer(EntryAnswer):
    """What the employee said about the manager's leading."""

    response: str | None


class SupportAnswer(_Answer):
    """The support step: feedback to the manager, needs of both."""

    feedback: list[FeedbackAnswer]
    needs: list[NeedAnswer]


class QuestionAnswer(_Answer):
    """Something still to agree, asked in the notes' own terms."""

    step: str
    text: str


class FactsAnswer(_Answer):
    """What the document says of itself, as written there; null where it does not."""

    date: str | None
    next_checkpoint: str | None
    period: str | None


class DraftAnswer(_Answer):
    """A plan: one field for each step, named by the step's id."""

    facts: FactsAnswer
    questions: list[QuestionAnswer]


_OF_STEP: dict[str, Any] = {
    "statements": list[EntryAnswer],
    "responsibilities": list[WorkAnswer],
    "success": list[SuccessAnswer],
    "autonomy": list[DecisionAnswer],
    "development": GrowthAnswer,
    "needs": SupportAnswer,
}


@lru_cache(maxsize=8)
def draft_answer(guide: Guide) -> type[DraftAnswer]:
    """The draft's answer for this guide: what each of its steps produces."""
    question: Any = _narrowed(QuestionAnswer, step=_one_of(guide.step_ids))
    fields = {field_of(step): _OF_STEP[step.produces] for step in guide.steps}
    narrowed: type[DraftAnswer] = _narrowed(DraftAnswer, questions=list[question], **fields)
    return narrowed


def field_of(step: Step) -> str:
    """The field of a draft answer that holds this step's entries."""
    return f"step_{step.id}"


# -- a rewording -----------------------------------------------------------------------------------


class RewordAnswer(_Answer):
    """The same facts, said so that two people can agree; null where that is not possible."""

    reason: str
    wording: str | None
