"""coach: a manager's rough notes, or a transcript, into a draft Individual Success Plan.

    import coach

    document = coach.read("notes.md", employee="Priya")
    draft = coach.draft(document, coach.load_guide("isp"), coach.open_engine())
    draft.plan.open_questions

Names are imported when they are first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.document import Document, read
    from coach.engines import Engine, open_engine
    from coach.errors import CoachError
    from coach.finding import Finding
    from coach.guide import Guide, load_guide
    from coach.mapping import StepMap
    from coach.plan import Draft, Plan
    from coach.workflow import draft, review

_HOMES = {
    "CoachError": "coach.errors",
    "Document": "coach.document",
    "Draft": "coach.plan",
    "Engine": "coach.engines",
    "Finding": "coach.finding",
    "Guide": "coach.guide",
    "Plan": "coach.plan",
    "StepMap": "coach.mapping",
    "draft": "coach.workflow",
    "load_guide": "coach.guide",
    "open_engine": "coach.engines",
    "read": "coach.document",
    "review": "coach.workflow",
}

__all__ = [
    "CoachError",
    "Document",
    "Draft",
    "Engine",
    "Finding",
    "Guide",
    "Plan",
    "StepMap",
    "draft",
    "load_guide",
    "open_engine",
    "read",
    "review",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'coach' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
