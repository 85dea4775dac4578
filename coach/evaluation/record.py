"""The run record: what was asked, what came out case by case, the scores, the gates. Frozen.

A file of ``--save`` is JSON lines: a ``RunHeader``, then an ``Outcome`` for each case and repeat.
``Report`` is header, outcomes and all that is counted from them; ``--json`` prints it, and the
renderers read it. Nothing in it depends on the clock: the same run gives the same bytes.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from coach.evaluation.case import Label, Task
from coach.evaluation.suite import EngineName, Gate
from coach.guide import Range
from coach.mapping import LineLabel, Status

Mode = Literal["offline", "replay", "record", "live"]
"""``offline``: the embedded engine. The others: where the llm engine's answers came from."""
Truth = Literal["lines", "tone"]
"""What an author labelled: all that lines do, or which lines are punitive."""
Verdict = Literal["better", "worse", "same", "cannot tell"]
"""``same``: not one case differs. ``cannot tell``: the interval of the difference holds zero."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)


class Count(NamedTuple):
    """What a case adds to a measure: right, said and wanted, before any ratio is taken."""

    right: int
    said: int
    wanted: int


class Line(_Record):
    """A line that an author or the engine said something about."""

    line: int
    speaker: str | None = None
    text: str
    wanted: Label | None = None
    """None where nobody labelled the case; a label that holds nothing: the line does nothing."""
    said: LineLabel | None = None
    """None where the engine gave no answer."""
    flagged: tuple[tuple[int, int], ...] = ()
    """Start and end in ``text`` of the words that were flagged, in code points."""

    @field_serializer("wanted", "said")
    def _shortest(self, label: LineLabel | None) -> dict[str, Any] | None:
        """Without what is as in a line that does nothing: most of a record is that."""
        return None if label is None else label.model_dump(mode="json", exclude_defaults=True)

    def differs(self, truth: Truth | None) -> bool:
        """Whether steps, tone or range are not as wanted; of labels of tone alone, tone."""
        if self.wanted is None or truth is None:
            return False
        said = self.said or LineLabel(line=self.line)
        tone = (said.tone == "punitive") != (self.wanted.tone == "punitive")
        if truth == "tone":
            return tone
        return tone or {*said.steps} != {*self.wanted.steps} or said.range != self.wanted.range


class StepOutcome(_Record):
    """A step's status as wanted and as said."""

    id: str
    wanted: Status | None = None
    said: Status | None = None
    asked: bool = False
    """Whether a question is asked for it."""


class PlanEntry(_Record):
    """An entry of the plan."""

    step: str
    kind: str
    text: str
    range: Range | None = None
    views: int = 0
    lines: tuple[int, ...] = ()
    """The lines it rests on."""


class Check(_Record):
    """One expectation, and whether it held."""

    name: str
    """``covered: success``, ``punitive: 4``."""
    passed: bool
    found: str = ""
    """What was there instead, ``partial``."""


class Failure(_Record):
    """Why a case has no result. It counts as missed in everything that was wanted."""

    cause: str
    """``refusal``, ``truncated``, ``schema_ignored``, ``input``, ...: the error's code or kind."""
    message: str


class Spent(_Record):
    """What the answers to a case took."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    seconds: float = 0.0
    """Of waiting for the server, when the answers were recorded."""


class Outcome(_Record):
    """A case as it went."""

    case: str
    repeat: int = 1
    tags: tuple[str, ...] = ()
    task: Task
    name: str
    """Of the source."""
    failure: Failure | None = None
    checks: tuple[Check, ...] = ()
    steps: tuple[StepOutcome, ...] = ()
    truth: Truth | None = None
    lines: tuple[Line, ...] = ()
    size: int = 0
    """Lines that can be evidence."""
    quotes: tuple[int, int] = (0, 0)
    """Pieces of evidence that stand in the source, and all of them."""
    entries: tuple[PlanEntry, ...] = ()
    twins: Count | None = None
    """Lines labelled as in the case that this should be the same as; counted as a run is scored."""
    spent: Spent | None = None
    """None where no server was asked."""


class RunHeader(_Record):
    """What a run was made of. Runs may be resumed only under an equal header."""

    schema_: Literal["coach.eval.run/1"] = Field(default="coach.eval.run/1", alias="schema")
    suite: str
    suite_sha256: str
    """Of suite.yaml and every file that it names."""
    coach: str
    """Version."""
    engine: EngineName
    model: str
    fingerprint: str
    """Of what answers: the model's files and the rules and guides, or the prompts and the
    endpoint's parameters with them."""
    mode: Mode = "offline"
    cases: tuple[str, ...]
    """Ids of those selected, in the suite's order."""
    repeats: int = 1
    parts: tuple[str, ...] = ()


