"""``coach rehearse``: the conversation, practised with somebody who is not there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from coach.cli import options

if TYPE_CHECKING:
    from coach.cli.stage import End, Stage
    from coach.engines import Engine
    from coach.rehearsal import Debrief, History, Kept, Seed, Session, Setting


@options.grouped
def rehearse(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE|PLAN]",
            help="Notes, a transcript, or a plan or draft of coach as .json, to rehearse from.",
            show_default=False,
        ),
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option("--step", help="The step to practise; can be repeated.", show_default=False),
    ] = None,
    persona: Annotated[
        str, typer.Option("--persona", "-p", help="Who sits there: a name, or a .yaml file.")
    ] = "guarded",
    difficulty: Annotated[
        int, typer.Option(min=1, max=3, help="How much it takes until the persona opens up.")
    ] = 2,
    guide: options.Guide = None,
    live: Annotated[
        bool, typer.Option("--live", help="A quiet mark where a line could sound punitive.")
    ] = False,
    script: Annotated[
        Path | None,
        typer.Option(help="Take your lines from this file, one a line.", show_default=False),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            help="The same number and lines give the same talk.",
            show_default="any in a terminal, else 0",
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the paused one.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="Keep it on this machine, to compare.")
    ] = True,
    personas: Annotated[bool, typer.Option("--personas", help="List who can sit there.")] = False,
    history: Annotated[bool, typer.Option("--history", help="List what was kept.")] = False,
    forget: Annotated[
        str | None,
        typer.Option(metavar="NAME|all", help="Delete what was kept.", show_default=False),
    ] = None,
    as_json: options.Json = False,
    dry_run: options.DryRun = False,
    *,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """Play the conversation with a persona, then see what to keep and what to try otherwise."""
    from coach.cli import engines
    from coach.engines import open_engine
    from coach.rehearsal import History, Session

    kept = History()
    if personas or history or forget is not None:
        _manage(kept, personas=personas, forget=forget, as_json=as_json)
        return
    if dry_run:
        found = _seed(source, open_engine(), guide, reading) if source else None
        setting = _setting(found, persona, guide, steps=step or [], seed=seed)
        _show_request(answering, Session.start(setting), as_json=as_json)
        return
    paused = _paused(kept) if resume else None
    with engines.opened(answering.flags, moving=False) as engine:
        if paused is not None and paused.session is not None:
            session = paused.session
        else:
            found = _seed(source, engine, guide, reading) if source else None
            setting = _setting(found, persona, guide, steps=step or [], seed=seed)
            session = Session.start(setting.model_copy(update={"difficulty": difficulty}))
        shelf = _Shelf(kept if keep else None, paused.name if paused else None)
        _play(session, engine, shelf=shelf, script=script, live=live, as_json=as_json)


class _Shelf(NamedTuple):
    """Where a rehearsal is kept, if it is, and which paused one it goes on with."""

    history: History | None
    paused: str | None

    def keep(self, session: Session, debrief: Debrief | None = None) -> bool:
        """Keep the debrief, or the session for another time; whether it is kept."""
        from datetime import datetime

        from coach.rehearsal import Kept

        if self.history is None:
            return False
        steps = tuple(step.id for step in debrief.steps) if debrief else (session.step,)
        kept = Kept(
            when=datetime.now().astimezone(),
            persona=session.setting.persona.id,
            steps=steps,
            debrief=debrief,
            session=None if debrief else session,
        )
        self.history.keep(kept, instead_of=self.paused)
        return True


def _show_request(answering: options.Answering, session: Session, *, as_json: bool) -> None:
    """What a model would get for the first line; each later one adds the talk so far."""
    import json

    from coach.cli import engines
    from coach.cli.output import emit, say
    from coach.engines.llm.client import payload
    from coach.rehearsal import written_reply

    session = session.hear(written_reply(session))
    body = engines.unasked(answering.flags).reply_body(session)
    told = json.dumps({"schema": "coach.requests/1", "requests": [body]}, ensure_ascii=False)
    emit(told if as_json else payload(body).decode())
    say("to be sent for your first line, which goes into it; each later one adds the talk so far")
    say("nothing was sent")


def _manage(kept: History, *, personas: bool, forget: str | None, as_json: bool) -> None:
    import json

    from coach.cli.output import emit
    from coach.rehearsal import personas as known_personas
    from coach.render.rehearsal_view import history_lines, persona_lines

    if forget is not None:
        emit(f"deleted: {kept.forget(forget)}")
    elif personas:
        known = known_personas()
        told = {"schema": "coach.personas/1", "personas": [one._asdict() for one in known]}
        emit(json.dumps(told, indent=2) if as_json else "\n".join(persona_lines(known)))
    else:
        found = list(kept.all())
        shown = [one.model_dump(mode="json", exclude={"session"}) for one in found]
        told = {"schema": "coach.rehearsals/1", "rehearsals": shown}
        lines = "\n".join(history_lines(found)) or f"nothing is kept in {kept.folder}"
        emit(json.dumps(told, indent=2, ensure_ascii=False) if as_json else lines)


def _paused(kept: History) -> Kept:
    from coach.errors import UsageError

    paused = kept.paused()
    if paused is None:
        raise UsageError(
            "no rehearsal is paused", hint="/pause inside a rehearsal leaves it for later"
        )
    return paused


def _seed(source: str, engine: Engine, guide: str | None, reading: options.Reading) -> Seed:
    from coach.cli.drafted import open_draft
    from coach.rehearsal import seed_of

    return seed_of(open_draft(source, engine, guide, reading).draft)


def _setting(
    found: Seed | None, persona: str, guide: str | None, *, steps: list[str], seed: int | None
) -> Setting:
    from secrets import randbelow

    from coach.cli.lines import at_terminal
    from coach.cli.stage import check_steps
    from coach.rehearsal import Seed, Setting, load_persona

    told = found or Seed()
    if seed is None:
        seed = randbelow(10_000) if at_terminal() else 0
    framework = options.open_guide(guide or told.guide)
    check_steps(steps, framework.step_ids, framework.id)
    return Setting(
        persona=load_persona(persona).named(told.employee),
        guide=framework,
        steps=tuple(steps) or told.open_steps or framework.step_ids,
        seed=seed,
        slots=told.slots,
        questions=told.questions,
        facts=told.facts,
        seeded=found is not None,
    )


def _play(
    session: Session,
    engine: Engine,
    *,
    shelf: _Shelf,
    script: Path | None,
    live: bool,
    as_json: bool,
) -> None:
    from coach.cli.lines import at_terminal, reader, shown, voice
    from coach.cli.output import emit, emit_json, say
    from coach.cli.stage import Stage
    from coach.render.rehearsal_view import debrief_text, welcome

    write = partial(typer.echo, err=as_json)

    def show(text: str) -> None:
        write(shown(text))

    with reader(script, show) as read:
        for line in welcome(session):
            say(shown(line))
        typed = script is None and at_terminal()
        aloud = partial(voice, write=partial(write, nl=False)) if typed else None
        stage = Stage(session, engine, read=read, show=show, live=live, voice=aloud)
        if _played(stage, shelf) == "paused":
            return
    debrief = _debrief(stage.session, engine, shelf)
    if debrief is None:
        say("nothing was said, so there is nothing to look back on")
    elif as_json:
        emit_json(debrief)
    else:
        emit("\n" + "\n".join(map(shown, debrief_text(debrief).split("\n"))))


def _played(stage: Stage, shelf: _Shelf) -> End:
    """Play; whatever breaks it off, what was said so far is kept."""
    from coach.cli.output import say

    end: End = "paused"
    try:
        end = stage.play()
    finally:
        if end == "paused":
            kept = bool(stage.session.turns) and shelf.keep(stage.session)
            say("kept; coach rehearse --resume goes on with it" if kept else "it is not kept")
    return end


def _debrief(session: Session, engine: Engine, shelf: _Shelf) -> Debrief | None:
    from coach import workflow
    from coach.cli.output import say

    if not any(turn.role == "manager" for turn in session.counted):
        return None
    try:
        found = workflow.debrief(session, engine)
    except BaseException:
        if shelf.keep(session):
            say("the talk is kept; coach rehearse --resume, then /stop, gives the debrief later")
            say("with --engine embedded it needs no server")
        raise
    earlier = shelf.history.last_of(found) if shelf.history else None
    if earlier is not None:
        found = found.since(earlier)
    shelf.keep(session, found)
    return found
