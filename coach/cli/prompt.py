"""``coach prompt``: list the prompts, show one, or show what it asks about a source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coach.cli import options

if TYPE_CHECKING:
    from coach.engines.llm.question import Question


@options.grouped
def prompt(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A prompt.", show_default=False)
    ] = None,
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="Notes or transcript to fill it with; - for standard input.",
            show_default=False,
        ),
    ] = None,
    guide: options.Guide = None,
    as_json: options.Json = False,
    *,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """List the prompts of the llm engine, show one, or show it filled with a source.

    Nothing is sent. A file of your own called NAME.md in the prompts folder of your coach settings
    stands for the one that comes with coach.
    """
    if name is None:
        _list(as_json=as_json)
    elif source is None:
        _show(name, as_json=as_json)
    else:
        from coach.cli import engines
        from coach.engines.llm.rendering import render_prompt

        framework = options.open_guide(guide)
        document = reading.open(source)
        questions = render_prompt(
            name, document, framework, engine=engines.unasked(answering.flags)
        )
        _filled(questions, as_json=as_json)


def _list(*, as_json: bool) -> None:
    import json

    from coach.cli.output import emit
    from coach.engines.llm.prompts import prompts
    from coach.render.visible import visible

    found = prompts()
    if as_json:
        told = {"schema": "coach.prompts/1", "prompts": [known._asdict() for known in found]}
        emit(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for known in found:
        where = "" if known.where == "bundled" else f" [{known.where}]"
        what = f"not valid: {known.fault}" if known.fault else f"{known.version}: {known.about}"
        emit(visible(f"{known.name} {what}{where}"))


def _show(name: str, *, as_json: bool) -> None:
    from coach.cli.output import emit, emit_json
    from coach.engines.llm.prompts import load_prompt
    from coach.render.visible import visible

    found = load_prompt(name)
    if as_json:
        emit_json(found)
        return
    facts = f"{found.name} {found.version} ({found.where}), answer: {found.answer}"
    inputs = f"inputs: {', '.join(found.inputs) or 'none'}"
    parts = (facts, inputs, "", *_parts(found.system, found.user))
    emit(visible("\n".join(parts), lines=True))


def _filled(questions: Sequence[Question[Any]], *, as_json: bool) -> None:
    import json

    from coach.cli.output import emit, say
    from coach.render.visible import visible

    requests = [
        {
            "prompt": question.prompt,
            "version": question.version,
            "tokens": _tokens(question),
            "system": question.system,
            "user": question.user,
        }
        for question in questions
    ]
    if as_json:
        emit(json.dumps({"schema": "coach.prompt/1", "requests": requests}, indent=2))
        return
    for number, request in enumerate(requests, 1):
        head = f"request {number} of {len(requests)}: {request['prompt']} {request['version']}"
        say(f"{head}, ~{request['tokens']:,} tokens")
        parts = _parts(str(request["system"]), str(request["user"]))
        emit(visible("\n".join(parts), lines=True))


def _parts(system: str, user: str) -> tuple[str, ...]:
    return ("--- system ---", system, "", "--- user ---", user, "")


def _tokens(question: Question[Any]) -> int:
    from coach.engines.llm.tokens import count_tokens

    if question.tokens is not None:
        return question.tokens
    return count_tokens(f"{question.system}\n{question.user}", "").tokens
