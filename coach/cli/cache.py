"""``coach cache``: what is kept of a model's answers, and how to be rid of it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from coach.cli import options


def cache(
    action: Annotated[
        Literal["info", "clear"],
        typer.Argument(help="info: what is kept, and where; clear: delete all of it."),
    ] = "info",
    as_json: options.Json = False,
) -> None:
    """Show or clear the answers that the llm engine keeps for a second run.

    Answers are kept for 30 days, questions never. Switched off by cache = false in the settings, or
    COACH_CACHE=off.
    """
    from coach.cli.output import emit, emit_json
    from coach.engines.llm.cache import AnswerCache
    from coach.render.kept_answers import KeptAnswers, kept_answers

    kept = AnswerCache()
    before = kept.info()
    if action == "clear":
        kept.clear()
    view = KeptAnswers(cleared=action == "clear", cache=before)
    if as_json:
        emit_json(view)
        return
    emit("\n".join(kept_answers(view)))
