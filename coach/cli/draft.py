"""``coach draft``: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coach.cli import options

if TYPE_CHECKING:
    from coach.guide import Guide
    from coach.mapping import StepMap
    from coach.plan import Draft

PLAN_ENDINGS = (".md", ".json")
REVIEW_ENDINGS = (".md", ".json")


@options.grouped
def draft(
    source: options.Source,
    *,
    guide: options.Guide = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the plan here: .md or .json.")
    ] = None,
    review: Annotated[
        Path | None, typer.Option("--review", help="Write the private review here: .md or .json.")
    ] = None,
    as_json: options.Json = False,
    force: options.Force = False,
    no_input: options.NoInput = False,
    dry_run: options.DryRun = False,
    reading: options.Reading,
    answering: options.Answering,
) -> None:
    """Draft a plan from notes or a transcript: plan on stdout, private review on stderr."""
    from coach import workflow
    from coach.cli import engines
    from coach.cli.output import check_target
    from coach.errors import UsageError

    if dry_run and (output or review):
        raise UsageError(
            "--dry-run prints requests and writes no plan and no review",
            hint="leave out -o and --review; `> FILE` keeps the requests",
        )
    taken = [Path(source)]
    for path, endings in ((output, PLAN_ENDINGS), (review, REVIEW_ENDINGS)):
        if path:
            check_target(path, endings=endings, force=force, taken=taken)
            taken.append(path)
    framework = options.open_guide(guide)
    document = reading.open(source, ask=not (as_json or no_input))
    if dry_run:
        engines.show_requests(answering.flags, document, framework, as_json=as_json)
        return
    try:
        with engines.opened(answering.flags) as chosen:
            drafted = workflow.draft(document, framework, chosen)
    except workflow.NotDraftedError as error:
        _deliver_review(error.steps, review=review, as_json=as_json)
        raise
    engines.tell_unread(document, drafted)
    _deliver_plan(drafted, framework, output=output, as_json=as_json)
    _deliver_review(drafted, review=review, as_json=as_json)


def _deliver_plan(drafted: Draft, guide: Guide, *, output: Path | None, as_json: bool) -> None:
    from coach.cli.output import as_text, emit, emit_json, say, write
    from coach.render.plan_markdown import plan_markdown

    if output:
        json = output.suffix.lower() == ".json"
        write(output, as_text(drafted.shared) if json else plan_markdown(drafted, guide))
        say(f"plan written to {output}")
    if as_json:
        emit_json(drafted)
    elif not output:
        emit(plan_markdown(drafted, guide))


def _deliver_review(steps: StepMap, *, review: Path | None, as_json: bool) -> None:
    from coach.cli.output import as_text, console, say, write
    from coach.plan import Draft
    from coach.render.review import print_review, review_markdown

    if review:
        json = review.suffix.lower() == ".json"
        alone = steps.private if isinstance(steps, Draft) else steps
        write(review, as_text(alone) if json else review_markdown(alone))
        say(f"review written to {review}; it is yours alone")
    elif not as_json:
        print_review(steps, console())
