"""What is still to agree: the gaps of a map and of a draft, as questions. Never as faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from coach.document import Document
from coach.engines.embedded.clauses import clauses
from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import cleaned, closed, raised
from coach.engines.embedded.views import only_apart, tells_apart
from coach.guide import Guide
from coach.mapping import StepMap, addressed, cut
from coach.plan import Decision, Goal, OpenQuestion, Responsibility, Section, SuccessDefinition

_COMMON = frozenset(
    "the and for with from that this into till until after before first then only over under about "
    "her his their your our has have will can new all off out one two".split()
)


def open_questions(
    document: Document,
    guide: Guide,
    steps: StepMap,
    *,
    sections: Sequence[Section],
    vague: Sequence[tuple[str, Passage]],
) -> tuple[OpenQuestion, ...]:
    """Questions in guide order: what the draft itself leaves open first, then the guide's own."""
    asked: list[OpenQuestion] = [
        *(OpenQuestion(step=step, question=_sign(passage)) for step, passage in vague),
        *_undefined_first(sections),
        *_open_decisions(sections),
        *_goals(guide, sections),
        *_from_flagged(document, guide, steps),
        *_told_apart(document, guide, steps, sections),
    ]
    for result in steps.steps:
        asked += [
            OpenQuestion(step=result.id, question=f"“{said}”", planned=True)
            for piece in result.planned
            if not any(f.start < piece.end and piece.start < f.end for f in steps.findings)
            if (said := _without_todo(piece.quote))
        ]
        asked += [OpenQuestion(step=result.id, question=text) for text in result.questions]
    order = {step: place for place, step in enumerate(guide.step_ids)}
    named = [
        question.model_copy(update={"question": addressed(question.question, document.employee)})
        for question in sorted(asked, key=lambda question: order[question.step])
    ]
    return tuple(dict.fromkeys(named))


def _without_todo(quote: str) -> str:
    """A line that means to come back to something, without its "TODO next time:"."""
    return cleaned(_TODO.sub("", quote, count=1))


_TODO = re.compile(
    r"^\W*(?:to-?do|next\s+time|next|later|park(?:ed)?)\b[\s:–—-]*(?:next\s+time\b)?[\s:,–—-]*",
    re.I,
)


def _sign(passage: Passage) -> str:
    return f"“{passage.clean}”: what will we see or hear that tells us?"


def _undefined_first(sections: Sequence[Section]) -> Iterable[OpenQuestion]:
    """What comes first deserves a definition of success."""
    entries = [entry for section in sections for entry in section.entries]
    home = next((s.step for s in sections if any(e.kind == "success" for e in s.entries)), None)
    if home is None:
        return
    defined = _words(
        " ".join(
            " ".join([entry.text, *(indicator.text for indicator in entry.indicators)])
            for entry in entries
            if isinstance(entry, SuccessDefinition)
        )
    )
    for entry in entries:
        if isinstance(entry, Responsibility) and entry.priority == "first":
            words = _words(entry.text)
            if words and not words & defined:
                yield OpenQuestion(
                    step=home,
                    question=f"“{entry.text}” comes first: what would great look like, by when?",
                )


def _open_decisions(sections: Sequence[Section]) -> Iterable[OpenQuestion]:
    for section in sections:
        for entry in section.entries:
            if isinstance(entry, Decision) and len({view.who for view in entry.views}) > 1:
                yield OpenQuestion(
                    step=section.step,
                    question=f"“{entry.text}”: two views were named. Which one holds from now on?",
                )
            elif isinstance(entry, Decision) and entry.range == "not_discussed":
                yield OpenQuestion(
                    step=section.step,
                    question=f"“{entry.text}”: who decides for now, and what would it take "
                    "to change that?",
                )


def _goals(guide: Guide, sections: Sequence[Section]) -> Iterable[OpenQuestion]:
    produces = {step.id: step.produces for step in guide.steps}
    for section in sections:
        goals = [entry for entry in section.entries if isinstance(entry, Goal) and entry.chosen]
        if produces[section.step] == "development" and section.entries and not goals:
            yield OpenQuestion(
                step=section.step,
                question="Which one to three things does $employee want to learn in this period?",
            )
        for goal in goals:
            if not goal.resources:
                yield OpenQuestion(
                    step=section.step,
                    question=f"“{goal.text}”: what time, money or help is there for it?",
                )


def _from_flagged(document: Document, guide: Guide, steps: StepMap) -> Iterable[OpenQuestion]:
    """A fact beside flagged words comes back as a question, without the words."""
    home = next((step.id for step in guide.steps if step.produces == "development"), None)
    if home is None:
        return
    settled = {label.line for label in steps.lines if label.range}
    flagged: dict[int, list[tuple[int, int]]] = {}
    for finding in steps.findings:
        flagged.setdefault(finding.line, []).append((finding.start, finding.end))
    for number, spans in flagged.items():
        line = document.line(number)
        if number in settled or line.kind == "speech":
            continue
        for start, end in clauses(line.content):
            begin, stop = line.content_start + start, line.content_start + end
            text = document.text[begin:stop]
            if any(begin < last and first < stop for first, last in spans):
                continue
            if len(text.split()) >= 4 and _MISS.search(text):
                yield OpenQuestion(
                    step=home,
                    question=f"{cleaned(text)}: what happened from $employee's side, "
                    "and what would prevent it next time?",
                )
                break


def _told_apart(
    document: Document, guide: Guide, steps: StepMap, sections: Sequence[Section]
) -> Iterable[OpenQuestion]:
    """Where notes tell a view of each side, and they do not agree: a number, a fact, a date."""
    home = next((step.id for step in guide.steps if step.produces == "development"), None)
    flagged = {finding.line for finding in steps.findings}
    kept = {
        number
        for section in sections
        for entry in section.entries
        if isinstance(entry, Decision) and entry.views
        for number in entry.lines
    }
    for label in steps.lines:
        line = document.line(label.line)
        step = label.steps[0] if label.steps else home
        if line.kind != "note" or label.line in flagged | kept | document.set_aside:
            continue
        if step and tells_apart(line.content):
            quote = cut(line).quote
            told = (quote[start:end] for start, end in clauses(quote))
            said = " ".join(text for text in told if not only_apart(text))
            yield OpenQuestion(
                step=step,
                question=f"“{raised(closed(said))}”: two views were named. Which one holds from "
                "now on?",
            )


_MISS = re.compile(
    r"\b(?:wrong|late|miss(?:ed|ing|es)?|again|fail(?:ed|s)?|error|mistakes?|lost|broke|down|behind|"
    r"forgot(?:ten)?|not\s+done|without|complain\w*|returned|rejected|slipp?ed|overran|short|off\s+by)\b",
    re.IGNORECASE,
)


def _words(text: str) -> set[str]:
    found = {word.rstrip("s") for word in re.findall(r"[^\W\d_]{3,}", text.lower())}
    return found - _COMMON
