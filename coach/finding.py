"""Finding: something flagged, here, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high")
"""In rising order."""


class Finding(BaseModel):
    """Words that were flagged, their place, the reason, and what to say instead.

    ``quote`` equals ``document.text[start:end]``. ``found_by`` says whether a rule saw it or only
    the trained model did.
    """

    model_config = ConfigDict(frozen=True)

    rule: str
    """Id of the rule, ``tone.threat``."""
    category: str
    severity: Severity
    line: int
    column: int
    """1-based, in code points, from the start of the line."""
    start: int
    end: int
    quote: str
    message: str
    """Why it lands badly."""
    suggestion: str | None = None
    """A wording that keeps the facts, or None where none is certain or none should be given."""
    advice: str | None = None
    """What to think about where there is no suggestion."""
    speaker: str | None = None
    found_by: Literal["rule", "model"] = "rule"

    @property
    def rank(self) -> int:
        """How bad it is, from 0."""
        return SEVERITIES.index(self.severity)


def joined(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by place, one a category and line.

    Where two speak of the same category on the same line, or a rule and the model of the same
    words, the rule's stands, and the higher severity.
    """
    return merged(findings, same=_same)


def merged(
    findings: Iterable[Finding], *, same: Callable[[Finding, Finding], bool]
) -> tuple[Finding, ...]:
    """The findings by place; of those of a line that say the ``same``, one, as ``stronger`` has it.

    ``same`` is asked of one that is kept and one that comes later; the model's come last.
    """
    kept: dict[int, list[Finding]] = {}
    for finding in sorted(findings, key=lambda one: one.found_by == "model"):
        here = kept.setdefault(finding.line, [])
        alike = [at for at, known in enumerate(here) if same(known, finding)]
        if alike:
            at = next((at for at in alike if share_words(here[at], finding)), alike[0])
            here[at] = stronger(here[at], finding)
        else:
            here.append(finding)
    found = (finding for here in kept.values() for finding in here)
    return tuple(sorted(found, key=lambda f: (f.start, f.end, f.category)))


def share_words(one: Finding, other: Finding) -> bool:
    """Whether they speak of the same words, at least in part."""
    return one.start < other.end and other.start < one.end


def heard_again(known: Finding, finding: Finding) -> bool:
    """Whether the model hears what a rule has told of these words."""
    by_both = known.found_by == "rule" and finding.found_by == "model"
    return by_both and share_words(known, finding)


def _same(known: Finding, finding: Finding) -> bool:
    return known.category == finding.category or heard_again(known, finding)


def suggested(findings: Sequence[Finding], wordings: Sequence[str | None]) -> tuple[Finding, ...]:
    """The findings, each without a suggestion with its wording; None gives none."""
    return tuple(
        finding
        if wording is None or finding.suggestion
        else finding.model_copy(update={"suggestion": wording})
        for finding, wording in zip(findings, wordings, strict=True)
    )


def stronger(one: Finding, other: Finding) -> Finding:
    """Of two that speak of the same the rule's, else the first, with the higher severity."""
    kept = one if one.found_by == "rule" or other.found_by == "model" else other
    worst = max(one, other, key=lambda f: f.rank)
    return kept.model_copy(update={"severity": worst.severity})
