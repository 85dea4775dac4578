"""What coach does, a short function each. Read this first.

A source becomes a ``Document``; an ``Engine`` labels it in the light of a ``Guide``; the tone
rules always run; only what stands in the text is kept.
"""

from __future__ import annotations

from coach import tone
from coach.document import Document
from coach.engines import Engine
from coach.guide import Guide
from coach.mapping import StepMap
from coach.plan import Draft


def review(document: Document, guide: Guide, engine: Engine) -> StepMap:
    """Which lines did which step's work, what is missing, and what sounded punitive."""
    steps = engine.label(document, guide).grounded_in(document)
    steps = steps.with_findings(tone.scan(document, tone.load_rules()))
    return steps.with_suggestions(engine.reword(document, steps.findings))


def draft(document: Document, guide: Guide, engine: Engine) -> Draft:
    """The review, and the plan the document holds: entries with evidence, gaps as questions."""
    steps = review(document, guide, engine)
    plan = engine.draft(document, guide, steps).grounded_in(document, without=steps.findings)
    return Draft(**dict(steps, schema_="coach.draft/1"), plan=plan)
