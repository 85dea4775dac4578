"""Asking: the questions that the prompts make of a document, in the light of a guide. Pure.

What is the same for every document comes first and the document last, so that a provider can keep
the beginning. Nothing is cut: a long document makes several questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from coach.document import Document, Line
from coach.engines.llm.answers import (
    CATEGORIES,
    DraftAnswer,
    MapAnswer,
    RewordAnswer,
    draft_answer,
    map_answer,
)
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.labelling import Told, map_faults
from coach.engines.llm.prompts import Prompt, load_prompt
from coach.engines.llm.pseudonyms import NOTICE
from coach.engines.llm.question import Question, T
from coach.engines.llm.schema import field_guide
from coach.engines.llm.tokens import counter
from coach.engines.llm.windows import Window, harmless, material, numbered, windows
from coach.errors import UsageError
from coach.finding import Finding
from coach.guide import Guide, Step
from coach.mapping import LineLabel
from coach.tone import rules_by_category

REMOTE_CONTEXT = 32_768
"""Tokens that a hosted model is taken to read at least, where nobody said."""
LOCAL_CONTEXT = 8_192
_MARGIN = 0.85
"""Share of a context that is used: token counts of most models are estimates."""
_ANSWER = 0.9
"""Tokens of an answer for each token of lines: a label takes about fifteen, a line about twenty."""
_LEAST_ANSWER = 512
_FILLED = 0.97
"""Share of a context that question and answer may fill together."""
_LABELS = 12
"""Tokens of the labels written beside a line for a draft."""

_PRODUCES = {
    "statements": "what was said that belongs here: the aim, and how this job serves it",
    "responsibilities": "duties and pieces of work; `priority` first or later where the lines rank "
    "it, `new` where it is new",
    "success": "one entry for each thing whose success was described: `text` names the thing in a "
    "few words, `indicators` say how one will know, `due` is when, as written",
    "autonomy": "one entry for each decision: `text` names the decision in a few words, with its "
    "limit; `range` is what was settled, not_discussed where it was wished for or left open; "
    "`terms` the condition in the lines' words, `reason` why, `path` the way to more freedom; "
    "`views` only where the two said different ranges",
    "development": "`goals` the employee wants to reach, with the `resources` agreed (`chosen` for "
    "at most three, those agreed on), `lessons` what missed and what was learned, `strengths` what "
    "particular thing went well",
    "needs": "`needs` of either side and the `response` to each, `feedback` on how the "
    "manager leads",
}


class Asked(NamedTuple):
    """A question with the window it is about."""

    window: Window
    question: Question[MapAnswer]


def label_questions(document: Document, guide: Guide, endpoint: Endpoint) -> list[Asked]:
    """What to ask about each line, one question a window.

    Raises:
        UsageError: the model's context has no room for a line.
    """
    prompt = load_prompt("label", answers={"map"}, needed={"lines", "items"})
    answer = map_answer(guide)
    inputs = {
        "guide": guide.title,
        "items": "\n".join(_items(step) for step in guide.steps),
        "boundaries": "\n".join(f"- {text}" for text in guide.boundaries),
        "ranges": _ranges(guide),
        "tones": _tones(),
        "document": _about(document),
        "answer": field_guide(answer),
    }
    fixed = _count(prompt.render(**inputs, lines=""), endpoint)
    found = []
    for window in _windows(_read_lines(document), fixed, endpoint):
        question = _question(
            prompt,
            {**inputs, "lines": material(window)},
            answer=answer,
            check=partial(_map_faults, window, guide),
            endpoint=endpoint,
        )
        found.append(Asked(window, question))
    return found


def _map_faults(window: Window, guide: Guide, answer: MapAnswer) -> Sequence[str]:
    return map_faults(Told(window.lines, answer), guide)


def draft_questions(
    document: Document,
    guide: Guide,
    labels: Sequence[LineLabel],
    *,
    endpoint: Endpoint,
    language: str | None,
    check: Callable[[DraftAnswer], Sequence[str]],
) -> list[Question[DraftAnswer]]:
    """What to draft from the lines that carry something, with the lines around them."""
    prompt = load_prompt("draft", answers={"draft"}, needed={"lines", "steps"})
    marks = {label.line: mark for label in labels if (mark := _mark(label))}
    lines = _read_lines(document)
    near = {at + by for at, line in enumerate(lines) if line.number in marks for by in (-1, 0, 1)}
    kept = [line for at, line in enumerate(lines) if at in near]
    if not kept:
        return []
    answer = draft_answer(guide)
    inputs = {
        "guide": guide.title,
        "steps": "\n".join(_fields(step) for step in guide.steps),
        "language": _language(language),
        "document": _about(document),
        "answer": field_guide(answer),
    }
    fixed = _count(prompt.render(**inputs, lines=""), endpoint)
    return [
        _question(
            prompt,
            {**inputs, "lines": material(window, write=partial(_marked, marks))},
            answer=answer,
            check=check,
            endpoint=endpoint,
        )
        for window in _windows(kept, fixed, endpoint, beside=_LABELS)
    ]


def reword_question(
    document: Document,
    finding: Finding,
    *,
    endpoint: Endpoint,
    language: str | None,
    check: Callable[[RewordAnswer], Sequence[str]],
) -> Question[RewordAnswer]:
    """How to say a flagged line instead; the lines around it help to understand it."""
    prompt = load_prompt("reword", answers={"reword"}, needed={"lines"})
    lines = document.content_lines
    at = next(place for place, line in enumerate(lines) if line.number == finding.line)
    window = Window(lines[at : at + 1], lines[max(0, at - 2) : at], lines[at + 1 : at + 2])
    inputs = {
        "language": _language(language),
        "category": finding.category,
        "message": harmless(finding.message),
        "lines": material(window),
        "answer": field_guide(RewordAnswer),
    }
    return _question(prompt, inputs, answer=RewordAnswer, check=check, endpoint=endpoint)


def _question(
    prompt: Prompt,
    inputs: Mapping[str, str],
    *,
    answer: type[T],
    check: Callable[[T], Sequence[str]],
    endpoint: Endpoint,
) -> Question[T]:
    """The prompt filled in, as a question to this endpoint."""
    system, user = prompt.render(**inputs)
    tokens = _count((system, user), endpoint)
    return Question(
        prompt=prompt.name,
        version=prompt.version,
        system=system,
        user=user,
        answer=answer,
        check=check,
        tokens=tokens,
        most_tokens=_fitting(tokens, endpoint),
        lenient=True,
    )


def _read_lines(document: Document) -> list[Line]:
    """What a model gets to read: all that was said or written, and the headings over it."""
    return [line for line in document.lines if line.mappable or line.kind == "heading"]


# -- how much fits ---------------------------------------------------------------------------------


def _windows(
    lines: Sequence[Line], fixed: int, endpoint: Endpoint, *, beside: int = 0
) -> list[Window]:
    """The lines in as many windows as the model needs; ``beside`` tokens are added to each line."""
    context = endpoint.context or (LOCAL_CONTEXT if endpoint.is_local else REMOTE_CONTEXT)
    free = int(context * _MARGIN) - fixed - _LEAST_ANSWER
    room = min(int(free / (1 + _ANSWER)), int(endpoint.answer_tokens / _ANSWER))
    if room < 100:
        raise UsageError(
            f"model {endpoint.model!r} reads {context:,} tokens at once, too few for this prompt",
            hint="choose a model, or server settings, with a larger context; then set `context`",
        )
    count = counter(endpoint.model)
    return windows(lines, room=room, count=lambda text: count(text).tokens + beside)


def _fitting(tokens: int, endpoint: Endpoint) -> int:
    """Tokens that an answer may take beside a question of this many."""
    context = endpoint.context or (LOCAL_CONTEXT if endpoint.is_local else REMOTE_CONTEXT)
    return min(endpoint.answer_tokens, max(int(context * _FILLED) - tokens, _LEAST_ANSWER))


def _count(messages: tuple[str, str], endpoint: Endpoint) -> int:
    count = counter(endpoint.model)
    return sum(count(message).tokens for message in messages)


# -- a guide in words ------------------------------------------------------------------------------


def _items(step: Step) -> str:
    lines = [f"{step.id}: {step.objective or step.title}"]
    for item in step.items:
        example = f" (“{item.examples[0]}”)" if item.examples else ""
        lines.append(f"- {item.id}: {item.text}{example}")
    return "\n".join(lines)


def _ranges(guide: Guide) -> str:
    return "\n".join(f"- {known.id}: {known.meaning or known.label}" for known in guide.ranges)


def _tones() -> str:
    known = rules_by_category()
    return "\n".join(
        f"- {category}: {known[category].about or known[category].message}"
        for category in CATEGORIES
    )


def _fields(step: Step) -> str:
    return f"- `step_{step.id}` ({step.heading}): {_PRODUCES[step.produces]}."


def _about(document: Document) -> str:
    return " ".join(part for part in (_kind(document), _placeholders(document)) if part)


def _placeholders(document: Document) -> str:
    """What a model has to know of placeholders, where there are some."""
    return NOTICE if any(mark in document.text for mark in ("[EMPLOYEE", "[PERSON_")) else ""


def _kind(document: Document) -> str:
    if document.kind == "notes":
        return "These are notes that a manager typed about the talk."
    voices = [
        f"{harmless(speaker.name)} is the {speaker.role}"
        for speaker in document.speakers
        if speaker.role in {"manager", "employee"}
    ]
    told = ", ".join(voices) or "who is who nobody said"
    return f"This is a transcript: {told}."


def _language(language: str | None) -> str:
    if language:
        return f"Write in this language: {language}. Names and numbers stay as they are."
    return "Write in the language of the lines."


# -- labels beside lines ---------------------------------------------------------------------------


def _mark(label: LineLabel) -> str:
    if label.tone == "punitive":
        return "sharp"
    parts = [*label.items, *([f"range {label.range}"] if label.range else [])]
    return ", ".join([*parts, *(f"later: {step}" for step in label.planned)])


def _marked(marks: dict[int, str], line: Line) -> str:
    """The line with its labels before its voice, where no text of the notes can forge them."""
    number = f"L{line.number}"
    mark = marks.get(line.number)
    told = numbered(line)
    return f"{number} ({mark}){told.removeprefix(number)}" if mark else told
