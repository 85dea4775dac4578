"""The llm engine: any OpenAI-compatible endpoint behind the same verbs as the embedded one.

A model says by line number what lines do and what to draft from them; code cuts the quotes, judges
the statuses and keeps only entries that stand in the lines. Names leave as placeholders.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any

from coach.document import Document, told_of_orders
from coach.engines import Aloud
from coach.engines.llm.answers import DraftAnswer, RewordAnswer
from coach.engines.llm.asking import Asked, draft_questions, label_questions, reword_question
from coach.engines.llm.client import Client, Question, Reply
from coach.engines.llm.drafting import draft_faults, plan_of
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.entries import Grounds, inoffensive
from coach.engines.llm.failures import EndpointError
from coach.engines.llm.labelling import Told, findings_of, labels_of, refused
from coach.engines.llm.playing import OUT_OF_ROLE, persona_question, talk_of
from coach.engines.llm.pseudonyms import Person, Pseudonyms, UnknownPlaceholder
from coach.engines.llm.question import T
from coach.engines.llm.role import PersonaAnswer, spoken
from coach.engines.llm.speaking import Speaking
from coach.engines.llm.support import provenance_of, unsupported
from coach.finding import Finding
from coach.guide import Guide, load_guide
from coach.mapping import EngineInfo, LeftOut, StepMap, assemble
from coach.plan import Plan
from coach.rehearsal import Session, written_reply
from coach.tone import load_rules, rules_by_category

TONE_GUIDE = "isp"
"""In the light of which the tone of a text is asked for, where no guide is at hand."""


class Reading:
    """A document as the model reads it, and the way back to the names."""

    def __init__(self, document: Document, *, people: Sequence[Person], hide: bool) -> None:
        self._pseudonyms = Pseudonyms.of(document, people) if hide else None
        self.document = self._pseudonyms.hidden(document) if self._pseudonyms else document
        self._asked: tuple[Guide, list[Asked]] | None = None

    def asked(self, guide: Guide, endpoint: Endpoint) -> list[Asked]:
        """What to ask about each line; kept, for one document may be put to a model many times."""
        if self._asked is None or self._asked[0] is not guide:
            self._asked = (guide, label_questions(self.document, guide, endpoint))
        return self._asked[1]

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
        tell: hears, in a sentence without any text of the notes, what the user should know.
    """

    def __init__(
        self,
        client: Client,
        *,
        people: Sequence[Person] = (),
        pseudonyms: bool = True,
        language: str | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._client = client
        self._people = people
        self._hide = pseudonyms
        self._language = language
        self._tell = tell
        self._read: tuple[Document, Reading] | None = None

    def reading(self, document: Document) -> Reading:
        """The document as it would be read by the model; the last one is kept."""
        kept = self._read
        if kept is None or kept[0] is not document:
            kept = (document, Reading(document, people=self._people, hide=self._hide))
            self._read = kept
        return kept[1]

    def label_requests(self, document: Document, guide: Guide) -> list[Question[Any]]:
        """What ``label`` asks, without asking it."""
        reading = self.reading(document)
        self._tell_of_orders(reading.document)
        return [one.question for one in reading.asked(guide, self._client.endpoint)]

    def _tell_of_orders(self, read: Document) -> None:
        """Say which lines carry nothing because they were written for a machine."""
        if self._tell and (told := told_of_orders(read)):
            self._tell(told)

    def label(self, document: Document, guide: Guide) -> StepMap:
        """The map of the document, with the findings that the model saw.

        Raises:
            EndpointError: a part of the document was not answered; no part is left out in silence.
        """
        reading = self.reading(document)
        self._tell_of_orders(reading.document)
        asked = reading.asked(guide, self._client.endpoint)
        replies = _answered(self._client.ask_all([one.question for one in asked]))
        told = [
            Told(tuple(document.line(line.number) for line in one.window.lines), reply.value)
            for one, reply in zip(asked, replies, strict=True)
        ]
        labels = labels_of(guide, told)
        lost = sum(reply.left_out for reply in replies)
        vain = sum(refused(one, guide) for one in told)
        if not labels and (lost or (vain and any(one.answer.does for one in told))):
            # nothing in it held: that says nothing about the notes
            raise EndpointError("failed_checks", self._client.endpoint)
        return assemble(
            document,
            guide,
            labels=labels,
            engine=EngineInfo(name="llm", model=self._client.endpoint.model),
            findings=findings_of(told),
            left_out=LeftOut(labels=vain, malformed=lost),
        )

    def listen(self, document: Document) -> tuple[Finding, ...]:
        """What the model calls punitive when it maps the document: a map and this ask the same.

        Raises:
            EndpointError: as ``label``.
        """
        return self.label(document, load_guide(TONE_GUIDE)).findings

    def weigh(self, document: Document, findings: Sequence[Finding]) -> Sequence[Finding]:
        """As they are: what a server says lifts no finding of a rule."""
        return findings

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
        replies = _answered(self._client.ask_all(questions))
        plan = plan_of([reply.value for reply in replies], guide, grounds)
        lost = LeftOut(malformed=sum(reply.left_out for reply in replies))
        return plan.model_copy(update={"left_out": plan.left_out + lost})

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
                    with suppress(UnknownPlaceholder):
                        found[at] = reading.show(wording)
        return found

    def reply(self, session: Session, aloud: Aloud | None = None) -> str:
        """What is said next, in role; a written line where the model falls out of it.

        The first line of all is a written one too, unless it has to be in another language.
        """
        if not session.turns and self._language is None:
            return written_reply(session)
        reading = self.reading(talk_of(session, self._language))
        question = self._reply_question(session, reading)
        speaking = (
            Speaking(session, question.check, show=reading.show, aloud=aloud) if aloud else None
        )
        try:
            answer = self._client.ask(question, hear=speaking.hear if speaking else None).value
            return reading.show(spoken(session, answer))
        except EndpointError as error:
            if speaking and speaking.said and error.kind == "timeout":
                return speaking.said
            if error.kind not in OUT_OF_ROLE:
                raise
        except UnknownPlaceholder:
            pass
        if self._tell:
            self._tell("the model fell out of its role; a written line stands in")
        return written_reply(session)

    def reply_body(self, session: Session) -> dict[str, Any]:
        """What ``reply`` sends first, without sending it."""
        reading = self.reading(talk_of(session, self._language))
        return self._client.body(self._reply_question(session, reading))

    def _reply_question(self, session: Session, reading: Reading) -> Question[PersonaAnswer]:
        return persona_question(
            session, reading.document, endpoint=self._client.endpoint, language=self._language
        )


def _answered(replies: Sequence[Reply[T] | EndpointError]) -> list[Reply[T]]:
    """The replies; what was answered before a failure is in the cache.

    Raises:
        EndpointError: one of the questions has no answer.
    """
    failures = [reply for reply in replies if isinstance(reply, EndpointError)]
    if failures:
        raise next((one for one in failures if one.kind != "cancelled"), failures[0])
    return [reply for reply in replies if isinstance(reply, Reply)]


def _draft_faults(guide: Guide, grounds: Grounds, answer: DraftAnswer) -> Sequence[str]:
    return draft_faults(answer, guide, grounds)


def _may_be_reworded(finding: Finding) -> bool:
    """Nothing is offered for what reads as formal discipline, nor where a rule has a wording.

    Nor for what is about the whole text and not about the line.
    """
    rule = rules_by_category().get(finding.category)
    if rule is None:
        return False
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
    if not inoffensive(answer.wording, load_rules()):
        faults.append("wording: it sounds punitive itself")
    return faults
