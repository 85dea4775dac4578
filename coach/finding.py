"""Finding: something flagged, here, and why."""

from __future__ import annotations

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
