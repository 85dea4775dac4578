"""The llm engine: any OpenAI-compatible endpoint behind the same verbs as the embedded one.

A model says by line number what lines do and what to draft from them; code cuts the quotes, judges
the statuses and keeps only entries that stand in the lines. Names leave as placeholders.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any, cast

from pydantic import BaseModel

from coach.document import Document
from coach.engines.llm.answers import DraftAnswer, RewordAnswer
from coach.engines.llm.asking import draft_questions, label_questions, reword_question
from coach.engines.llm.client import Client, Question, Reply
from coach.engines.llm.drafting import draft_faults, plan_of
from coach.engines.llm.entries import Grounds, inoffensive
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.labelling import Told, findings_of, labels_of
from coach.engines.llm.pseudonyms import Person, Pseudonyms
from coach.engines.llm.question import T
from coach.engines.llm.support import provenance_of, unsupported
from coach.finding import Finding
from coach.guide import Guide
from coach.mapping import EngineInfo, StepMap, assemble
from coach.plan import Plan
from coach.tone import rules_by_category


class Reading:
    """A document as the model reads it, and the way back to the names."""

    def __init__(self, document: Document, *, people: Sequence[Person], hide: bool) -> None:
        self._pseudonyms = Pseudonyms.of(document, people) if hide else None
        self.document = self._pseudonyms.hidden(document) if self._pseudonyms else document

    def show(self, text: str) -> str:
        """The text with names again."""
        return self._pseudonyms.show(text) if self._pseudonyms else text

    @cached_property
    def left(self) -> tuple[str, ...]:
        """Capitalised words that were not recognised, and leave as they are."""
        return self._pseudonyms.left(self.document.text) if self._pseudonyms else ()


class LlmEngine:
    """Labels, drafts and rewords with a model behind an endpoint.

    Args:
        client: whom to ask.
        people: names to hide beside those that the document itself shows.
        pseudonyms: whether names are hidden at all.
        language: what to write in; None for the language of the notes.
    """

    def __init__(
        self,
        client: Client,
        *,
        people: Sequence[Person] = (),
        pseudonyms: bool = True,
        language: str | None = None,
    ) -> None:
        self._client = client
        self._people = people
        self._hide = pseudonyms
        self._language = language

    def reading(self, document: Document) -> Reading:
        """The document as it would be read by the model."""
        return Reading(document, people=self._people, hide=self._hide)

    def label_requests(self, document: Document, guide: Guide) -> list[Question[Any]]:
        """What ``label`` asks, without asking it."""
        read = self.reading(document).document
        return [one.question for one in label_questions(read, guide, self._client.endpoint)]

    def label(self, document: Document, guide: Guide) -> StepMap:
        """The map of the document, with the findings that the model saw.

        Raises:
            EndpointError: a part of the document was not answered; no part is left out in silence.
        """
        read = self.reading(document).document
        asked = label_questions(read, guide, self._client.endpoint)
        replies = self._client.ask_all([one.question for one in asked])
        told = [
            Told(tuple(document.line(line.number) for line in one.window.lines), answer)
            for one, answer in zip(asked, _usable(replies), strict=True)
        ]
        labels = labels_of(guide, told)
        wrong = [reply for reply in replies if isinstance(reply, EndpointError)]
        if wrong and not labels and any(one.answer.does for one in told):
            raise wrong[0]  # nothing in it held: that says nothing about the notes
        return assemble(
            document,
            guide,
            labels=labels,
            engine=EngineInfo(name="llm", model=self._client.endpoint.model),
            findings=findings_of(told),
        )

    def draft(self, document: Document, guide: Guide, steps: StepMap) -> Plan:
        """The plan that the document holds, every entry with its evidence."""
        reading = self.reading(document)
        grounds = Grounds(
            read=reading.document,
            document=document,
            steps=steps,
            show=reading.show,
            translated=self._language is not None,
        )
        questions = draft_questions(
            reading.document,
            guide,
            steps.lines,
            endpoint=self._client.endpoint,
            language=self._language,
            check=partial(_draft_faults, guide, grounds),
        )
        return plan_of(_usable(self._client.ask_all(questions)), guide, grounds)

    def reword(self, document: Document, findings: Sequence[Finding]) -> list[str | None]:
        """For each finding how to say it instead; None where nothing should be, or could be."""
        reading = self.reading(document)
        open_ = [at for at, finding in enumerate(findings) if _may_be_reworded(finding)]
        questions = [
            reword_question(
                reading.document,
                findings[at],
                endpoint=self._client.endpoint,
                language=self._language,
                check=partial(_wording_faults, reading.document, findings[at]),
            )
            for at in open_
        ]
        found: list[str | None] = [None] * len(findings)
        for at, reply in zip(open_, self._client.ask_all(questions), strict=True):
            if isinstance(reply, Reply) and reply.value.wording:
                wording = reply.value.wording.strip()
                if not _wording_faults(reading.document, findings[at], reply.value):
                    found[at] = reading.show(wording)
        return found


def _usable(replies: Sequence[Reply[T] | EndpointError]) -> list[T]:
    """The answers; what was answered before a failure is in the cache.

    An answer that was not mended when it was told what is wrong is taken all the same: what does
    not hold in it is left out afterwards.

    Raises:
        EndpointError: one of the questions has no answer.
    """
    failures = [
        reply
        for reply in replies
        if isinstance(reply, EndpointError) and not isinstance(reply.value, BaseModel)
    ]
    if failures:
        raise next((one for one in failures if one.kind != "cancelled"), failures[0])
    return [cast("T", reply.value) for reply in replies]


def _draft_faults(guide: Guide, grounds: Grounds, answer: DraftAnswer) -> Sequence[str]:
    return draft_faults(answer, guide, grounds)


def _may_be_reworded(finding: Finding) -> bool:
    """Nothing is offered for what reads as formal discipline, nor where a rule has a wording."""
    rule = rules_by_category()[finding.category]
    formal = finding.rule != rule.id or (finding.severity == "high" and rule.advice_when_high)
    return not finding.suggestion and not formal


def _wording_faults(document: Document, finding: Finding, answer: RewordAnswer) -> Sequence[str]:
    """A wording may bring nothing of its own, and has to pass the tone rules itself."""
    if not answer.wording:
        return ()
    number = finding.line
    near = [line.text for line in document.lines[max(0, number - 4) : number + 2]]
    missing = list(unsupported(answer.wording, near))
    if not missing and provenance_of(answer.wording, near) is None:
        missing = ["most of it"]
    faults = [f"wording: {word} stands in none of the lines" for word in missing]
    if not inoffensive(answer.wording):
        faults.append("wording: it sounds punitive itself")
    return faults
