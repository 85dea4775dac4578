"""Plan: what a conversation settled, section by section, each entry with its evidence. Pure.

What no one said is never an entry: it is an open question. The plan can be shared with the
employee; nothing of the review (gaps, tone) stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from coach.document import Document
from coach.finding import Finding
from coach.guide import Range
from coach.mapping import EngineInfo, Evidence, LeftOut, SourceInfo, StepMap, stands

Provenance = Literal["stated", "inferred", "suggested"]
IndicatorKind = Literal["quality", "measurable", "behaviour", "communication"]
Who = Literal["employee", "manager"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Entry(_Data):
    text: str
    """In the notes' own words, cleaned of bullets and lead-ins."""
    provenance: Provenance = "stated"
    evidence: tuple[Evidence, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """The line numbers it rests on, in order, each once."""
        return tuple(sorted({piece.line for piece in self.evidence}))


class Statement(_Entry):
    """Something said that belongs to the step: an aim, a reason, an agreement."""

    kind: Literal["statement"] = "statement"


class Responsibility(_Entry):
    """A duty or piece of work, and its place in the order."""

    kind: Literal["responsibility"] = "responsibility"
    priority: Literal["first", "later"] | None = None
    new: bool = False


class Indicator(_Data):
    """One way to know that it went well."""

    kind: IndicatorKind
    text: str


class SuccessDefinition(_Entry):
    """What great looks like for one thing: how one will know, and when."""

    kind: Literal["success"] = "success"
    indicators: tuple[Indicator, ...] = ()
    due: str | None = None
    """As written."""
    due_date: str | None = None
    """ISO date, where the notes' own date has a year to count from."""


class View(_Data):
    """What one side said about who decides, where the two sides differ."""

    who: str
    range: Range
    line: int


class Decision(_Entry):
    """A decision or responsibility, and how free the employee is in it."""

    kind: Literal["autonomy"] = "autonomy"
    range: Range = "not_discussed"
    terms: str | None = None
    """The words that settle it, with their limits, where ``text`` does not hold them."""
    reason: str | None = None
    views: tuple[View, ...] = ()
    path: str | None = None
    """The way to more freedom, where one was named."""


class Strength(_Entry):
    """What went well."""

    kind: Literal["strength"] = "strength"


class Lesson(_Entry):
    """What missed, and what was learned from it."""

    kind: Literal["lesson"] = "lesson"


class Goal(_Entry):
    """A development goal; at most three of a plan are chosen."""

    kind: Literal["goal"] = "goal"
    resources: tuple[str, ...] = ()
    chosen: bool = True


class Need(_Entry):
    """What one side needs from the other, and what was answered."""

    kind: Literal["need"] = "need"
    who: Who
    """Whose need it is."""
    response: str | None = None


class Feedback(_Entry):
    """What the employee said about the manager's own leading."""

    kind: Literal["feedback"] = "feedback"
    response: str | None = None


Entry = Annotated[
    Statement
    | Responsibility
    | SuccessDefinition
    | Decision
    | Strength
    | Lesson
    | Goal
    | Need
    | Feedback,
    Field(discriminator="kind"),
]


class Section(_Data):
    """The entries of one step."""

    step: str
    title: str
    entries: tuple[Entry, ...] = ()


class OpenQuestion(_Data):
    """Something still to agree."""

    step: str
    question: str
    planned: bool = False
    """Whether the notes already mean to come back to it."""


class Plan(_Data):
    """A draft to edit: sections in guide order, and what is still to agree."""

    guide: str
    employee: str | None = None
    manager: str | None = None
    date: str | None = None
    """Of the conversation, as written."""
    period: str | None = None
    sections: tuple[Section, ...]
    open_questions: tuple[OpenQuestion, ...] = ()
    next_checkpoint: str | None = None
    left_out: LeftOut = Field(default=LeftOut(), exclude=True)
    """On its way to the review, which alone tells it."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all was found to put into it."""
        return not any(section.entries for section in self.sections)

    def grounded_in(self, document: Document, *, without: Iterable[Finding] = ()) -> Plan:
        """The plan without entries that do not stand in the document.

        An entry stays only if every piece of its evidence equals its slice of the text and none
        overlaps flagged words; a question only if it repeats none: nothing in a plan comes from a
        punitive line as it stands.
        """
        findings = list(without)
        flagged = [(finding.start, finding.end) for finding in findings]
        sharp = [finding.quote.casefold() for finding in findings]
        sections = tuple(
            section.model_copy(
                update={
                    "entries": tuple(
                        entry for entry in section.entries if _stands(entry, document, flagged)
                    )
                }
            )
            for section in self.sections
        )
        questions = tuple(
            asked
            for asked in self.open_questions
            if not any(quote in asked.question.casefold() for quote in sharp)
        )
        return self.model_copy(update={"sections": sections, "open_questions": questions})


def _stands(entry: _Entry, document: Document, flagged: list[tuple[int, int]]) -> bool:
    return bool(entry.evidence) and all(
        stands(piece, document)
        and not any(piece.start < end and start < piece.end for start, end in flagged)
        for piece in entry.evidence
    )


class PlanFile(_Data):
    """A plan on its own, to be shared: nothing of the review stands in it."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    schema_: Literal["coach.plan/1"] = Field(default="coach.plan/1", alias="schema")
    source: SourceInfo
    guide: str
    engine: EngineInfo
    plan: Plan


class Draft(StepMap):
    """A map together with the plan drafted from it."""

    schema_: Literal["coach.draft/1"] = Field(default="coach.draft/1", alias="schema")
    plan: Plan

    @property
    def shared(self) -> PlanFile:
        """What the employee may see."""
        return PlanFile(source=self.source, guide=self.guide, engine=self.engine, plan=self.plan)

    @property
    def private(self) -> StepMap:
        """What is the manager's alone."""
        kept = {name: getattr(self, name) for name in StepMap.model_fields if name != "schema_"}
        return StepMap(**kept)
