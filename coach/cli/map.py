"""``coach map``: which lines did which step's work, and what is missing."""

from __future__ import annotations

from coach.cli import options


@options.grouped
def map_(
    source: options.Source,
    *,
    guide: options.Guide = None,
    as_json: options.Json = False,
    no_input: options.NoInput = False,
    dry_run: options.DryRun = False,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """Map notes or a transcript to the steps: status, quotes, what to ask next, tone."""
    from coach import workflow
    from coach.cli import engines
    from coach.cli.output import console, emit_json
    from coach.render.review import print_review

    framework = options.open_guide(guide)
    document = reading.open(source, ask=not (as_json or no_input))
    if dry_run:
        engines.show_requests(answering.flags, document, framework, as_json=as_json)
        return
    with engines.opened(answering.flags) as chosen:
        steps = workflow.review(document, framework, chosen)
    engines.tell_unread(document, steps)
    if as_json:
        emit_json(steps)
    else:
        print_review(steps, console(stderr=False))
