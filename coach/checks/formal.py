"""Formal discipline: named wherever it is found, and set aside by nothing."""

from __future__ import annotations

from coach.checks.report import FORMAL
from coach.finding import Finding


def is_formal(finding: Finding) -> bool:
    """Whether the finding says that a text reads like formal discipline."""
    return finding.rule == FORMAL
