"""``coach inspect``: what was read from a source."""

from __future__ import annotations

from typing import Annotated

import typer

from coach.cli import options


@options.grouped
def inspect(
    source: options.Source,
    *,
    text: Annotated[bool, typer.Option("--text", help="Show the numbered plain text.")] = False,
    as_json: options.Json = False,
    reading: options.Reading,
) -> None:
    """Show what was read: kind, encoding, speakers with turns and words, warnings, the text."""
    from coach.cli.output import emit, emit_json, warn
    from coach.render import inspection

    document = reading.read(source)
    if as_json:
        emit_json(inspection.inspect(document, with_text=text))
        return
    lines = inspection.numbered(document) if text else inspection.inspection_lines(document)
    emit("\n".join(lines))
    for warning in document.warnings:
        warn(warning)
