"""What coach does, a short function each. Read this first.

A source becomes a ``Document``; an ``Engine`` labels it in the light of a ``Guide``; the tone
rules always run; only what stands in the text is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coach import tone
from coach.document import Document, prose
from coach.errors import EngineError
from coach.finding import Finding, suggested

if TYPE_CHECKING:  # a check of wording needs none of these, and starts sooner without
    from coach.engines import Engine
    from coach.guide import Guide
    from coach.mapping import StepMap
    from coach.plan import Draft
    from coach.rehearsal import Debrief, Session


class NotDraftedError(EngineError):
    """An engine that made the review and then could not draft; the finished review is in it."""

    code = "not-drafted"

    def __init__(self, steps: StepMap, error: EngineError) -> None:
        super().__init__(f"the plan could not be drafted: {error.message}", hint=error.hint)
        self.steps = steps


def review(document: Document, guide: Guide, engine: Engine) -> StepMap:
    """Which lines did which step's work, what is missing, and what sounded punitive."""
    steps = engine.label(document, guide).grounded_in(document)
    seen = tone.scan(document, tone.load_rules())
    steps = steps.with_findings(_weighed(document, seen, steps.findings, engine))
    return steps.with_suggestions(engine.reword(document, steps.findings))


def draft(document: Document, guide: Guide, engine: Engine) -> Draft:
    """The review, and the plan the document holds: entries with evidence, gaps as questions.

    Raises:
        NotDraftedError: the engine made the review, and no plan.
    """
    from coach.plan import Draft

    steps = review(document, guide, engine)
    try:
        plan = engine.draft(document, guide, steps).grounded_in(document, without=steps.findings)
    except EngineError as error:
        raise NotDraftedError(steps, error) from error
    left_out = steps.left_out + plan.left_out
    return Draft(**dict(steps, schema_="coach.draft/1", left_out=left_out), plan=plan)


def check(
    document: Document, engine: Engine | None, *, rules: tuple[tone.Rule, ...] | None = None
) -> tuple[Finding, ...]:
    """What in the wording lands badly, by place; without an engine what the rules alone see."""
    from coach.checks.places import every_place, told_once
    from coach.checks.whole import but_facts, whole_checks

    wording = prose(document)
    known = tone.load_rules() if rules is None else rules
    heard = engine.listen(wording) if engine else ()
    seen = every_place(wording, tone.scan(wording, known), known)
    found = told_once((*heard, *seen))
    found = told_once(but_facts(wording, (*whole_checks(wording, found), *found)))
    found = _weighed(wording, found, heard, engine) if engine else found
    standing = tuple(_restored(finding, wording, document) for finding in found)
    return suggested(standing, engine.reword(document, standing)) if engine else standing


def _weighed(
    document: Document, found: Sequence[Finding], heard: Sequence[Finding], engine: Engine
) -> tuple[Finding, ...]:
    """The findings, those of lines that a rule alone calls punitive as the engine weighs them."""
    sure = {finding.line for finding in heard}
    alone = [one for one in found if one.found_by == "rule" and one.line not in sure]
    weighed = dict(zip(alone, engine.weigh(document, alone), strict=True))
    return tuple(weighed.get(one, one) for one in found)


def _restored(finding: Finding, wording: Document, source: Document) -> Finding:
    """The finding with the words as the source has them.

    Where code or markup of its line was left out, a suggestion would lose it: there is none.
    """
    whole = wording.line(finding.line).text == source.line(finding.line).text
    return finding.model_copy(
        update={
            "quote": source.text[finding.start : finding.end],
            "suggestion": finding.suggestion if whole else None,
        }
    )


def debrief(session: Session, engine: Engine) -> Debrief:
    """What a rehearsal showed: the same review as of any talk, and what can be counted."""
    from coach.rehearsal import debrief as debriefed

    return debriefed(session, review(session.document(), session.setting.guide, engine))
