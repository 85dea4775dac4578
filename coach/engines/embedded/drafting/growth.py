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

_AIM = re.compile(
    r"(?:\b(?:wants?|hopes?|would\s+(?:like|love))|'d\s+(?:like|love))\s+to\b|^(?:learn|become)\b",
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
    """Goals in the order of the talk, the chosen ones first."""
    goals: list[Goal] = []
    named: set[int] = set()
    turn = 0
    trained = any(p.items for p in said)
    for passage in said:
        if passage.has(f"{step}.strengths", f"{step}.misses"):
            continue
        named_goal = passage.has(f"{step}.goals") or bool(_AIM.search(passage.clean))
        aims = named_goal or passage.has(f"{step}.growth") or not trained
        backs = not named_goal and (
            passage.has(f"{step}.resources") or bool(_BACKING.search(passage.text))
        )
        near = bool(goals) and passage.turn - turn <= (4 if passage.spoken else 1)
        if near and (backs or not aims):
            goals[-1] = _backed(goals[-1], passage)
        elif aims and passage.words >= 3:
            if named_goal:
                named.add(len(goals))
            goals.append(Goal(text=passage.clean, evidence=(passage.evidence(),)))
        else:
            continue
        turn = passage.turn
    ranked = sorted(range(len(goals)), key=lambda at: (at not in named, not goals[at].resources))
    chosen = set(ranked[:MOST_GOALS])
    order = sorted(range(len(goals)), key=lambda at: at not in chosen)
    return [goals[at].model_copy(update={"chosen": at in chosen}) for at in order]


def _backed(goal: Goal, passage: Passage) -> Goal:
    return goal.model_copy(
        update={
            "resources": (*goal.resources, passage.clean),
            "evidence": (*goal.evidence, passage.evidence()),
        }
    )
