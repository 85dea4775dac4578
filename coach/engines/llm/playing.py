"""Playing: the employee of a rehearsal, spoken by a model under the state that code holds.

Whatever the model answers is held to the role: one voice, the employee's, at the length that fits
how open they are. What falls out of it goes back with the reason; what no repair mends is replaced
by a written line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import get_args

from pydantic import BaseModel, ConfigDict

from coach.document import Document, Line
from coach.engines.llm.endpoint import Endpoint
from coach.engines.llm.failures import AnswerFailure, FailureKind
from coach.engines.llm.prompts import load_prompt
from coach.engines.llm.question import Question
from coach.engines.llm.schema import field_guide
from coach.engines.llm.tokens import count_tokens
from coach.engines.llm.windows import harmless
from coach.rehearsal import Band, Move, Session
from coach.tone import as_notes, load_rules, scan

OUT_OF_ROLE: frozenset[FailureKind] = frozenset(get_args(AnswerFailure))
"""Failures of an answer, for which a written line stands in."""

_LAST_TURNS = 24
_LAST_LINES = 8
"""Of the employee's own, that are not to be said again."""
_MOST_TOKENS = 200
_RUN = 6
"""Words in a row that nobody says after somebody else by chance."""
_MOST_WORDS: dict[Band, int] = {"closed": 25, "wary": 45, "open": 80}
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
_OWN = r"you|employee|me|\[EMPLOYEE\w*\]"
_OTHERS = r"manager|boss|assistant|user|system|human|ai|narrator|\[?(?:MANAGER|PERSON)\w*\]?"
_COLON = r"\s*(?:\([^)\n]{1,20}\))?:\s"
_STAGE = re.compile(r"\*[^*\n]{1,80}\*|\([^()\n]{1,80}\)")
_ASSISTANT = re.compile(
    r"\b(?:as an ai|language model|i(?:'m| am) (?:an? )?(?:ai|assistant"
    r"|chatbot|virtual)|how (?:can|may) i (?:help|assist|support) you"
    r"|i(?:'m| am) here to (?:help|assist|support)|feel free to|happy to (?:help"
    r"|assist)|(?:is there|do you have) any(?:thing| questions?)[^.?]{0,20}(?:else"
    r"|help|questions)|great question|role[- ]?play|rehears|in this scenario"
    r"|as the (?:employee|manager)\b|json)",
    re.IGNORECASE,
)
_MANAGER = re.compile(
    r"\b(?:as your (?:manager|boss|supervisor)|your (?:performance|manager"
    r"|employee)s?\b(?! (?:is|was) me)|i(?:'d| would) like you to|what do you need from me"
    r"|how can i (?:better )?support you|what can i do (?:for|to (?:help"
    r"|support)) you|thank you for (?:sharing|your honesty|being open)"
    r"|i(?:'ll| will) (?:let you decide|give you feedback)|my (?:team member"
    r"|direct report|employee)s?\b|i need you to|you(?:'re| are) doing a (?:great"
    r"|good) job)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")


