"""``coach map``: which lines did which step's work, and what is missing."""

from __future__ import annotations

from coach.cli import options


def map_(
    source: options.Source,
    guide: options.Guide = None,
    employee: options.Employee = None,
    manager: options.Manager = None,
    as_json: options.Json = False,
    no_input: options.NoInput = False,
    encoding: options.Encoding = None,
    max_mb: options.Limit = options.DEFAULT_LIMIT,
    engine: options.Engine = None,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    lang: options.Lang = None,
    people: options.People = None,
    pseudonyms: options.Pseudonyms = None,
    cache: options.Cache = None,
    dry_run: options.DryRun = False,
) -> None:
    """Map notes or a transcript to the steps: status, quotes, what to ask next, tone."""
    from coach import workflow
    from coach.cli import engines
    from coach.cli.output import console, emit_json
    from coach.render.review import print_review

    flags = {name: value for name, value in locals().items() if name in options.LLM}
    framework = options.open_guide(guide)
    document = options.open_source(
        source,
        employee=employee,
        manager=manager,
        encoding=encoding,
        max_mb=max_mb,
        ask=not (as_json or no_input),
    )
    if dry_run:
        engines.show_requests(flags, document, framework, as_json=as_json)
        return
    with engines.opened(flags) as chosen:
        steps = workflow.review(document, framework, chosen)
    if as_json:
        emit_json(steps)
    else:
        print_review(steps, console(stderr=False))
