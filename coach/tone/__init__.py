"""Tone: wording that lands badly, found by rules that are data.

A ``Rule`` (guides/tone/*.yaml) holds phrases, what silences them, why they land badly and what to
do instead; ``scan`` runs rules over the manager's wording. What only a trained model sees becomes
a finding in the same words through ``finding_for``.
"""

from coach.tone.loading import (
    as_notes,
    faults_of,
    finding_for,
    load_rules,
    load_rules_from,
    notices,
    rule_for,
)
from coach.tone.rule import Group, Rule
from coach.tone.scan import heard, scan

__all__ = [
    "Group",
    "Rule",
    "as_notes",
    "faults_of",
    "finding_for",
    "heard",
    "load_rules",
    "load_rules_from",
    "notices",
    "rule_for",
    "scan",
]
