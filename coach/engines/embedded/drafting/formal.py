"""Formal discipline: the lines that make it up together, none of which becomes a plan."""

from __future__ import annotations

from collections.abc import Sequence

from coach.document import Document
from coach.finding import Finding
from coach.tone import Rule, load_rules, scan


def formal_lines(document: Document, findings: Sequence[Finding]) -> frozenset[int]:
    """Lines with a part of what was flagged as a whole: the shortfall, the date, what follows.

    A rule that speaks of a whole flags one line of it. Entered without that line, "below the
    standard, by 30 June" would read as a success definition that both agreed.
    """
    place = {line.number: at for at, line in enumerate(document.content_lines)}
    found: set[int] = set()
    for rule in load_rules():
        wholes = [place[finding.line] for finding in findings if finding.rule == rule.id]
        if rule.within is None or not wholes:
            continue
        for group in rule.groups:
            part = Rule.model_construct(**{**dict(rule), "within": None, "groups": (group,)})
            met = [place[one.line] for one in scan(document, (part,))]
            for whole in wholes:
                near = sorted((abs(at - whole), at) for at in met)[:1]
                found.update(at for far, at in near if far <= rule.within)
    return frozenset(document.content_lines[at].number for at in found)
