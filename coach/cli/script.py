"""``coach script``: talking points and open questions for the next conversation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coach.cli import options

SCRIPT_ENDINGS = (".md", ".json")


@options.grouped
def script(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE|PLAN]",
            help="Notes, a transcript, or a plan or draft of coach as .json, to go on from.",
            show_default=False,
        ),
    ] = None,
    step: Annotated[
        list[str] | None,
        typer.Option("--step", help="Only this step; can be repeated.", show_default=False),
    ] = None,
    minutes: Annotated[int, typer.Option(min=10, max=240, help="How long the talk is.")] = 30,
    guide: options.Guide = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write it here: .md or .json.")
    ] = None,
    force: options.Force = False,
    as_json: options.Json = False,
    dry_run: options.DryRun = False,
    *,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """Prepare the next conversation: order, time boxes, what to bring up, what to ask."""
    from coach.agenda import agenda
    from coach.cli import engines
    from coach.cli.drafted import open_draft
    from coach.cli.output import as_text, check_target, emit, emit_json, say, write
    from coach.cli.stage import check_steps
    from coach.render.script_markdown import script_markdown

    if output:
        check_target(output, endings=SCRIPT_ENDINGS, force=force, taken=[Path(source or "")])
    if dry_run and source:
        read, framework = reading.open(source), options.open_guide(guide)
        engines.show_requests(answering.flags, read, framework, as_json=as_json)
        return
    opened = None
    if source:
        with engines.opened(answering.flags) as engine:
            opened = open_draft(source, engine, guide, reading)
    found, document = opened or (None, None)
    framework = options.open_guide(guide or (found.guide if found else None))
    check_steps(step or (), framework.step_ids, framework.id)
    made = agenda(framework, found, document=document, steps=step or (), minutes=minutes)
    if output:
        json = output.suffix.lower() == ".json"
        write(output, as_text(made) if json else script_markdown(made))
        say(f"written to {output}")
    elif as_json:
        emit_json(made)
    else:
        emit(script_markdown(made))
