"""Playing: one side of a rehearsal, spoken by a model under the state that code holds.

That is the employee, or the manager where the roles are swapped. Lines that are written for the
same moment show the model the manner. Whatever it answers is held to the role: one voice, its own,
at the length that fits. What falls out of it goes back with the reason; what no repair mends is
replaced by a written line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal, get_args

from coach.document import Document, Line, LineKind, Role
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import AnswerFailure, FailureKind
from coach.engines.llm.prompts import Prompt, load_prompt
from coach.engines.llm.question import Question
from coach.engines.llm.role import BETWEEN, PersonaAnswer, lead_faults, role_faults
from coach.engines.llm.schema import field_guide
from coach.engines.llm.tokens import count_tokens
from coach.engines.llm.windows import harmless
from coach.rehearsal import Band, Move, Session, in_the_manner_of

OUT_OF_ROLE: frozenset[FailureKind] = frozenset(get_args(AnswerFailure))
"""Failures of an answer, for which a written line stands in."""

_LAST_TURNS = 24
_LAST_LINES = 8
"""Of those taken back."""
_LAST_TYPED = 3
"""Lines of the user's that tell the language."""
_MOST_TOKENS = 200
_MOST_SAMPLES = 3
"""A small model that sees several lines strings them together."""
_SAMPLES = "Say one of these, if it answers; changed so that it fits: "
_FACING = "(You sit face to face.)"
"""Stands before a talk that begins with the model's own line: many servers want the user first."""
_ENGLISH = re.compile(r"\b(?:the|you|what|how|is|are|your|and|that|this|with|it|of)\b", re.I)
_STATE: dict[Band, str] = {
    "closed": "You are closed: a short, careful answer that gives little away, 15 words at most.",
    "wary": "You are wary: half an answer that names one thing and keeps the story back, 30 words "
    "at most.",
    "open": "You are open: the true story, one concrete piece of it, or an idea of your own, 50 "
    "words at most.",
}
_DONE: dict[Move, str] = {
    "greeted": "greeted you",
    "asked_open": "asked you an open question",
    "asked_closed": "asked you a yes-or-no question",
    "asked_feedback": "asked what to do better as a manager",
    "reflected": "given your words back to you",
    "thanked": "thanked or praised you",
    "apologised": "named a mistake of their own",
    "offered_range": "offered you room to decide",
    "offered_help": "offered to do something for you",
    "proposed": "proposed a step together",
    "told": "told you something",
    "threatened": "threatened you; you draw back and become formal",
    "belittled": "belittled you; you draw back",
    "silent": "said next to nothing",
    "wrapped_up": "begun to end the talk",
}

_FACT: LineKind = "note"
_PASSED: LineKind = "summary"
_SAMPLE: LineKind = "frame"
"""What stands beside the speech in the document that the model gets: what the source says, lines
that were taken back, and written lines for this moment; so that names are found in them too."""


_Check = Callable[[PersonaAnswer], Sequence[str]]
_Turns = tuple[tuple[Literal["user", "assistant"], str], ...]


def talk_of(session: Session, language: str | None = None) -> Document:
    """What the source says and what was said, as one document, so that names are found in both.

    Where the talk is not in English, no written lines stand in it.
    """
    said = [(turn.text, "speech", turn.role) for turn in session.turns[-_LAST_TURNS:]]
    beside = {_FACT: session.setting.facts, _PASSED: session.passed[-_LAST_LINES:]}
    if language is None and _in_english(session):
        beside[_SAMPLE] = in_the_manner_of(session, _MOST_SAMPLES)
    notes = [(text, kind, None) for kind, texts in beside.items() for text in texts]
    lines: list[Line] = []
    start = 0
    for number, (text, kind, role) in enumerate((*notes, *said), 1):
        line = Line.model_validate(
            {"number": number, "start": start, "text": text, "kind": kind, "role": role}
        )
        lines.append(line)
        start += len(text) + 1
    whole = "\n".join(line.text for line in lines)
    return session.document().model_copy(
        update={"text": whole, "lines": tuple(lines), "kind": "transcript"}
    )


def _in_english(session: Session) -> bool:
    typed = [turn.text for turn in session.turns if not turn.played]
    return not typed or _ENGLISH.search(" ".join(typed[-_LAST_TYPED:])) is not None


def persona_question(
    session: Session, read: Document, *, endpoint: Endpoint, language: str | None
) -> Question[PersonaAnswer]:
    """What is said next; ``read`` is ``talk_of(session)`` as the model may see it."""
    if session.swapped:
        return _manager_question(session, read, endpoint=endpoint, language=language)
    prompt = load_prompt("persona", answers={"persona"}, needed={"talk", "now"})
    persona, step = session.setting.persona, session.guide_step
    said = _texts(read, "speech")
    before, last = _turns(said, "employee")
    own = "" if session.setting.seeded else f"Your job: {persona.role}."
    system, user = prompt.render(
        role=own,
        wants="; ".join(persona.wants),
        fears="; ".join(persona.fears),
        opens="; ".join(persona.opens),
        closes="; ".join(persona.closes),
        voice=persona.voice,
        step=f"{step.title}. {step.objective}".strip(),
        facts=_facts(_texts(read, _FACT)),
        language=_language(language),
        talk=last,
        now=_aside((_now(session), *_beside(read))),
        answer=field_guide(PersonaAnswer),
    )
    told = "\n".join((system, *_STATE.values()))
    check = partial(role_faults, session, said, told=told)
    return _question(prompt, (system, before, user), _showing(read, check), endpoint)