class Score(_Record):
    """A figure with its 95 % interval."""

    id: str
    """``steps.f1``."""
    title: str
    """For people: ``step F1``."""
    tag: str | None = None
    value: float | None
    """None where nothing was there to be counted."""
    low: float | None = None
    high: float | None = None
    count: Count
    cases: int
    """How many cases stand behind it."""
    per: int = 1
    """The value is so many in this many: 1,000 for false alarms."""
    better: Literal["more", "less"] = "more"
    listed: bool = True
    """Whether tables show it."""
    ceiling: float | None = None
    """The same figure for a second annotator against the first, where there is one."""
    ceiling_cases: int = 0
    """How many cases were labelled twice."""


class GateResult(_Record):
    """A gate, and whether it was kept."""

    gate: Gate
    passed: bool
    value: float | None = None
    why: str
    """A sentence for people."""


class Remark(_Record):
    """A drafted entry that a judge says holds more than its lines."""

    case: str
    text: str


class Opinion(_Record):
    """What a model says of the drafted entries: whether they say more than their lines."""

    model: str
    entries: int
    more: int
    """Of these entries, the ones that say more."""
    low: float | None = None
    high: float | None = None
    unanswered: int = 0
    """Further entries: not recorded, or no usable answer."""
    examples: int = 0
    kappa: float | None = None
    """Cohen's, on so many examples that a person judged; None where one always says the same."""
    kappa_low: float | None = None
    kappa_high: float | None = None
    remarks: tuple[Remark, ...] = ()


class Report(_Record):
    """A run with all that is counted from it."""

    schema_: Literal["coach.eval/1"] = Field(default="coach.eval/1", alias="schema")
    run: RunHeader
    scores: tuple[Score, ...]
    """Part by part, in the order of the table."""
    gates: tuple[GateResult, ...] = ()
    unjudged: int = 0
    """Gates of this engine that speak of cases which were not run."""
    failures: dict[str, int] = {}
    """Cases without a result, by cause."""
    flips: Score | None = None
    """Share of cases that did not come out the same in every repeat; None for one repeat."""
    spent: Spent | None = None
    cost: str | None = None
    """In words; ``price unknown`` is never zero."""
    latency: tuple[float, float] | None = None
    """Seconds a case, median and 95th percentile, as recorded."""
    opinion: Opinion | None = None
    """Of a judge, where one was asked; it warns and never gates."""
    complete: bool = True
    """Whether every selected case and repeat has an outcome."""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every gate was kept."""
        return all(result.passed for result in self.gates)


class Difference(_Record):
    """A score of two runs on the same cases."""

    id: str
    title: str
    tag: str | None = None
    before: float
    after: float
    difference: float
    low: float
    high: float
    detectable: float
    """The smallest difference that these cases would show four times out of five."""
    cases: int
    changed: int
    """Cases in which the two differ at all."""
    better: Literal["more", "less"] = "more"
    per: int = 1
    listed: bool = True
    verdict: Verdict


class ChangedCase(_Record):
    """A case that came out otherwise, the worst first."""

    case: str
    repaired: int
    """Labels, statuses and checks that were wrong and are right now."""
    broken: int
    notes: tuple[str, ...] = ()
    """What changed, a line each: ``covered: success now fails, found partial``."""


class Comparison(_Record):
    """Two runs side by side."""

    schema_: Literal["coach.eval.compare/1"] = Field(default="coach.eval.compare/1", alias="schema")
    before: RunHeader
    after: RunHeader
    differences: tuple[Difference, ...]
    changed: tuple[ChangedCase, ...] = ()
    only_before: tuple[str, ...] = ()
    """Cases that stand in one run only; they are in none of the differences."""
    only_after: tuple[str, ...] = ()
