"""Salvage: of an answer in a wrong form, what holds is kept and the rest is counted."""

from __future__ import annotations

from typing import Any

import pytest

from coach.engines.llm.answers import draft_answer, map_answer
from coach.engines.llm.salvage import salvage
from coach.guide import load_guide

ISP = load_guide("isp")
DRAFT, MAP = draft_answer(ISP), map_answer(ISP)

WORK = {"lines": [3], "text": "mailbox first", "new": False, "priority": "first"}
AIM = {"lines": [2], "text": "turnaround from 9 days to 5"}
SUCCESS = {"lines": [4], "text": "triage", "due": None, "indicators": []}
GOOD: dict[str, Any] = {
    "facts": {"date": None, "next_checkpoint": None, "period": None},
    "questions": [],
    "step_purpose": [AIM],
    "step_tasks": [WORK],
    "step_success": [],
    "step_autonomy": [],
    "step_development": {"goals": [], "lessons": [], "strengths": []},
    "step_support": {"feedback": [], "needs": []},
}
LABELS: dict[str, Any] = {
    "does": [{"line": 2, "items": ["purpose.team_goals"]}],
    "later": [],
    "ranges": [],
    "sharp": [],
    "warm": [],
}


def test_an_answer_in_the_right_form_comes_back_as_it_is() -> None:
    found = salvage(DRAFT, GOOD)
    assert found is not None
    assert (found.value.model_dump(), found.left_out) == (GOOD, 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"step_tasks": [{**WORK, "priority": "urgent"}]},
         {"step_tasks": [{**WORK, "priority": None}]}),
        ({"step_tasks": [{**WORK, "why": "x"}]}, {"step_tasks": [WORK]}),
        ({"step_tasks": [WORK, {"lines": [3], "new": True, "priority": None}]}, {}),
        ({"step_tasks": [WORK, "mailbox"]}, {}),
        ({"step_tasks": [WORK, {**WORK, "lines": "3"}]},
         {"step_tasks": [WORK, {**WORK, "lines": []}]}),
        ({"step_tasks": [{**WORK, "new": "maybe"}]}, {}),
        ({"step_success": [{**SUCCESS, "due": 7}]}, {"step_success": [SUCCESS]}),
        ({"step_success": [{**SUCCESS, "indicators": [{"kind": "speed", "text": "x"}]}]},
         {"step_success": [SUCCESS]}),
        ({"facts": {"date": 5, "next_checkpoint": None, "period": None}}, {}),
        ({"questions": [{"step": "nonsense", "text": "Why?"}]}, {}),
        ({"questions": None}, {}),
        ({"thoughts": "let me see"}, {}),
    ],
)  # fmt: skip
def test_one_wrong_field_costs_that_field_or_its_entry_and_no_more(
    given: dict[str, Any], kept: dict[str, Any]
) -> None:
    found = salvage(DRAFT, {**GOOD, **given})
    assert found is not None
    assert (found.value.model_dump(), found.left_out) == ({**GOOD, **kept}, 1)


def test_a_section_in_a_wrong_form_costs_that_section() -> None:
    found = salvage(DRAFT, {**GOOD, "step_development": [AIM]})
    assert found is not None
    assert found.value.model_dump() == GOOD
    assert found.left_out > 0


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (DRAFT, {}),
        (DRAFT, {"nonsense": True}),
        (DRAFT, {"step_tasks": "mailbox first"}),
        (MAP, {}),
        (MAP, {name: value for name, value in LABELS.items() if name != "does"}),
        (MAP, {**LABELS, "sharp": None}),
        (MAP, {**LABELS, "does": {"line": 2}}),
    ],
)
def test_what_says_nothing_or_hides_what_is_missing_is_no_answer(
    answer: Any, data: dict[str, Any]
) -> None:
    assert salvage(answer, data) is None


def test_a_label_with_an_item_of_no_guide_loses_that_item() -> None:
    does = [
        {"line": 2, "items": ["purpose.team_goals", "purpose.magic"]},
        {"line": "two", "items": ["purpose.team_goals"]},
    ]
    found = salvage(MAP, {**LABELS, "does": does})
    assert found is not None
    assert (found.value.model_dump(), found.left_out) == (LABELS, 2)