def _manager_question(
    session: Session, read: Document, *, endpoint: Endpoint, language: str | None
) -> Question[PersonaAnswer]:
    """What a manager who does this well says next, where the user plays the employee."""
    prompt = load_prompt("manager", answers={"persona"}, needed={"talk", "now"})
    step = session.guide_step
    said = _texts(read, "speech")
    before, last = _turns(said, "manager")
    system, user = prompt.render(
        step=f"{step.title}. {step.objective}".strip(),
        asks="\n".join(f"- {item.question}" for item in step.items),
        facts=_facts(_texts(read, _FACT)),
        language=_language(language),
        talk=last,
        now=_aside(_beside(read)),
        answer=field_guide(PersonaAnswer),
    )
    check = partial(lead_faults, session, said)
    return _question(prompt, (system, before, user), _showing(read, check), endpoint)


def _showing(read: Document, check: _Check) -> _Check:
    """The check, which beside what is wrong names a line that would do."""
    samples = _texts(read, _SAMPLE)

    def checked(answer: PersonaAnswer) -> Sequence[str]:
        faults = check(answer)
        fitting = (
            [f"say: this would do, in words of your own: {samples[0].text}"] if samples else []
        )
        return [*faults, *fitting] if faults else faults

    return checked


def _question(
    prompt: Prompt,
    messages: tuple[str, _Turns, str],
    check: _Check,
    endpoint: Endpoint,
) -> Question[PersonaAnswer]:
    system, before, user = messages
    texts = (system, *(text for _, text in before), user)
    tokens = sum(count_tokens(text, endpoint.model).tokens for text in texts)
    return Question(
        prompt=prompt.name,
        version=prompt.version,
        system=system,
        user=user,
        answer=PersonaAnswer,
        check=check,
        before=before,
        tokens=tokens,
        most_tokens=min(_MOST_TOKENS, endpoint.answer_tokens),
    )


def _texts(read: Document, kind: LineKind) -> list[Line]:
    return [line for line in read.lines if line.kind == kind]


def _facts(facts: Sequence[Line]) -> str:
    if not facts:
        return ""
    told = "\n".join(f"- {harmless(line.text)}" for line in facts)
    return f"What the manager's notes say of your work:\n<facts>\n{told}\n</facts>"


def _turns(said: Sequence[Line], me: Role) -> tuple[_Turns, str]:
    """The talk as messages, and what the other said last.

    The model's own lines stand there as its answers, in the form that is asked of it: a small
    model that reads them in a transcript says them again, or strings lines together.
    """
    other = "Employee" if me == "manager" else "Manager"
    turns: list[tuple[Literal["user", "assistant"], str]] = [("user", _FACING)]
    for mine, lines in groupby(said, key=lambda line: line.role == me):
        texts = [harmless(line.content) for line in lines]
        if mine:
            answer = PersonaAnswer(say=" ".join(texts))
            turns.append(("assistant", answer.model_dump_json()))
        else:
            turns.append(("user", "\n".join(f"{other}: {text}" for text in texts)))
    if len(turns) > 1 and turns[1][0] == "user":
        turns = turns[1:]
    last = turns.pop()[1] if turns[-1][0] == "user" else ""
    return tuple(turns), last


def _aside(told: Iterable[str]) -> str:
    text = "\n".join(told)
    return f"({text})" if text else ""


def _now(session: Session) -> str:
    state = session.state
    told = [_STATE[state.band]]
    if state.moves:
        told.append(f"Your manager has just {_DONE[state.moves[-1]]}.")
    if state.beat == "need":
        need = next(need for need in session.setting.persona.needs if need.id == state.met[-1])
        told.append(f"This did you good, let it show in your own way: {need.what}")
    if state.beat == "names":
        told.append("It is getting too much: say so plainly, about yourself, without insult.")
    if state.beat == "stops":
        told.append("You end the talk now, politely and in one or two sentences.")
    return "\n".join(told)


def _beside(read: Document) -> Iterator[str]:
    """What was taken back and is not to be said again, and how it could sound."""
    if passed := [harmless(line.content) for line in _texts(read, _PASSED)]:
        yield "Taken back, not again: " + BETWEEN.join(passed)
    if samples := [harmless(line.content) for line in _texts(read, _SAMPLE)]:
        yield _SAMPLES + BETWEEN.join(samples)


def _language(language: str | None) -> str:
    if language:
        return f"Talk in this language: {language}."
    return "Talk in the language of the manager."
