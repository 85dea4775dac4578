"""Tone: wording that lands badly, found by rules that are data.

A ``Rule`` (guides/tone/*.yaml) holds phrases, what silences them, why they land badly and what to
do instead; ``scan`` runs rules over the manager's wording. What only a trained model sees becomes
a finding in the same words through ``finding_by`` and ``rules_by_category``.
"""

from coach.tone.loading import (
    as_notes,
    faults_of,
    load_rules,
    load_rules_from,
    rules_by_category,
    shared_words,
    unchanged_rules,
)
from coach.tone.notice import finding_by
from coach.tone.rule import Group, Rule
from coach.tone.scan import heard, scan

__all__ = [
    "Group",
    "Rule",
    "as_notes",
    "faults_of",
    "finding_by",
    "heard",
    "load_rules",
    "load_rules_from",
    "rules_by_category",
    "scan",
    "shared_words",
    "unchanged_rules",
]
