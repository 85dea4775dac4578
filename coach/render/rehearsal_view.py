"""A rehearsal as text: who sits there, what was said, the debrief. Private to the manager."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from coach.rehearsal import Debrief, Kept, KnownPersona, Remark, Session, Turn
from coach.render.visible import in_markdown, visible

COMMANDS = {
    "/hint": "what could be asked or said now",
    "/undo": "take your last line back",
    "/again": "hear another answer to your last line",
    "/feedback": "how it stands so far, in counts",
    "/step": "/step ID turns to another step; /step lists them",
    "/swap": "change roles: you are the employee, until the next /swap",
    "/save": "/save FILE.md writes down what was said",
    "/pause": "leave, and go on later with coach rehearse --resume",
    "/stop": "end the talk and hear the debrief",
    "/help": "these commands",
}


_QUOTES = 3
"""Of a step, that are shown."""
_LONGEST = 60
"""Characters of one of these."""


def welcome(session: Session) -> Iterator[str]:
    """Who sits there, and what the talk is to settle."""
    setting = session.setting
    persona = setting.persona
    yield visible(persona.about)
    yield from step_intro(session)
    own = "" if setting.seeded else f" {persona.name}: {persona.role}."
    yield visible(f"You are the manager.{own} Type what you would say; /help shows the rest.")
    for turn in session.turns[-2:]:
        yield visible(f"{_who(turn, persona.name)}: {turn.text}")


def step_intro(session: Session) -> Iterator[str]:
    """The step that is practised, and what it is to settle."""
    step = session.guide_step
    what = next((one.situation for one in session.scenes if one.situation), step.objective)
    yield visible(f"{step.title}. {what}".strip())


def step_list(session: Session) -> Iterator[str]:
    """The steps of the guide, the present one marked."""
    for step in session.setting.guide.steps:
        mark = ">" if step.id == session.step else " "
        yield visible(f"{mark} {step.id}: {step.title}")


def help_lines() -> Iterator[str]:
    """The commands inside a rehearsal."""
    width = max(map(len, COMMANDS))
    for name, what in COMMANDS.items():
        yield f"{name:<{width}}  {what}"


def so_far(session: Session) -> Iterator[str]:
    """Counts, while the talk goes on."""
    heard = [session.retaken(turn) for turn in session.counted if turn.role == "manager"]
    asked = sum(one.open_questions for one in heard), sum(one.closed_questions for one in heard)
    mine = sum(one.words for one in heard)
    theirs = sum(len(t.text.split()) for t in session.counted if t.role == "employee")
    share = round(100 * mine / max(1, mine + theirs))
    flagged = sum(len(one.findings) for one in heard)
    yield f"open questions {asked[0]}, closed {asked[1]}; your share of the words {share} per cent"
    yield f"places flagged for tone: {flagged}" if flagged else "no line sounded punitive"


def talk_markdown(session: Session) -> str:
    """What was said, as a file of the manager's own."""
    name = in_markdown(session.setting.persona.name)
    head = f"# Rehearsal with {name}: {session.setting.guide.id} {session.step}"
    note = "_Practice with a persona of coach; nobody said this. Private._"
    lines = [f"**{_who(turn, name)}:** {in_markdown(turn.text)}" for turn in session.turns]
    return "\n\n".join((head, note, *lines)) + "\n"


def _who(turn: Turn, name: str) -> str:
    return "Manager" if turn.role == "manager" else name


# -- the debrief -----------------------------------------------------------------------------------


def debrief_text(debrief: Debrief) -> str:
    """The debrief for a terminal or a file: what was done, what to keep, what to try otherwise."""
    blocks = [list(_steps(debrief)), list(_counts(debrief))]
    if debrief.keep:
        blocks.append(["Keep", *(f"  {_quoted(one)} ({one.why})" for one in debrief.keep)])
    if debrief.otherwise:
        blocks.append(["Try otherwise", *_remarks(debrief.otherwise)])
    if debrief.work_on:
        numbered = (f"  {at}. {text}" for at, text in enumerate(debrief.work_on, 1))
        blocks.append(["To work on", *numbered])
    if debrief.compared:
        blocks.append(["Since the last time", *(f"  {text}" for text in debrief.compared)])
    return "\n\n".join("\n".join(visible(line) for line in block) for block in blocks)


def _steps(debrief: Debrief) -> Iterator[str]:
    yield f"Debrief: {debrief.name}, {debrief.guide}; yours alone"
    if debrief.ended_by == "employee":
        yield f"  {debrief.name} ended the talk."
    for step in debrief.steps:
        found = ", ".join(f"“{_short(piece.quote)}”" for piece in step.evidence[:_QUOTES])
        yield f"  {step.id}: {step.status}{': ' if found else ', by the map of the lines'}{found}"
        left = ", ".join(item.partition(".")[2] for item in step.missing)
        if left and step.status != "covered":
            yield f"    stayed open: {left}"
    if debrief.spoken_of:
        topics = ", ".join(topic.replace("_", " ") for topic in debrief.spoken_of)
        yield f"  {debrief.name} spoke of: {topics}"


def _counts(debrief: Debrief) -> Iterator[str]:
    counts = debrief.balance
    yield (
        f"Counted: open questions {counts.open_questions}, closed {counts.closed_questions}; "
        f"lines that gave back what was said {counts.listening}"
    )
    yield (
        f"  you spoke {counts.share} of 100 words, {counts.longest} at most in one go; "
        f"{debrief.name} {_opened(debrief)}"
    )


def _opened(debrief: Debrief) -> str:
    gain = debrief.opened.end - debrief.opened.start
    if gain > 0.3:
        return "opened up"
    return "opened a little" if gain > 0.08 else "closed up" if gain < -0.08 else "stayed as before"


def _remarks(remarks: Iterable[Remark]) -> Iterator[str]:
    for one in remarks:
        yield f"  {_quoted(one)}"
        yield f"    {one.why}"
        if one.instead:
            yield f"    try: {one.instead}"


def _short(text: str) -> str:
    return textwrap.shorten(text, _LONGEST, placeholder=" …")


def _quoted(remark: Remark) -> str:
    return f"“{remark.quote}”"


# -- lists -----------------------------------------------------------------------------------------


def persona_lines(known: Sequence[KnownPersona]) -> Iterator[str]:
    """Everybody one can rehearse with."""
    for one in known:
        where = "" if one.where == "bundled" else f" [{one.where}]"
        what = f"not valid: {one.fault}" if one.fault else one.about
        yield visible(f"{one.name}{where}: {what}")


def history_lines(kept: Iterable[Kept]) -> Iterator[str]:
    """What is kept, the oldest first, a line each."""
    for one in kept:
        if one.debrief is None:
            yield visible(f"{one.name}: paused")
            continue
        steps = ", ".join(f"{step.id} {step.status}" for step in one.debrief.steps)
        counts = one.debrief.balance
        told = f"open questions {counts.open_questions}, closed {counts.closed_questions}"
        yield visible(f"{one.name}: {steps}; {told}; you spoke {counts.share} of 100 words")
