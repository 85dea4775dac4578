"""What a command works from: a draft or plan that coach wrote, or a source drafted now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from coach.cli.options import Reading
    from coach.document import Document
    from coach.engines import Engine
    from coach.plan import Draft, PlanFile

_MOST_BYTES = 20_000_000


class Opened(NamedTuple):
    """A draft or plan, and what it was drafted from where that was now."""

    draft: Draft | PlanFile
    document: Document | None = None


def open_draft(source: str, engine: Engine, guide: str | None, reading: Reading) -> Opened:
    """The plan or draft in this file, or the draft of this source.

    Raises:
        InputError: a plan or draft that coach did not write, or a source that cannot be read.
    """
    from coach import workflow
    from coach.cli.options import open_guide

    if (written := _written(source)) is not None:
        return Opened(written)
    document = reading.open(source)
    return Opened(workflow.draft(document, open_guide(guide), engine), document)


def _written(source: str) -> Draft | PlanFile | None:
    """What coach wrote as JSON; None where the file is anything else."""
    from pydantic import ValidationError

    from coach.errors import InputError
    from coach.plan import Draft, PlanFile

    path = Path(source)
    if path.suffix.lower() != ".json" or not path.is_file() or path.stat().st_size > _MOST_BYTES:
        return None
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    schema = str(told.get("schema", "")) if isinstance(told, dict) else ""
    kind = schema.partition("/")[0]
    if kind not in {"coach.draft", "coach.plan"}:
        return None
    try:
        return (Draft if kind == "coach.draft" else PlanFile).model_validate(told)
    except ValidationError:
        raise InputError(
            f"{path.name}: says {schema!r}, and is not what coach writes under that name",
            hint="write it anew: coach draft SOURCE -o plan.json",
        ) from None