class PersonaAnswer(BaseModel):
    """What the employee says next, out loud."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str


def talk_of(session: Session) -> Document:
    """What the source says and what was said, as one document, so that names are found in both."""
    said = [(turn.text, "speech", turn.role) for turn in session.turns[-_LAST_TURNS:]]
    facts = [(fact, "note", None) for fact in session.setting.facts]
    lines: list[Line] = []
    start = 0
    for number, (text, kind, role) in enumerate((*facts, *said), 1):
        line = Line.model_validate(
            {"number": number, "start": start, "text": text, "kind": kind, "role": role}
        )
        lines.append(line)
        start += len(text) + 1
    whole = "\n".join(line.text for line in lines)
    return session.document().model_copy(
        update={"text": whole, "lines": tuple(lines), "kind": "transcript"}
    )


def persona_question(
    session: Session, read: Document, *, endpoint: Endpoint, language: str | None
) -> Question[PersonaAnswer]:
    """What the employee says next; ``read`` is ``talk_of(session)`` as the model may see it."""
    prompt = load_prompt("persona", answers={"persona"}, needed={"talk", "now"})
    persona, step = session.setting.persona, session.guide_step
    facts = [line for line in read.lines if line.kind == "note"]
    said = [line for line in read.lines if line.kind == "speech"]
    own = "" if session.setting.seeded else f"Your job: {persona.role}."
    system, user = prompt.render(
        role=own,
        wants="; ".join(persona.wants),
        fears="; ".join(persona.fears),
        opens="; ".join(persona.opens),
        closes="; ".join(persona.closes),
        voice=persona.voice,
        step=f"{step.title}. {step.objective}".strip(),
        facts=_facts(facts),
        language=_language(language),
        talk=_talk(said),
        now=_now(session, said),
        answer=field_guide(PersonaAnswer),
    )
    tokens = sum(count_tokens(text, endpoint.model).tokens for text in (system, user))
    return Question(
        prompt=prompt.name,
        version=prompt.version,
        system=system,
        user=user,
        answer=PersonaAnswer,
        check=partial(role_faults, session, said, told="\n".join((system, *_STATE.values()))),
        tokens=tokens,
        most_tokens=min(_MOST_TOKENS, endpoint.answer_tokens),
    )


def spoken(session: Session, answer: PersonaAnswer) -> str:
    """The line without a label, quotes or stage directions around it."""
    return " ".join(_unlabelled(session, answer).split()).strip('"“”')


def _unlabelled(session: Session, answer: PersonaAnswer) -> str:
    own = rf"^\s*(?:{_OWN}|{re.escape(session.setting.persona.name)}){_COLON}"
    return re.sub(own, "", _STAGE.sub(" ", answer.say).strip(), count=1, flags=re.IGNORECASE)


def role_faults(
    session: Session, said: Sequence[Line], answer: PersonaAnswer, *, told: str = ""
) -> Sequence[str]:
    """Why this is not what the employee could say now; ``told`` is how the model was instructed."""
    text = spoken(session, answer)
    found = [*_voices(session, answer), *_faults(session, said, text)]
    if _echoes(text, told):
        found.append("it repeats the instructions; say what the employee says")
    return [f"say: {fault}" for fault in found]


def _voices(session: Session, answer: PersonaAnswer) -> Iterator[str]:
    named = rf"{_OWN}|{_OTHERS}|{re.escape(session.setting.persona.name)}"
    labels = (rf"(?i)(?:^|\n|[.!?]\s+)\s*(?:{named}){_COLON}", rf"\n\s*[A-Z][\w'-]{{1,20}}{_COLON}")
    if any(re.search(label, _unlabelled(session, answer)) for label in labels):
        yield "it holds two voices; only the employee's words, without a name in front"


def _faults(session: Session, said: Sequence[Line], text: str) -> Iterator[str]:
    most = _MOST_WORDS[session.state.band]
    if not _WORD.search(text):
        yield "it is empty; say something, if only a few words"
    if len(text.split()) > most:
        yield f"it is too long; {most} words at most"
    if _ASSISTANT.search(text):
        yield "it sounds like an assistant; you are the employee at work"
    if _MANAGER.search(text):
        yield "it speaks as the manager; you are the employee"
    if any(_same(text, line.content) or _echoes(text, line.content) for line in said[-1:]):
        yield "it repeats the manager's words; answer them"
    own = [line.content for line in said if line.role == "employee"]
    if any(_same(text, line) for line in (*own, *session.said)):
        yield "it was said before; say something else"
    for finding in scan(as_notes(text), load_rules()):
        if finding.severity != "low":
            yield f"it sounds hostile ({finding.category}); say it without"


def _echoes(text: str, source: str) -> bool:
    """Whether a run of words of the source stands in the text."""
    words, known = _WORD.findall(text.lower()), " ".join(_WORD.findall(source.lower()))
    runs = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    return any(f" {run} " in f" {known} " for run in runs)


def _same(one: str, other: str) -> bool:
    """Whether two lines say the same in nearly the same words."""
    first, second = ({*_WORD.findall(text.lower())} for text in (one, other))
    if min(len(first), len(second)) < 4:
        return one.strip(" .!?").lower() == other.strip(" .!?").lower() and len(first) > 2
    return len(first & second) / len(first | second) > 0.8


def _facts(facts: Sequence[Line]) -> str:
    if not facts:
        return ""
    told = "\n".join(f"- {harmless(line.text)}" for line in facts)
    return f"What the manager's notes say of your work:\n<facts>\n{told}\n</facts>"


def _talk(said: Sequence[Line]) -> str:
    if not said:
        return "<talk>\n</talk>\nYou have just sat down. Say your first line."
    who = {"manager": "Manager", "employee": "You"}
    lines = [f"{who[line.role or 'manager']}: {harmless(line.content)}" for line in said]
    return "\n".join(("<talk>", *lines, "</talk>"))


def _now(session: Session, said: Sequence[Line]) -> str:
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
    own = [harmless(line.content) for line in said if line.role == "employee"][-_LAST_LINES:]
    lost = [harmless(line) for line in session.passed[-_LAST_LINES:]]
    if own or lost:
        told.append("Said already, not again: " + " / ".join((*own, *lost)))
    return "\n".join(told)


def _language(language: str | None) -> str:
    if language:
        return f"Talk in this language: {language}."
    return "Talk in the language of the manager."
