"""Hints: what the manager could do next, in a talk that goes on. Pure."""

from __future__ import annotations

from coach.rehearsal.moves import heard
from coach.rehearsal.session import Session

_MOST = 3
_HURT = 0.25


def hints(session: Session) -> tuple[str, ...]:
    """At most three: what the last lines did, then what could be asked, the source's own first."""
    found = [note] if (note := _note(session)) else []
    said = {turn.text for turn in session.turns}
    asks = [
        *session.setting.questions.get(session.step, ()),
        *map(session.setting.filled, session.scenes[0].manager),
        *(item.question for item in session.guide_step.items),
    ]
    fresh = [line for line in dict.fromkeys(asks) if line not in said and _in_place(session, line)]
    if fresh:  # others, the further the talk has got
        at = len(session.turns) // 2 * 2 % len(fresh)
        fresh = [*fresh[at:], *fresh[:at]]
    return tuple([*found, *(f"you could say: {line}" for line in fresh)][:_MOST])


def _in_place(session: Session, line: str) -> bool:
    """Whether a line that gives something back has heard it."""
    about = session.scenes[0].topics_in(line)
    given_back = about and heard(line).answered == "reflected"
    return not given_back or not set(about).isdisjoint(session.state.raised)


def _note(session: Session) -> str | None:
    state, name = session.state, session.setting.persona.name
    last = state.moves[-2:]
    if state.distress > _HURT:
        return f"something hurt: ask {name} how it landed, and name your part in it"
    if last == ("asked_closed", "asked_closed"):
        return "two closed questions in a row: start with what, how or which, then wait"
    if last == ("asked_open", "asked_open"):
        return f"say back what {name} has told you before you ask the next thing"
    if last[-1:] == ("told",) and state.band != "open":
        return f"{name} has said little: ask, then wait"
    return None
