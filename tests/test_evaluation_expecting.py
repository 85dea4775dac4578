"""Expectations in their short form: each of them holds where it should and fails where not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from coach.document import read_bytes
from coach.engines import open_engine
from coach.evaluation.case import Expectations
from coach.evaluation.expecting import Result, checks_of
from coach.evaluation.record import Check, Failure
from coach.guide import load_guide
from coach.mapping import Evidence
from coach.plan import Decision, Plan, Section, View
from coach.workflow import draft

NOTES = b"""\
- Dana keeps the supplier desk, first the March audit, the newsletter can wait
- great: audit file complete by 12 March, no open points
- pricing of the pilot: she decides and tells me afterwards
- TODO talk about what she needs from me
- if you miss this again you are out
"""


@pytest.fixture(scope="module")
def result() -> Result:
    drafted = draft(read_bytes(NOTES, "notes.md"), load_guide("isp"), open_engine())
    return Result(drafted.findings, drafted.private, _two_views(drafted.plan))


def _two_views(plan: Plan) -> Plan:
    """The plan with an entry on which the two sides differ."""
    entry = Decision(
        text="the spring fair",
        range="ask_first",
        views=(View(who="Dana", range="do", line=3), View(who="me", range="ask_first", line=3)),
        evidence=(Evidence(quote="x", line=3, start=0, end=1),),
    )
    sections = (*plan.sections, Section(step="autonomy", title="", entries=(entry,)))
    return plan.model_copy(update={"sections": sections})


def checked(result: Result | None, **expect: Any) -> Mapping[str, Check]:
    found = checks_of(
        Expectations.model_validate(expect), result, Failure(cause="empty", message="")
    )
    return {check.name: check for check in found}


@pytest.mark.parametrize(
    "expect",
    [
        {"skipped": ["purpose", "development"]},
        {"planned": ["support"]},
        {"not_covered": ["support", "purpose"]},
        {"not_skipped": ["tasks", "success"]},
        {"punitive": [5]},
        {"punitive": {"5": "threat"}},
        {"not_punitive": [1, 2, 3]},
        {"finds": ["threat"]},
        {"formal": False},
        {"steps": {"4": []}},
        {"ranges": {"3": "do_then_tell"}},
        {"decisions": {"pricing of the pilot": "do_then_tell", "spring FAIR": "ask_first"}},
        {"two_views": ["spring fair"]},
        {"entries": {"purpose": 0, "development": 0}},
        {"plan_holds": ["march audit"]},
        {"plan_lacks": ["you are out"]},
        {"asks": ["purpose", "support"]},
    ],
    ids=str,
)
def test_what_is_so_holds(result: Result, expect: dict[str, Any]) -> None:
    assert {
        name: check.found for name, check in checked(result, **expect).items() if not check.passed
    } == {}


@pytest.mark.parametrize(
    ("expect", "found"),
    [
        ({"covered": ["purpose"]}, "skipped"),
        ({"covered": ["gone"]}, "no such step"),
        ({"not_covered": ["gone"]}, "no such step"),
        ({"not_skipped": ["support"]}, "planned"),
        ({"punitive": [1]}, "not flagged"),
        ({"punitive": {"5": "blame"}}, "threat"),
        ({"punitive": "none"}, "line 5 threat"),
        ({"not_punitive": [5]}, "threat"),
        ({"finds": ["over_softened"]}, "threat"),
        ({"formal": True}, "not recognised"),
        ({"steps": {"4": ["support"]}}, "none"),
        ({"ranges": {"3": "ask_first"}}, "do_then_tell"),
        ({"decisions": {"spring fair": "do"}}, "ask_first"),
        ({"decisions": {"no such thing": "do"}}, "none"),
        ({"two_views": ["pricing"]}, "0 views"),
        ({"entries": {"purpose": 2}}, "0"),
        ({"plan_holds": ["moon landing"]}, ""),
        ({"plan_lacks": ["march audit"]}, ""),
        ({"asks": ["gone"]}, "no question"),
        ({"refused": "input"}, "empty"),
    ],
    ids=str,
)
def test_what_is_not_so_fails_and_says_what_was_there(
    result: Result, expect: dict[str, Any], found: str
) -> None:
    failed = [check.found for check in checked(result, **expect).values() if not check.passed]
    assert failed[:1] == [found]


def test_a_case_without_a_result_fails_every_expectation_even_of_absence() -> None:
    checks = checked(None, punitive="none", plan_lacks=["x"], skipped=["tasks"], not_punitive=[1])
    assert len(checks) == 4
    assert {check.found for check in checks.values()} == {"empty"}
    assert not any(check.passed for check in checks.values())


def test_a_refused_source_is_what_was_expected() -> None:
    failure = Failure(cause="input", message="")
    (check,) = checks_of(Expectations(refused="input"), None, failure)
    assert check.passed
