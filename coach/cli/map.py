"""``coach map``: which lines did which step's work, and what is missing."""

from __future__ import annotations

from coach.cli import options


def map_(
    source: options.Source,
    guide: options.Guide = "isp",
    employee: options.Employee = None,
    manager: options.Manager = None,
    as_json: options.Json = False,
    no_input: options.NoInput = False,
    encoding: options.Encoding = None,
    max_mb: options.Limit = options.DEFAULT_LIMIT,
) -> None:
    """Map notes or a transcript to the steps: status, quotes, what to ask next, tone."""
    from coach import workflow
    from coach.cli.output import console, emit_json
    from coach.engines import open_engine
    from coach.guide import load_guide
    from coach.render.review import print_review

    framework = load_guide(guide)
    document = options.open_source(
        source,
        employee=employee,
        manager=manager,
        encoding=encoding,
        max_mb=max_mb,
        ask=not (as_json or no_input),
    )
    steps = workflow.review(document, framework, open_engine())
    if as_json:
        emit_json(steps)
    else:
        print_review(steps, console(stderr=False))
