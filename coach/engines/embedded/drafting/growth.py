"""Development: strengths, lessons, and one to three goals with what backs them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.engines.embedded.drafting.passages import Passage
from coach.engines.embedded.drafting.work import joined, runs
from coach.plan import Goal, Lesson, Strength

MOST_GOALS = 3
"""The framework asks for one to three; more are kept as not chosen."""

_BACKING = re.compile(
    r"\b(?:pay|paid|pays|fund|budget|covers?|cover\s+the|hours?|hrs?|days?|wk|week|course|exam\s+fee|"
    r"book(?:ed)?|shadow|mentor|coach|training|time\s+off|release|licen[cs]e|sit\s+in|support|"
    r"sign\s+(?:her|him|you)\s+up|i'?ll|i\s+will|i'?d)\b|[$£€₹]\s?\d",
    re.IGNORECASE,
)


def growth(found: Sequence[Passage], *, step: str) -> list[Strength | Lesson | Goal]:
    """Strengths and lessons first, then the goals in the order of their weight."""
    said = [p for p in found if p.says_something]
    strengths = [
        Strength(text=joined(run), evidence=tuple(p.evidence() for p in run))
        for run in runs([p for p in said if p.has(f"{step}.strengths")], gap=0)
        if sum(p.words for p in run) >= 3
    ]
    lessons = [
        Lesson(text=joined(run), evidence=tuple(p.evidence() for p in run))
        for run in runs(
            [p for p in said if p.has(f"{step}.misses") and not p.has(f"{step}.strengths")], gap=1
        )
        if sum(p.words for p in run) >= 4
    ]
    return [*strengths, *lessons, *_goals(said, step)]


def _goals(said: Sequence[Passage], step: str) -> list[Goal]:
    goals: list[tuple[bool, Goal]] = []
    for passage in said:
        if passage.has(f"{step}.strengths", f"{step}.misses"):
            continue
        aims = passage.has(f"{step}.goals", f"{step}.growth")
        backs = passage.has(f"{step}.resources") or (
            bool(_BACKING.search(passage.text)) and not passage.has(f"{step}.goals")
        )
        last = goals[-1][1] if goals else None
        near = last is not None and passage.line - max(last.lines) <= (4 if passage.spoken else 1)
        if last is not None and near and (backs or not aims):
            goals[-1] = (goals[-1][0], _backed(last, passage))
        elif aims and passage.words >= 3:
            goal = Goal(text=passage.clean, evidence=(passage.evidence(),))
            goals.append((passage.has(f"{step}.goals"), goal))
    ranked = sorted(goals, key=lambda pair: (not pair[0], not pair[1].resources))
    chosen = [goal for _, goal in ranked[:MOST_GOALS]]
    return [
        goal.model_copy(update={"chosen": goal in chosen})
        for goal in sorted((goal for _, goal in goals), key=lambda goal: goal not in chosen)
    ]


def _backed(goal: Goal, passage: Passage) -> Goal:
    return goal.model_copy(
        update={
            "resources": (*goal.resources, passage.clean),
            "evidence": (*goal.evidence, passage.evidence()),
        }
    )
