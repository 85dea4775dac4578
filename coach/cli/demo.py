"""``coach demo``: the whole flow on bundled examples."""

from __future__ import annotations

from typing import Annotated

import typer


def demo(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these examples.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the bundled examples.")] = False,
) -> None:
    """Show source, plan and review of the bundled examples, one after the other, on stdout."""
    from coach import workflow
    from coach.cli.output import console, emit
    from coach.document import read_bytes
    from coach.engines import open_engine
    from coach.errors import UsageError
    from coach.guide import load_guide
    from coach.render.inspection import numbered
    from coach.render.plan_markdown import plan_markdown
    from coach.render.review import print_review
    from coach.resources import root

    folder = {file.name: file for file in root().joinpath("examples").iterdir() if file.is_file()}
    examples = {name: folder[name] for name in sorted(folder) if not name.startswith("README")}
    if list_:
        emit("\n".join(examples))
        return
    unknown = [name for name in names or [] if name not in examples]
    if unknown:
        raise UsageError(
            f"there is no example {unknown[0]!r}", hint=f"the examples are {', '.join(examples)}"
        )
    guide, engine = load_guide("isp"), open_engine()
    for name in names or examples:
        document = read_bytes(examples[name].read_bytes(), name)
        drafted = workflow.draft(document, guide, engine)
        source = "\n".join(numbered(document))
        emit(f"\n{'=' * 78}\n{name}: what the manager has\n{'=' * 78}\n{source}\n")
        emit(f"{'-' * 78}\n{name}: the draft plan (coach draft {name})\n{'-' * 78}\n")
        emit(plan_markdown(drafted, guide))
        emit(f"{'-' * 78}\n{name}: the review, for the manager alone\n{'-' * 78}")
        print_review(drafted, console(stderr=False))
    emit("\nnext: coach draft YOUR-NOTES.md -o plan.md --review review.md")
