"""``coach guide``: list, show and check guides."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli import options
from coach.errors import UsageError


def guide(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|check]", help="A guide to show, or check.", show_default=False
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]", help="After check: the file to validate.", show_default=False
        ),
    ] = None,
    step: Annotated[
        str | None, typer.Option(help="Show this step only.", show_default=False)
    ] = None,
    as_json: options.Json = False,
) -> None:
    """List the guides, show one, or check a file of your own: coach guide check my-guide.yaml."""
    if step is not None and name in {None, "check"}:
        raise UsageError("--step goes with the name of a guide", hint="coach guide isp --step ID")
    if name == "check":
        _check(file, as_json=as_json)
    elif file is not None:
        raise UsageError(
            f"{file!r} is one argument too many", hint="coach guide NAME, or coach guide check FILE"
        )
    elif name is None:
        _list(as_json=as_json)
    else:
        _show(name, step=step, as_json=as_json)


def _list(*, as_json: bool) -> None:
    import json

    from coach.cli.output import console, emit
    from coach.guide import guides
    from coach.render.guide_view import guide_list

    found = guides()
    if as_json:
        emit(
            json.dumps(
                {"schema": "coach.guides/1", "guides": [g._asdict() for g in found]}, indent=2
            )
        )
    else:
        console(stderr=False).print(guide_list(found))


def _show(name: str, *, step: str | None, as_json: bool) -> None:
    from coach.cli.output import console, emit_json
    from coach.guide import load_guide
    from coach.render.guide_view import guide_view, step_view

    found = load_guide(name)
    if step is not None and step not in found.step_ids:
        raise UsageError(
            f"guide {found.id!r} has no step {step!r}",
            hint=f"its steps are {', '.join(found.step_ids)}",
        )
    if as_json:
        emit_json(found.step(step) if step else found)
    else:
        console(stderr=False).print(step_view(found, step) if step else guide_view(found))


def _check(file: str | None, *, as_json: bool) -> None:
    import json

    from coach.cli.output import emit
    from coach.guide import check_guide

    if file is None:
        raise UsageError("no file to check was given", hint="coach guide check my-guide.yaml")
    found = check_guide(file)
    items = sum(len(step.items) for step in found.steps)
    told = f"{file}: a valid guide, {len(found.steps)} steps, {items} items"
    emit(json.dumps({"schema": "coach.check/1", "file": file, "valid": True}) if as_json else told)
