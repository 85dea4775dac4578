"""Support: what each side needs of the other, and what the employee said about being led."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.wording import closed, raised
from coach.plan import Feedback, Need

_LEAD = re.compile(
    r"^(?:(?:needs?\s+)?from\s+(?:me|her|him|them)\s*:|(?:she|he|they)\s+(?:also\s+)?(?:needs?|wants?\s+me\s+to|wants?|asks?\s+for|asked\s+for|would\s+like)|"
    r"(?:her|his|their)\s+(?:ask|needs?)|needs?|wants?|asks?|from\s+(?:me|(?:her|his|my|their)(?:\s+(?:side|end))?|him|them)|"
    r"i\s+need(?:\s+(?:from\s+)?(?:her|him|them|you))?|what\s+i(?:'d)?\s+(?:want|need|like)\s+"
    r"(?:from|off|of)\s+(?:her|him|you)\s+is|support|me|her|him)\s*[:=–-]?\s+(?:that\s+|to\s+be\s+)?",
    re.IGNORECASE,
)

_ASKS_FOR = re.compile(
    r"(?:needs?\s+)?(?P<mine>from\s+(?:her|him|them)\b)|"
    r"(?:(?:she|he|they)\s+(?:also\s+)?needs?|needs?)\b",
    re.IGNORECASE,
)
_I_NEED = re.compile(
    r"\b(?:from|off)\s+you\b|\bi(?:'d|\s+would)?\s+(?:need|want|like|ask)\s+(?:(?:from|of)\s+)?you\b|"
    r"\bwhat\s+i(?:'d)?\s+(?:need|want|like)\b",
    re.IGNORECASE,
)
_WH = re.compile(r"(?:what|how|why|who|where|when|which|do\s+you|are\s+you)\b", re.IGNORECASE)
_REPLY = re.compile(
    r"\W*(?:done|yes|ok|i'?ll|i\s+will|i'?ve|i\s+can(?!')|will\s+do|ouch|fair|agreed|sorry|of\s+course|can(?!'))\b",
    re.IGNORECASE,
)


def needs(found: Sequence[Passage], *, step: str) -> list[Need | Feedback]:
    """Needs by person in the order they came up; an answer joins the need it answers."""
    entries: list[Need | Feedback] = []
    turn = 0
    for passage in found:
        wishes = passage.role == "employee" and not _WH.match(passage.clean)
        if passage.asks and not wishes:
            continue
        sort = _sort(passage, step)
        last = entries[-1] if entries else None
        if last is not None and _answers(last, passage, sort, passage.turn - turn):
            entries[-1] = _answered(last, passage)
            turn = passage.turn
            continue
        about_oneself = sort == "feedback" and passage.role == "manager"
        if passage.spoken and (passage.words < 3 or about_oneself):
            continue
        text = raised(closed(_LEAD.sub("", passage.clean, count=1)).rstrip("?"))
        if len(text.split()) < 2:
            text = passage.clean
        evidence = (passage.evidence(),)
        turn = passage.turn
        if sort == "feedback":
            entries.append(Feedback(text=passage.clean, evidence=evidence))
        else:
            entries.append(Need(text=text, who=sort, evidence=evidence))
    return entries


def _sort(passage: Passage, step: str) -> Literal["employee", "manager", "feedback"]:
    if not passage.spoken and (asked := _ASKS_FOR.match(passage.clean)):
        return "manager" if asked["mine"] else "employee"
    if passage.spoken and passage.role == "manager" and _I_NEED.search(passage.clean):
        return "manager"
    if passage.has(f"{step}.leadership_feedback"):
        return "feedback"
    return "manager" if passage.has(f"{step}.manager_needs") else "employee"


def _answers(last: Need | Feedback, passage: Passage, sort: str, later: int) -> bool:
    """Whether the manager answers what the employee has just asked for (or the other way round)."""
    if not passage.spoken:
        same_line = passage.line in last.lines and isinstance(last, Feedback) == (
            sort == "feedback"
        )
        return same_line or (later == 1 and bool(_REPLY.match(passage.text)))
    near = later <= 2
    whose = "employee" if isinstance(last, Feedback) or last.who == "employee" else "manager"
    other_voice = last.evidence[-1].speaker != passage.speaker
    answering = passage.role is not None and passage.role != whose
    same_voice = not other_voice and later == 0
    if sort == "feedback" and not isinstance(last, Feedback):
        return False
    return near and ((other_voice and answering and sort != "manager") or same_voice)


def _answered(last: Need | Feedback, passage: Passage) -> Need | Feedback:
    said = passage.clean
    same_voice = last.evidence[-1].speaker == passage.speaker and not last.response
    same_voice = same_voice and not _REPLY.match(passage.text)
    update: dict[str, object] = {"evidence": (*last.evidence, passage.evidence())}
    if same_voice:
        update["text"] = f"{last.text}. {said}"
    else:
        update["response"] = f"{last.response}. {said}" if last.response else said
    return last.model_copy(update=update)
