"""Role: what a line of a rehearsal's may be that a model says, whichever side it plays; by wording.

One voice, its own; no assistant, no insult, nothing twice, no longer than fits the state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from coach.document import Line
from coach.rehearsal import Band, Session, heard
from coach.tone import as_notes, load_rules, scan

_OF_A_MANAGER = 45
"""Words of a manager's line."""
BETWEEN = " / "
"""Stands between lines that a model is shown, and so in what a small one copies."""
_RUN = 6
"""Words in a row that nobody says after somebody else by chance."""
_A_SENTENCE = 4
"""Words that make a sentence which is noticed when it comes again."""
_MOST_WORDS: dict[Band, int] = {"closed": 25, "wary": 45, "open": 80}

_OWN = r"you|employee|me|\[EMPLOYEE\w*\]"
_OTHERS = r"manager|boss|assistant|user|system|human|ai|narrator|\[?(?:MANAGER|PERSON)\w*\]?"
_COLON = r"\s*(?:\([^)\n]{1,20}\))?:\s"
_STAGE = re.compile(r"\*[^*\n]{1,80}\*|\([^()\n]{1,80}\)")
_STAGE_BEGUN = re.compile(r"[*(][^*()\n]{0,80}$")
_ASSISTANT = re.compile(
    r"\b(?:as an ai|language model|i(?:'m| am) (?:ready|here|open|willing|eager) to (?:listen"
    r"|discuss|learn|hear|contribute|talk)|i (?:understand|appreciate|value|respect) your"
    r" (?:concern|point|perspective|position|feedback|input|view)s?\b"
    r"|i agree with you that|it(?:'s| is) (?:important|essential|crucial) (?:to|that|for)"
    r"(?! (?:me|us)\b)"
    r"|discuss (?:this|it|that) further|look(?:ing)? forward to (?:working|hearing|discussing)"
    r"|i(?:'m| am) (?:an? )?(?:ai|assistant|chatbot|virtual)"
    r"|how (?:can|may) i (?:help|assist|support) you"
    r"|i(?:'m| am) here to (?:help|assist|support)|feel free to|happy to (?:help"
    r"|assist)|(?:can|could) you (?:please )?provide|i don't have (?:any |enough )?information"
    r"|i can(?:'t|not) (?:help|assist)(?: you)? with"
    r"|i(?:'m| am) sorry,? but i can(?:'t|not) (?:answer|help|assist|provide|discuss|do that)"
    r"|(?:is there|do you have) any(?:thing| questions?)[^.?]{0,20}(?:else|help|questions)"
    r"|great question|role[- ]?play|rehears|in this scenario|as the (?:employee|manager)\b|json)",
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
_EMPLOYEE = re.compile(
    r"\b(?:my (?:manager|boss)\b|i(?:'d| would) like (?:more|a|to (?:decide|have|be asked))\b"
    r"|i(?:'m| am) not (?:sure (?:if|whether) i may|allowed))",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


class PersonaAnswer(BaseModel):
    """What is said next, out loud."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    say: str


def spoken(session: Session, answer: PersonaAnswer) -> str:
    """The line without what stands around it, what was said before, and what is too much.

    That is a label, quotes, stage directions, another line beside it; sentences of earlier lines;
    and those at the end that do not fit the length. Something always stays.
    """
    sentences = _sentences(session, answer)
    fresh = _fresh(session, sentences) or sentences
    room = _room(session)
    ends = [sum(len(one.split()) for one in fresh[: at + 1]) for at in range(len(fresh))]
    fitting = sum(end <= room for end in ends)
    return " ".join(fresh[: fitting or len(fresh)])


def begun(session: Session, say: str) -> PersonaAnswer | None:
    """What stands of an answer whose end is not written yet: whole sentences that may be said.

    None while there is none, and where each was said before: then it depends on the rest.
    """
    closed = _STAGE_BEGUN.sub("", _STAGE.sub(" ", say))
    ends = [found.start() for found in _SENTENCE_END.finditer(closed)]
    answer = PersonaAnswer(say=closed[: ends[-1]] if ends else "")
    return answer if ends and _fresh(session, _sentences(session, answer)) else None


def _sentences(session: Session, answer: PersonaAnswer) -> list[str]:
    bare = " ".join(_unlabelled(session, answer).split())
    return _SENTENCE_END.split(bare.partition(BETWEEN)[0].strip(' "“”/'))


def _fresh(session: Session, sentences: Sequence[str]) -> list[str]:
    """Those that were not said before."""
    used = [_bare(line) for line in session.said]
    again = {
        one
        for one in sentences
        if len(one.split()) >= _A_SENTENCE and any(_bare(one) in line for line in used)
    }
    return [one for one in sentences if one not in again]


def _room(session: Session) -> int:
    """Words, at most."""
    return _OF_A_MANAGER if session.swapped else _MOST_WORDS[session.state.band]


def _bare(text: str) -> str:
    """Its words alone, with a blank at either end."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _unlabelled(session: Session, answer: PersonaAnswer) -> str:
    mine = (
        r"you|manager|\[MANAGER\w*\]"
        if session.swapped
        else rf"{_OWN}|{re.escape(session.setting.persona.name)}"
    )
    own = rf"^\s*(?:{mine}){_COLON}"
    return re.sub(own, "", _STAGE.sub(" ", answer.say).strip(), count=1, flags=re.IGNORECASE)


def role_faults(
    session: Session, said: Sequence[Line], answer: PersonaAnswer, *, told: str = ""
) -> Sequence[str]:
    """Why this is not what the employee could say now; ``told`` is how the model was instructed."""
    text = spoken(session, answer)
    found = [*_voices(session, answer), *_faults(session, said, text)]
    if _MANAGER.search(text):
        found.append("it speaks as the manager; you are the employee")
    if _echoes(text, told):
        found.append("it repeats the instructions; say what the employee says")
    return [f"say: {fault}" for fault in found]


def lead_faults(session: Session, said: Sequence[Line], answer: PersonaAnswer) -> Sequence[str]:
    """Why this is not what a manager who does this well could say now."""
    text = spoken(session, answer)
    found = [*_voices(session, answer), *_faults(session, said, text)]
    if _EMPLOYEE.search(text):
        found.append("it speaks as the employee; you are the manager")
    if text.count("?") > 1:
        found.append("it asks more than one thing; ask one")
    if heard(text).answered == "asked_closed":
        found.append("yes or no is answer enough; ask with what, how or which")
    return [f"say: {fault}" for fault in found]


def _voices(session: Session, answer: PersonaAnswer) -> Iterator[str]:
    named = rf"{_OWN}|{_OTHERS}|{re.escape(session.setting.persona.name)}"
    labels = (rf"(?i)(?:^|\n|[.!?]\s+)\s*(?:{named}){_COLON}", rf"\n\s*[A-Z][\w'-]{{1,20}}{_COLON}")
    if any(re.search(label, _unlabelled(session, answer)) for label in labels):
        yield "it holds two voices; only the employee's words, without a name in front"


def _faults(session: Session, said: Sequence[Line], text: str) -> Iterator[str]:
    most = _room(session)
    me = "manager" if session.swapped else "employee"
    if not _WORD.search(text):
        yield "it is empty; say something, if only a few words"
    if len(text.split()) > most:
        yield f"it is too long; {most} words at most"
    if _ASSISTANT.search(text):
        yield f"it sounds like an assistant; you are the {me} at work"
    heard_by_me = [line.content for line in said if line.role != me]
    if any(_same(text, line) or _echoes(text, line) for line in heard_by_me):
        yield "it repeats what was said to you; answer it"
    own = [line.content for line in said if line.role == me]
    again = any(_same(text, line) for line in (*own, *session.said))
    if again or not _fresh(session, _SENTENCE_END.split(text)):
        yield "it was said before; say something else"
    for finding in scan(as_notes(text), load_rules()):
        if finding.severity != "low":
            yield f"it sounds hostile ({finding.category}); say it without"


def _echoes(text: str, source: str) -> bool:
    """Whether a run of words of the source stands in the text."""
    words, known = _WORD.findall(text.lower()), _bare(source)
    runs = (" ".join(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    return any(f" {run} " in known for run in runs)


def _same(one: str, other: str) -> bool:
    """Whether two lines say the same in nearly the same words."""
    first, second = ({*_WORD.findall(text.lower())} for text in (one, other))
    if min(len(first), len(second)) < 4:
        return one.strip(" .!?").lower() == other.strip(" .!?").lower() and len(first) > 2
    return len(first & second) / len(first | second) > 0.8
