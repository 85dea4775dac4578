"""``coach inspect``: what was read from a source."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli import options


def inspect(
    source: options.Source,
    text: Annotated[bool, typer.Option("--text", help="Show the numbered plain text.")] = False,
    employee: options.Employee = None,
    manager: options.Manager = None,
    as_json: options.Json = False,
    encoding: options.Encoding = None,
    max_mb: options.Limit = options.DEFAULT_LIMIT,
) -> None:
    """Show what was read: kind, encoding, speakers with turns and words, warnings, the text."""
    from coach.cli.output import emit, emit_json, warn
    from coach.document import read
    from coach.render import inspection

    document = read(
        source, manager=manager, employee=employee, encoding=encoding, limit=max_mb * 1_000_000
    )
    if as_json:
        emit_json(inspection.inspect(document, with_text=text))
        return
    lines = inspection.numbered(document) if text else inspection.inspection_lines(document)
    emit("\n".join(lines))
    for warning in document.warnings:
        warn(warning)
